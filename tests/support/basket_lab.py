"""The models of baskets over baskets that a test writes, in a database in memory: the SQL is that of a built home."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from shops import Shop

MODELS = (
    "product_groups", "basket_products", "baskets", "products", "basket_items", "frequent_pairs", "pair_baskets",
    "frequent_triples", "frequent_quadruples", "itemsets", "rule_counts", "rules", "popular_items", "pair_expectations", "popular_pairs", "repelling_pairs",
    "basket_segments", "pair_months", "cross_sell",
)  # fmt: skip
"""The models in an order in which they can be built."""
MARTS = ("basket_rules", "basket_pairs", "cross_sell_candidates", "repelling_pairs")
_INPUTS = (
    "intermediate.int_orders__order_lines", "intermediate.int_orders__products",
    "intermediate.int_value__segment_periods", "intermediate.int_reference__as_of", "seeds.basket_policy",
)  # fmt: skip
AS_OF = date(2026, 6, 30)


@dataclass(frozen=True)
class Basket:
    """The products of one order."""

    products: frozenset[str]
    customer: str | None = None
    on: date = AS_OF
    shop: str = "s"


class BasketLab:
    """Inputs are empty; the policy is that of the home until a test changes it."""

    def __init__(self, shop: Shop) -> None:
        self.con = duckdb.connect()
        self.con.execute(
            f"attach '{shop.home / 'private' / 'warehouse.duckdb'}' as home (read_only)"
        )
        self.con.execute("attach ':memory:' as warehouse; use warehouse")
        self.con.execute(
            "create schema intermediate; create schema seeds; create schema marts; set threads = 2"
        )
        for table in _INPUTS:
            self.con.execute(f"create table {table} as from home.{table} limit 0")
        self.con.execute("create table default_policy as from home.seeds.basket_policy")
        self.con.execute("detach home")
        self.con.execute("insert into intermediate.int_reference__as_of values (?)", [AS_OF])
        found = {path.stem: path for path in _compiled(shop)}
        self.models = [(f"intermediate.{name}", found[name].read_text()) for name in _names()]
        self.models += [(f"marts.{name}", found[name].read_text()) for name in MARTS]

    def build(self, baskets: Iterable[Basket], marts: bool = True, **policy: object) -> None:
        """Write the baskets, set columns of the policy that differ, and build the models."""
        self._write(list(baskets))
        self.con.execute(
            "create or replace table seeds.basket_policy as from warehouse.main.default_policy"
        )
        for column, value in policy.items():
            self.con.execute(f"update seeds.basket_policy set {column} = ?", [value])
        for table, sql in self.models:
            if marts or table.startswith("intermediate."):
                self.con.execute(f"create or replace table {table} as {sql.strip().rstrip(';')}")

    def _write(self, baskets: list[Basket]) -> None:
        lines = [
            (f"o{number:07}", product, basket.shop, basket.customer, basket.on)
            for number, basket in enumerate(baskets)
            for product in sorted(basket.products)
        ]
        columns = [list(column) for column in zip(*lines, strict=True)] or [[]] * 5
        self.con.execute("delete from intermediate.int_orders__order_lines")
        self.con.execute("delete from intermediate.int_orders__products")
        self.con.execute(
            """insert into intermediate.int_orders__order_lines by name
               select *, shop_id || product_id as product_key, customer_id is null as is_anonymous, true as is_sale,
                   false as is_gift, 'goods' as line_kind, 1 as quantity
               from (select unnest($1::varchar[]) as order_key, unnest($2::varchar[]) as product_id,
                   unnest($3::varchar[]) as shop_id, unnest($4::varchar[]) as customer_id,
                   unnest($5::date[]) as ordered_on)""",
            columns,
        )
        self.con.execute(
            """insert into intermediate.int_orders__products by name
               select distinct product_key, shop_id, product_id, product_id as product_name
               from intermediate.int_orders__order_lines"""
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of a mart, or of a model by the name without its prefix."""
        place = f"marts.{table}" if table in MARTS else f"intermediate.int_offers__{table}"
        result = self.con.execute(f"from {place}")
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def itemsets(self) -> dict[frozenset[str], int]:
        """Ids of the products of each frequent set, and its baskets."""
        names = dict(
            self.con.execute(
                """select product_number, product_id from intermediate.int_offers__products
                   inner join intermediate.int_orders__products using (product_key)"""
            ).fetchall()
        )
        return {
            frozenset(
                names[row[f"product_{n}_number"]] for n in range(1, 5) if row[f"product_{n}_number"]
            ): row["basket_count"]
            for row in self.rows("itemsets")
        }


def rule_of(row: Mapping[str, Any]) -> tuple[frozenset[str], str]:
    """The names of the antecedents and of the consequent of a row of basket_rules."""
    antecedents = frozenset(row[f"antecedent_{n}_name"] for n in (1, 2, 3)) - {None}
    return antecedents, row["consequent_name"]


def _names() -> list[str]:
    return [f"int_offers__{name}" for name in MODELS]


def _compiled(shop: Shop) -> list[Path]:
    """The SQL of the models as builds ran it, the latest last; unit tests leave their inputs in folders named `.yml`."""
    names = {*_names(), *MARTS}
    files = (shop.home / "private" / "dbt").rglob("compiled/**/*.sql")
    own = [path for path in files if path.stem in names and path.parent.suffix != ".yml"]
    return sorted(own, key=lambda path: path.stat().st_mtime)
