"""What objects of a JSON file hold: the paths of their texts and numbers, and their lists of objects."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMINED = 300
"""Objects that are examined."""
_DEEPEST = 5


@dataclass(frozen=True)
class JsonShape:
    """Paths such as `price.amount`, and lists of objects such as `items`, whose elements can be rows."""

    paths: tuple[str, ...]
    lists: tuple[str, ...]

    def of_list(self, name: str) -> list[str]:
        """The paths of the rows of a list: those of its elements, and those of the object around."""
        others = [other for other in self.lists if other != name]
        return [p for p in self.paths if not any(p.startswith(f"{other}.") for other in others)]

    @property
    def of_objects(self) -> list[str]:
        """The paths of the objects themselves."""
        return [p for p in self.paths if not any(p.startswith(f"{name}.") for name in self.lists)]


def json_shape(path: Path) -> JsonShape:
    """The shape of the first objects of a file, one a line or in one array."""
    paths: dict[str, None] = {}
    lists: dict[str, None] = {}
    for found in _objects(path):
        _walk(found, "", paths, lists)
    return JsonShape(tuple(paths), tuple(lists))


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        start = stream.read(1)
        stream.seek(0)
        lines = _elements(stream.read()) if start == "[" else stream
        for number, line in enumerate(lines):
            if number == EXAMINED:
                return
            try:
                found = json.loads(line) if isinstance(line, str) else line
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found


def _elements(text: str) -> list[Any]:
    try:
        return json.loads(text)
    except ValueError:
        return []


def _walk(
    value: dict[str, Any], prefix: str, paths: dict[str, None], lists: dict[str, None]
) -> None:
    for key, inner in value.items():
        path = f"{prefix}{key}"
        if isinstance(inner, dict) and path.count(".") < _DEEPEST:
            _walk(inner, f"{path}.", paths, lists)
        elif isinstance(inner, list) and any(isinstance(one, dict) for one in inner):
            if _is_pairs(inner):
                paths |= {f"{path}.{one['key']}": None for one in inner if isinstance(one, dict)}
                continue
            lists[path] = None
            for one in inner[:5]:
                if isinstance(one, dict):
                    _walk(one, f"{path}.", paths, lists)
        else:
            paths[path] = None


def _is_pairs(found: list[Any]) -> bool:
    """Whether a list holds objects with a key and a value."""
    return all(isinstance(one, dict) and {"key", "value"} <= one.keys() for one in found)
