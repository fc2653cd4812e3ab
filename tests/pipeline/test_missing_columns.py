"""A column that no export has takes along the KPIs that need it, and no other figure changes unsaid."""

import csv
from pathlib import Path

import duckdb
import pytest
from shops import REPO, Shop

# Each takes a build of all models.
pytestmark = pytest.mark.thorough

_COLUMNS = {
    "unit_cost": {"erp_order_lines": ["unit_cost"], "erp_products": ["unit_cost"]},
    "web.events.source": {
        "web_events": ["referrer_url", "utm_source", "utm_medium", "utm_campaign"]
    },
    "erp.orders.buyer": {
        "erp_orders": [
            "customer_id", "crm_customer_id", "member_card_no", "platform_buyer_id", "phone", "email",
        ]
    },
}  # fmt: skip
"""Needs that any of several columns meets; every other need of this form is a column."""


def _needs() -> list[str]:
    with (REPO / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8", newline="") as file:
        needs = {need for kpi in csv.DictReader(file) for need in kpi["needs"].split(";")}
    return sorted(need for need in needs if need.count(".") == 2 or need in _COLUMNS)


@pytest.mark.parametrize("need", _needs())
def test_without_a_column_its_kpis_are_null_and_the_others_stay(
    demo_shop: Shop, tmp_path: Path, need: str
) -> None:
    shop = demo_shop.copy(tmp_path / "home")
    feed, _, column = need.rpartition(".")
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb")) as con:
        for table, columns in _COLUMNS.get(need, {feed.replace(".", "_"): [column]}).items():
            emptied = ", ".join(f"{name} = null" for name in columns)
            con.execute(f"update raw.{table} set {emptied}")
    # Identity looks at new rows only, and these were changed in place.
    built = shop.cli("dbt", "run", "--full-refresh")
    assert built.returncode == 0, built.stdout[-3000:]
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb"), read_only=True) as con:
        con.execute(f"attach '{demo_shop.released}' as before (read_only)")
        wrong = con.execute(
            """select kpi_code, count(*), any_value(coverage) from marts.kpi_values
               join meta.kpi_catalogue using (kpi_code)
               where contains(';' || needs || ';', ';' || ? || ';')
                   and (value is not null or coverage not like 'no%') group by all""",
            [need],
        ).fetchall()
        assert wrong == [], "KPIs with a figure, or without a reason"
        # A figure may cover less if it says so: other shops, or fewer orders or customers with known costs.
        moved = con.execute(
            """select kpi_code, dimension, count(*) from marts.kpi_values as now
               join before.marts.kpi_values as before using
                   (kpi_code, period, period_start_on, shop_id, dimension, dimension_value)
               join meta.kpi_catalogue using (kpi_code)
               where now.value is distinct from before.value and now.coverage = 'ok'
                   and now.shop_ids is not distinct from before.shop_ids
                   and not (contains(needs, 'unit_cost') and now.denominator < before.denominator)
                   and abs(now.value - before.value) > 1e-9 group by all""",
        ).fetchall()
        # Who has no customer has no kind of customer: those slices hold other orders.
        assert [row for row in moved if row[1] != "customer_type"] == []
