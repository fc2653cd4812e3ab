"""Values as JSON for programs: decimals as numbers with all their digits, dates and times in ISO 8601."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal


def print_json(value: object) -> None:
    """Write the value to stdout; a list has a line for each of its entries."""
    if isinstance(value, list | tuple) and value:
        text = "[\n" + ",\n".join(as_json(entry) for entry in value) + "\n]"
    elif isinstance(value, Mapping) and value:
        entries = (
            f"{json.dumps(str(k), ensure_ascii=False)}: {as_json(v)}" for k, v in value.items()
        )
        text = "{\n" + ",\n".join(entries) + "\n}"
    else:
        text = as_json(value)
    sys.stdout.write(text + "\n")


def as_json(value: object) -> str:
    """The value on one line. Not-a-number and infinity, which JSON has no form for, become null."""
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return f"{value:f}" if value.is_finite() else "null"
        case float():
            return repr(value) if math.isfinite(value) else "null"
        case int():
            return str(int(value))
        case datetime() | date() | time():
            return f'"{value.isoformat()}"'
        case bytes():
            return f'"{value.hex()}"'
        case Mapping():
            inner = (f"{as_json(str(name))}: {as_json(entry)}" for name, entry in value.items())
            return "{" + ", ".join(inner) + "}"
        case list() | tuple() | set() | frozenset():
            return "[" + ", ".join(map(as_json, value)) + "]"
    if is_dataclass(value) and not isinstance(value, type):
        return as_json(asdict(value))
    return as_json(str(value))
