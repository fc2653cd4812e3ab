"""Rows of the release as values of JSON: what the modules of the page share."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.system.masking import masked

PERIODS = ("day", "week", "month")

_DIGITS = 12


def rows(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query, with days as ISO text and numbers as the shortest float of twelve digits.

    What has the form of a phone number, an identity number or an e-mail address is masked, whatever column holds it.
    """
    found = con.execute(sql, dict(parameters or {}))
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, map(_value, row), strict=True)) for row in found.fetchall()]


def _value(value: Any) -> Any:
    if isinstance(value, Decimal | float):
        short = float(f"{value:.{_DIGITS}g}")
        return int(short) if short.is_integer() and abs(short) < 1e15 else short
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, str):
        return masked(value)
    return value.isoformat() if isinstance(value, date) else value


class Texts:
    """Texts in both languages that many figures share: each is stored once, figures hold its number."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, zh: str, en: str) -> int:
        """The number of this text."""
        if (zh, en) not in self._numbers:
            self._numbers[zh, en] = len(self.texts)
            self.texts.append((zh, en))
        return self._numbers[zh, en]
