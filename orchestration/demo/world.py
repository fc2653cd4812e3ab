"""Builds the demo shop's true world in DuckDB: people, orders, money, refunds, visits, advertising.

What the exports look like is in `exports.py`; what is wrong with them in `defects.py`.
"""

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.demo import calendar, catalogue, effects, small_tables
from orchestration.demo.causes import Cause
from orchestration.system.sql import quoted

SQL = Path(__file__).parent / "sql"
STEPS = (
    "1_people", "1_traits", "1_advertising", "1_purchases", "2_orders", "3_money", "4_refunds",
    "4_journeys", "5_traps", "6_identity", "6_consents", "6_experiments", "7_web", "9_ads", "9_stock", "9_settlements", "9_leads",
)  # fmt: skip


def run(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run one file of `sql/`."""
    con.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def connect(seed: int, scratch: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the generator's macros; it spills into `scratch`."""
    con = duckdb.connect(
        config={"threads": 2, "memory_limit": "4GB", "temp_directory": str(scratch / "spill")}
    )
    shift = int.from_bytes(hashlib.sha256(str(seed).encode()).digest()[:4], "big") % 100_000_000
    con.execute(f"set variable seed = '{seed}'; set variable shift = {shift}")
    run(con, "0_macros")
    return con


def literal(value: object) -> str:
    """An SQL literal. Bound parameters would make DuckDB import pandas, which takes half a second."""
    match value:
        case None:
            return "null"
        case list():
            return "[" + ", ".join(literal(item) for item in value) + "]"
        case datetime():
            return f"timestamp '{value}'"
        case date():
            return f"date '{value}'"
        case int():
            return str(value)
        case _:
            return quoted(str(value))


def prepare(
    con: duckdb.DuckDBPyConnection,
    customers: int,
    last: date,
    each: int,
    without: Collection[Cause] = (),
) -> None:
    """Variables and small tables of the 18 months that end on `last`; STEPS then make the world.

    The causes `without` are switched off: all other orders stay as they are.
    """
    first = calendar.first_day(last)
    now = datetime.combine(last + timedelta(days=1), datetime.min.time())
    variables = {
        "customers": customers,
        "each": each,
        "again": f"{last.year - (last.month <= 7)}-{(last.month + 4) % 12 + 1:02d}",
        "days": (last - first).days + 1,
        "buckets": calendar.BUCKETS,
        "first_day": first,
        "now": now,
        "without": "".join(f"<{cause}>" for cause in without),
        **effects.VARIABLES,
        "set_count": len(catalogue.PLANTED_SETS),
        "repelling": catalogue.REPELLING[0],
        "repelled": catalogue.REPELLING[1],
        **catalogue.WORDS,
    }
    for name, value in variables.items():
        con.execute(f"set variable {name} = {literal(value)}")
    small_tables.write(con, last)
