"""Places, leads, costs by period and reports below campaigns of the demo shop."""

from collections import Counter
from csv import DictReader
from datetime import date
from decimal import Decimal

from shops import Shop


def _read(shop: Shop, pattern: str, encoding: str) -> list[dict[str, str]]:
    """Rows of the delivered files of a name."""
    rows: list[dict[str, str]] = []
    for path in sorted((shop.home / "inbox").rglob(pattern)):
        with path.open(encoding=encoding, newline="") as file:
            rows += DictReader(file)
    assert rows, pattern
    return rows


def test_places_add_up_to_the_sales_of_their_shop(demo_shop: Shop) -> None:
    compared = demo_shop.ask(
        """with places as (
               select shop_id, day_on, sum(order_count) as orders, sum(net_amount) as net
               from marts.place_sales group by all),
           sales as (
               select shop_id, paid_on as day_on, count(*) as orders, sum(net_amount) as net
               from marts.orders where is_sale group by all)
           select count(*), count(*) filter (
               places.orders is distinct from sales.orders or places.net is distinct from sales.net)
           from places full join sales using (shop_id, day_on)"""
    )
    [(days, different)] = compared
    assert days > 500
    assert different == 0
    stores = demo_shop.ask(
        "select place_id, any_value(place_name), any_value(place_type), sum(order_count) > 20"
        " from marts.place_sales where place_id <> '' group by place_id"
    )
    assert stores == [("S01", "西湖体验店", "store", True)]


def test_lead_stages_are_those_of_the_files(demo_shop: Shop) -> None:
    rows = _read(demo_shop, "线索_*.csv", "utf-8-sig")
    stages = Counter(row["阶段"] for row in rows)
    [counts] = demo_shop.ask(
        "select sum(lead_count), sum(converted_count), sum(lost_count), sum(open_count),"
        " sum(customer_count) from marts.lead_funnel"
    )
    won, lost = stages["已成交"], stages["已流失"]
    assert counts[:4] == (len(rows), won, lost, len(rows) - won - lost)
    # Two records of one person are one customer.
    assert won * 0.9 < counts[4] <= won


def test_lead_rates_wait_until_the_month_has_matured(demo_shop: Shop) -> None:
    rows = demo_shop.ask(
        """select month_on, bool_and(matured_conversion_rate is null), bool_or(reason_en = 'cohort not matured'),
               min(conversion_rate), max(conversion_rate)
           from marts.lead_funnel group by month_on order by month_on desc"""
    )
    assert rows[0][0] == date(2026, 10, 1)
    assert rows[0][1:3] == (True, True)
    assert [row for row in rows[2:] if row[1]] == []
    assert all(0 <= low <= high <= 1 for *_, low, high in rows)


def test_cost_of_a_lead_is_the_spend_of_its_channel(demo_shop: Shop) -> None:
    [(compared, different)] = demo_shop.ask(
        """with spend as (
               select channel, date_trunc('month', marketing_on)::date as month_on, sum(spend_amount) as amount
               from marts.daily_marketing where is_advertised group by all)
           select count(*), count(*) filter (
               abs(cost_per_lead * lead_count - amount::double) > 0.0001)
           from marts.lead_funnel join spend using (channel, month_on)"""
    )
    assert compared > 10
    assert different == 0


def test_costs_add_up_to_the_cent(demo_shop: Shop) -> None:
    rows = _read(demo_shop, "期间费用*.csv", "gb18030")
    delivered = sum(Decimal(row["金额"]) for row in rows)
    [(spread, days)] = demo_shop.ask(
        "select sum(cost_amount), count(distinct day_on) from marts.period_costs"
    )
    assert spread == delivered
    assert days > 500


def test_profit_is_contribution_less_spend_and_costs(demo_shop: Shop) -> None:
    rows = demo_shop.ask(
        """select contribution_amount - ad_spend_amount - period_cost_amount - profit_amount,
               unknown_order_count, reason_en, profit_amount is null
           from marts.profit_months"""
    )
    assert len(rows) > 60
    assert {difference for difference, *_, hidden in rows if not hidden} <= {0}
    assert [row for row in rows if row[3] != (row[2] is not None)] == []
    [(shops, whole)] = demo_shop.ask(
        """select sum(net_amount) filter (shop_id <> 'all'), sum(net_amount) filter (shop_id = 'all')
           from marts.profit_months"""
    )
    assert shops == whole


def test_breakdowns_leave_the_spend_as_it_is(demo_shop: Shop) -> None:
    """Audiences hold nine tenths of their campaigns, and the counted spend is that of the campaigns."""
    rows = demo_shop.ask(
        """select report_level, count(*), min(campaign_spend_rate), max(campaign_spend_rate),
               count(entity_name), count(distinct entity_id)
           from marts.ad_breakdowns group by all order by all"""
    )
    assert [row[0] for row in rows] == ["ad", "audience"]
    [ads, audiences] = rows
    assert audiences[5] == 3
    assert 0.2 < audiences[2] <= audiences[3] < 0.31
    assert ads[4] > 0.5 * ads[1]
    [(counted,)] = demo_shop.ask(
        "select count(*) from marts.ad_reports where is_counted and report_level in ('audience', 'ad')"
    )
    assert counted == 0
