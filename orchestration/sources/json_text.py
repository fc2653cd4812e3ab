"""JSON without loss: every number stays the text that the source wrote, whatever its length."""

import json
from collections.abc import Mapping
from typing import Any

_ABSENT = object()


def parse(content: bytes) -> Any:
    """The content with numbers as text; raises ValueError where it is no JSON."""
    return json.loads(content, parse_float=str, parse_int=str, parse_constant=str)


def at(content: Any, path: str) -> Any:
    """What lies at `a.b.c`; raises KeyError, with the part of the path that is missing."""
    passed: list[str] = []
    for part in path.split(".") if path else []:
        passed.append(part)
        content = content.get(part, _ABSENT) if isinstance(content, Mapping) else _ABSENT
        if content is _ABSENT:
            raise KeyError(".".join(passed))
    return content


def flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, str | None]:
    """One cell per value: nested objects as `a.b`, lists as JSON."""
    cells: dict[str, str | None] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            cells |= flat(value, f"{prefix}{name}.")
        else:
            cells[f"{prefix}{name}"] = text(value)
    return cells


def text(value: Any) -> str | None:
    """A value as it is in JSON, without the quotes of a text."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
