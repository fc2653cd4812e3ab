"""The checks that did not pass when they last ran, for `shop360 status`: read without the warehouse."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.config.settings import Settings

Row = dict[str, Any]


def path(settings: Settings) -> Path:
    """The file that a run writes them to."""
    return settings.private / "failed_checks.json"


def read(settings: Settings) -> tuple[Row, ...] | None:
    """The checks with their first failing rows; None where none ever ran."""
    try:
        return tuple(json.loads(path(settings).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def in_words(row: Mapping[str, Any]) -> str:
    """One failing row: `sales_on 2026-03-01, order_key a, paid_amount 100.0000`."""
    return ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
