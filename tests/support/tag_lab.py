"""The tag models over facts that a test writes, in a database in memory: the SQL is that of a built home."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
from shops import Shop
from tag_facts import Person, seed

FACTS = ("buyer_orders", "buyer_lines", "buyer_refunds", "visits", "customer_facts")
_SHOP = ("cutoffs", "purchase_cycle", "series_shares", "tag_sources")
_SEEDS = (
    "value_policy", "frequency_scores", "rfm_types", "lifecycle_stages", "value_horizons", "city_tiers",
)  # fmt: skip
_FIRST, _LAST = ("cutoff_periods", "order_windows", "cycles"), ("tag_points", "tag_intervals")


class TagLab:
    """Facts are empty; the figures of the whole shop, such as cut-offs, are those of the home."""

    def __init__(self, shop: Shop) -> None:
        self.con = duckdb.connect()
        warehouse = shop.home / "private" / "warehouse.duckdb"
        self.con.execute(f"attach '{warehouse}' as home (read_only)")
        self.con.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("intermediate", "seeds", "meta"):
            self.con.execute(f"create schema {schema}")
        for name in FACTS:
            self._copy(f"intermediate.int_value__{name}", "limit 0")
        for name in _SHOP:
            self._copy(f"intermediate.int_value__{name}")
        for name in _SEEDS:
            self._copy(f"seeds.{name}")
        self._copy("meta.tag_catalogue")
        catalogue = [row for row in seed("tag_catalogue") if row["kind"] != "estimate"]
        codes = [row["tag_code"] for row in catalogue]
        for name in (*_FIRST, *(f"tag_{code}" for code in codes), *_LAST):
            self.con.execute(
                f"create view warehouse.intermediate.int_value__{name} as {_compiled(shop, name)}"
            )

    def _copy(self, table: str, some: str = "") -> None:
        self.con.execute(f"create table warehouse.{table} as from home.{table} {some}")

    def write(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Replace the facts of a table; columns that rows leave out are empty."""
        table = f"warehouse.intermediate.int_value__{name}"
        self.con.execute(f"delete from {table}")
        for row in rows:
            marks = ", ".join("?" * len(row))
            self.con.execute(
                f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
            )

    def intervals(self) -> list[tuple]:
        """Customer, tag, first day, first day after, value."""
        return self.con.execute(
            "select customer_id, tag_code, valid_from_on, valid_to_on, tag_value"
            " from warehouse.intermediate.int_value__tag_intervals order by all"
        ).fetchall()

    def figures(self) -> SimpleNamespace:
        """The figures of the whole shop, as the oracle reads them."""
        periods = self.con.execute(
            "select measure, from_on, until_on, from_amount from warehouse.intermediate.int_value__cutoff_periods"
        ).fetchall()
        cycles = self.con.execute("from warehouse.intermediate.int_value__purchase_cycle")
        [(cycle_days,)] = cycles.fetchall()
        shares = self.con.execute("from warehouse.intermediate.int_value__series_shares")

        def cutoffs(measure: str, day: date) -> list[Decimal]:
            return [
                amount
                for name, start, end, amount in periods
                if name == measure and start <= day < end
            ]

        return SimpleNamespace(
            cutoffs=cutoffs,
            cycle_days=cycle_days,
            series_shares=dict(shares.fetchall()),
            touches={},
        )


def _compiled(shop: Shop, name: str) -> str:
    """The SQL of a table as the last build ran it."""
    files = (shop.home / "private" / "dbt").rglob(f"compiled/**/int_value__{name}.sql")
    return max(files, key=_modified).read_text(encoding="utf-8").strip().rstrip(";")


def _modified(path: Path) -> float:
    return path.stat().st_mtime


def known_facts(name: str, person: Person) -> dict[str, Any]:
    """The row of customer_facts of a customer."""
    row = {**person.profile, "customer_id": name, "known_from_on": person.known_from}
    if person.orders:
        first = min(person.orders, key=lambda o: (o["ordered_at"], o["order_key"]))
        row |= {
            "first_order_key": first["order_key"], "first_order_on": first["ordered_on"],
            "first_platform": first["platform"], "first_sales_channel": first["sales_channel"],
            "first_promotion_id": first["promotion_id"],
        }  # fmt: skip
    return row
