"""The models of returns over shops that a test draws, in a database in memory: the SQL is that of a built home."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from returns_lab import Drawn
from shops import Shop

from orchestration.engines.dbt_session import register_functions

_EPOCH = date(1970, 1, 1)
_SEEDS = Path(__file__).parents[2] / "seeds"
_MODELS = (
    "int_marketing__return_windows",
    "int_marketing__return_days",
    "int_marketing__return_spend",
    "int_marketing__return_values",
    "int_marketing__return_rules",
    "int_marketing__return_fits",
    "int_marketing__return_lines",
    "int_marketing__channel_returns",
    "int_marketing__return_figures",
    "int_marketing__budget_splits",
    "int_marketing__budget_shares",
    "int_marketing__budget_proposals",
)
_MARTS = ("channel_returns", "return_curves", "budget_proposals")
NET, MARGIN = 200.0, 110.0
"""Net sales and margin of an order."""


class ReturnsMarts:
    """The marts of drawn shops by name."""

    def __init__(self, shop: Shop, drawn: Mapping[str, Drawn]) -> None:
        self.con = duckdb.connect()
        register_functions(self.con)
        self.con.execute(
            "attach ':memory:' as warehouse; use warehouse; create schema intermediate; create schema marts;"
            " create schema seeds"
        )
        for seed in ("return_policy", "return_states"):
            self.con.execute(f"create table seeds.{seed} as from '{_SEEDS / seed}.csv'")
        self._inputs(drawn)
        for schema, names in (("intermediate", _MODELS), ("marts", _MARTS)):
            for name in names:
                self.con.execute(f"create table {schema}.{name} as {_compiled(shop, name)}")

    def rows(self, mart: str) -> dict[str, dict[str, Any]]:
        """The rows of a mart with one row per shop and platform, by shop and platform."""
        cursor = self.con.execute(f"from marts.{mart}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return {f"{row['shop_id']} {row['ad_platform']}": row for row in rows}

    def _inputs(self, drawn: Mapping[str, Drawn]) -> None:
        days = [
            {"shop_id": shop, "sales_on": _day(day), "order_count": int(orders), "phase": phase}
            for shop, one in drawn.items()
            for day, orders, phase in zip(one.days, one.orders, one.festivals, strict=True)
        ]
        spend = [
            {"shop_id": shop, "ad_platform": name, "spend_on": _day(day), "amount": float(amount)}
            for shop, one in drawn.items()
            for name, amounts in one.spends.items()
            for day, amount in zip(one.days, amounts, strict=True)
        ]
        self.con.register("drawn_days", pa.Table.from_pylist(days))
        self.con.register("drawn_spend", pa.Table.from_pylist(spend))
        self.con.execute(
            f"""create table intermediate.int_orders__daily_orders as
            select *, order_count * {NET} as net_amount, order_count * {NET} as costed_net_amount,
                order_count * {MARGIN} as margin_amount from drawn_days where order_count > 0;
            create table intermediate.int_marketing__daily_spend as
            select *, amount::decimal(18, 4) as spend_amount, null::varchar as spend_gap from drawn_spend;
            create table intermediate.int_reference__as_of as select max(sales_on) as as_of_on from drawn_days;
            create table intermediate.int_reference__festival_days as
            select distinct sales_on as day_on, split_part(phase, ':', 1) as festival,
                split_part(phase, ':', 2)::bigint as days_after_peak from drawn_days where phase <> '';
            create table intermediate.int_goals__progress as
            select 'grow' as goal_id, true as is_current, 'all' as dimension, 'net_sales' as kpi_code,
                'all' as shop_id, 'Grow' as en, '增长' as zh, 'CNY' as currency, 1000.0 as budget_amount,
                400.0 as budget_used_amount, date '2026-10-01' as starts_on, date '2026-12-31' as ends_on"""
        )


def _day(number: int) -> date:
    return _EPOCH + timedelta(int(number))


def _compiled(shop: Shop, name: str) -> str:
    """The SQL of a model as the last build ran it; dbt writes fixtures of unit tests into folders named `.yml`."""
    found = (shop.home / "private" / "dbt").rglob(f"compiled/**/{name}.sql")
    files = [path for path in found if path.parent.suffix != ".yml"]
    newest = max(files, key=lambda path: path.stat().st_mtime)
    return newest.read_text(encoding="utf-8").strip().rstrip(";")
