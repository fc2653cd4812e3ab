"""Stock of the demo shop against its files and against what was planted."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from shops import Shop

FAILED_EXPORT = date(2026, 9, 22)
"""The day on which the demo's warehouse exported nothing."""


@pytest.fixture(scope="module")
def exported(demo_shop: Shop) -> dict[tuple[str, date], Decimal]:
    """Units in stock at all places by product and day, from the archived or delivered files."""
    found: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for path in demo_shop.home.rglob("库存_*.csv"):
        with path.open(encoding="gb18030", newline="") as file:
            for row in csv.DictReader(file):
                day = date.fromisoformat(row["库存日期"])
                found[row["商家编码"], day] += Decimal(row["实物库存"])
    return found


def test_stock_of_counted_days_is_that_of_the_files(
    demo_shop: Shop, exported: dict[tuple[str, date], Decimal]
) -> None:
    shown = demo_shop.ask(
        "select product_id, day_on, on_hand_quantity from marts.product_stock_days"
    )
    counted = {(product, day): units for product, day, units in shown if day != FAILED_EXPORT}
    assert len(counted) > 10_000
    assert counted == exported


def test_day_without_an_export_keeps_the_last_count(demo_shop: Shop) -> None:
    compared = demo_shop.ask(
        f"""select count(*), count(*) filter (today.on_hand_quantity = before.on_hand_quantity),
               max(today.days_since_count)
           from marts.stock_days as today
           join marts.stock_days as before
               on before.product_id = today.product_id and before.place_id = today.place_id
               and before.day_on = today.day_on - 1
           where today.day_on = date '{FAILED_EXPORT}'"""
    )
    [(rows, same, age)] = compared
    assert rows > 140
    assert (same, age) == (rows, 1)


def test_planted_stock_is_found(demo_shop: Shop) -> None:
    truth = f"'{demo_shop.home}/private/truth/stock.parquet'"
    sold_out = demo_shop.ask(
        f"""select product_id, count(*) filter (is_sold_out), any_value(last_on - first_on + 1)
            from {truth} join marts.product_stock_days using (product_id)
            where kind = 'out_of_stock' and day_on between first_on and last_on group by all"""
    )
    assert len(sold_out) > 5
    assert [row for row in sold_out if row[1] != row[2]] == []
    slow = demo_shop.ask(
        f"""select product_id, state, cover_days from {truth}
            join marts.product_stock using (product_id) where kind = 'slow_mover'"""
    )
    assert len(slow) > 3
    assert [row for row in slow if row[1] != "slow"] == []


def test_demand_is_the_units_of_the_lines(demo_shop: Shop) -> None:
    [(last,)] = demo_shop.ask("select data_until_on from meta.shop")
    compared = demo_shop.ask(
        f"""select sum(sold_recent_quantity), (
               select sum(quantity) from marts.order_lines
               where is_sale and line_kind = 'goods' and paid_on > date '{last - timedelta(28)}' and paid_on <= date '{last}'
                   and product_id in (select product_id from marts.product_stock))
           from marts.product_stock"""
    )
    [(demand, sold)] = compared
    assert demand == sold > 100


def test_the_page_lists_what_runs_out_and_what_is_slow(demo_shop: Shop) -> None:
    page = (demo_shop.released.parent / "page.html").read_text(encoding="utf-8")
    [(product, name)] = demo_shop.ask(
        "select product_id, product_name from marts.product_stock where state = 'slow'"
        " order by value_amount desc limit 1"
    )
    assert f'"product_id":"{product}","product_name":"{name}","state":"slow"' in page
    assert '"state":"sold_out"' in page
