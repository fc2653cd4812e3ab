"""Small exports in the layouts of real ones, each of which once gave a wrong figure or none: `cases`."""

from decimal import Decimal
from pathlib import Path

import pytest
from shops import run_case

pytestmark = pytest.mark.thorough


def test_an_order_of_a_million_is_released(tmp_path: Path) -> None:
    shop = run_case("order-of-a-million", tmp_path)
    assert shop.ask("select paid_amount from marts.orders order by 1") == [
        (Decimal(5),),
        (Decimal(1_000_000),),
    ]


def test_an_order_paid_after_midnight_counts_on_that_day(tmp_path: Path) -> None:
    shop = run_case("paid-after-midnight", tmp_path)
    shown = shop.ask(
        """select period, sum(numerator) from marts.kpi_values
           where kpi_code = 'gmv_pay' and shop_id = 'all' and dimension = 'all' group by 1 order by 1"""
    )
    assert shown == [(period, Decimal(150)) for period in ("day", "month", "week")]
    [(net,)] = shop.ask(
        """select numerator from marts.kpi_values where kpi_code = 'net_sales' and period = 'day'
           and period_start_on = '2020-02-27' and shop_id = 'all' and dimension = 'all'"""
    )
    assert net == Decimal(40)


def test_a_row_of_totals_stops_no_release(tmp_path: Path) -> None:
    shop = run_case("total-row-blocks-release", tmp_path)
    assert shop.ask("select count(*), sum(spend_amount) from marts.daily_marketing") == [
        (21, Decimal(210))
    ]


def test_invisible_marks_and_float_tails_are_no_part_of_an_id(tmp_path: Path) -> None:
    shop = run_case("id-with-invisible-or-float-tail", tmp_path)
    ids = [order for (order,) in shop.ask("select order_id from marts.orders order by 1")]
    assert ids == [str(2506230000000000000 + number) for number in range(1, len(ids) + 1)]
    assert len(ids) == 8
