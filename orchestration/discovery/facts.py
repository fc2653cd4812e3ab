"""What the cells of a column are: their kind, how they are written, and what is in danger.

A kind is what landing can read: the types are tried with the expressions of `landing/check/parsing.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.discovery import kinds
from orchestration.discovery.tables import Table
from orchestration.landing.check import parsing
from orchestration.landing.read import currency_words
from orchestration.system.sql import ident

EXAMINED = 20_000
"""Cells of a column whose kind is determined."""
FEW = 40
"""Distinct values up to which a column holds words of a list."""
NUMBERS = ("integer", "decimal", "percent", "money")
TIMES = ("date", "timestamp", "epoch_s", "epoch_ms", "epoch_us")


@dataclass(frozen=True)
class Facts:
    """What the examined cells of one column are."""

    header: str
    position: int
    rows: int
    filled: int
    distinct: int
    kind: str
    share: float
    format: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """All values, where they are few and repeat."""
    samples: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None
    negatives: int = 0
    decimal_comma: bool = False
    order: str | None = None
    """Of dates such as 03/04/2024: day_first, month_first, or unknown."""
    dangers: tuple[str, ...] = ()
    currency: str | None = None

    @property
    def fill_rate(self) -> float:
        """Share of rows that have a cell."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice."""
        return self.filled > 1 and self.distinct == self.filled


def facts_of(con: duckdb.DuckDBPyConnection, table: Table) -> list[Facts]:
    """The facts of every column, in the order of the file."""
    return [_column(con, table, i) for i in range(len(table.headers))]


def _column(con: duckdb.DuckDBPyConnection, table: Table, i: int) -> Facts:
    relation, cell = ident(table.relation), f"c{i}"
    [(rows, filled, distinct, least, most)] = con.execute(
        f"select count(*), count({cell}), count(distinct {cell}), min({cell}), max({cell}) from {relation}"
    ).fetchall()
    step = max(filled // EXAMINED, 1)
    con.execute(
        f"create or replace temp table cells as select {cell} as v from {relation} "
        f"where {cell} is not null and rowid % {step} = 0 limit {EXAMINED}"
    )
    seen = kinds.shares(con)
    number = seen["number"]
    kind, share, formats = kinds.kind(table.headers[i], seen, distinct, table.rows)
    words = ()
    if (
        distinct <= FEW
        and (distinct < filled or distinct <= 3)
        and kind not in ("email", "phone", "masked")
    ):
        found = con.execute(
            f"select {cell}, count(*) from {relation} where {cell} is not null group by 1 order by 2 desc, 1"
        ).fetchall()
        words = tuple(word for word, _ in found)
    low, high = (least, most) if kind in ("date", "timestamp") else (None, None)
    if kind in NUMBERS:
        [(low, high)] = con.execute(
            f"select min({parsing.number('v', 'decimal(18,4)')}), max({parsing.number('v', 'decimal(18,4)')}) from cells"
        ).fetchall()
        low, high = (None if value is None else f"{value.normalize():f}" for value in (low, high))
    order = kinds.day_order(con) if seen["slashed"] > 0.5 else None
    return Facts(
        header=table.headers[i],
        position=i,
        rows=rows,
        filled=filled,
        distinct=distinct,
        kind=kind,
        share=share,
        format=formats if order is None else kinds.slashed_formats(con, order),
        words=words,
        samples=tuple(
            v for (v,) in con.execute("select distinct v from cells order by v limit 3").fetchall()
        ),
        low=low,
        high=high,
        negatives=round(seen["negative"] * filled) if number > 0.5 else 0,
        decimal_comma=seen["comma"] > 0 and seen["point"] == 0 and kind in NUMBERS,
        order=order,
        dangers=kinds.dangers(seen, kind),
        currency=currency_words.of_header(table.headers[i]),
    )


def masked_sample(values: Sequence[str], kind: str, words: Sequence[str]) -> str:
    """One value as it may be shown: numbers, days and repeating words as they are, the rest by its form."""
    if not values:
        return ""
    value = words[0] if words else values[len(values) // 2]
    if (kind in (*NUMBERS, *TIMES, "boolean") and len(value) <= 10) or (kind in TIMES) or words:
        return value
    if kind == "email":
        return value[:1] + "***@***"
    if len(value) <= 3:
        return value[:1] + "*" * (len(value) - 1)
    return f"{value[:2]}***{value[-1:]} ({len(value)} characters)"
