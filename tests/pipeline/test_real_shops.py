"""Real exports with figures that are known from elsewhere."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

import pytest
from page_reader import View, chromium
from shops import REPO, Shop, real_data

from orchestration.config.settings import load_settings
from orchestration.reports.question_answer import answer
from orchestration.reports.questions import all_questions


@pytest.fixture(scope="module")
def bicycles(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    inbox = real_data("crm_erp")
    shop = Shop(tmp_path_factory.mktemp("crm_erp"), REPO / "examples/crm_erp/shop.yml", inbox)
    shop.run()
    return shop


@pytest.fixture(scope="module")
def northwind(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    inbox = real_data("northwind")
    shop = Shop(tmp_path_factory.mktemp("northwind"), REPO / "examples/northwind/shop.yml", inbox)
    shop.run()
    return shop


def test_every_bicycle_customer_is_one_person_in_crm_and_erp(bicycles: Shop) -> None:
    assert bicycles.ask(
        "select count(*), count(*) filter (where has_crm and has_erp) from marts.customer_360"
    ) == [(18_484, 18_484)]


def test_bicycle_orders_lines_and_sales_are_complete(bicycles: Shop) -> None:
    assert bicycles.ask("select count(*), sum(net_amount) from marts.orders") == [
        (27_659, Decimal("29356250.0000"))
    ]
    assert bicycles.ask("select count(*), sum(net_amount) from marts.order_lines") == [
        (60_398, Decimal("29356250.0000"))
    ]


def test_bicycle_crm_and_erp_disagree_about_57_genders(bicycles: Shop) -> None:
    assert bicycles.ask(
        "select count(*), min(kept_from), max(kept_from) from marts.customer_attribute_conflicts"
        " where attribute = 'gender' and is_between_sources"
    ) == [(57, "crm", "crm")]


def test_unusable_bicycle_values_are_visible(bicycles: Shop) -> None:
    refused = bicycles.ask(
        "select feed, column_name, reason_code, count(*) from meta.quarantine group by all"
    )
    assert refused == [("crm.customers", "customer_id", "missing_required", 4)]
    repaired = dict(
        bicycles.ask(
            "select feed || '.' || column_name, count(*) from meta.repairs"
            " where feed <> 'erp.orders' group by all"
        )
    )
    assert repaired["erp.customers.birth_on"] == 16
    dates = bicycles.ask(
        "select count(*) from meta.repairs where column_name = 'ordered_at' and rule ilike '%7 days%'"
    )
    assert dates == [(19,)]


def test_recovered_bicycle_dates_agree_with_their_order(bicycles: Shop) -> None:
    assert bicycles.ask(
        "select order_id, ordered_on::varchar from marts.orders"
        " where order_id in ('SO64338', 'SO69215') order by all"
    ) == [("SO64338", "2013-08-16"), ("SO69215", "2013-10-26")]


@pytest.fixture(scope="module")
def bicycle_purchases() -> dict[str, list[tuple[date, str, Decimal]]]:
    """Customer → day, order and money of each purchase, read from the export by hand."""
    lines = defaultdict(list)
    with (real_data("crm_erp") / "sales_details.csv").open() as file:
        for line in csv.DictReader(file):
            lines[line["sls_ord_num"], line["sls_cust_id"]].append(line)
    purchases = defaultdict(list)
    for (order, customer), sold in lines.items():
        days = {line["sls_order_dt"] for line in sold if len(line["sls_order_dt"]) == 8}
        ships = min(line["sls_ship_dt"] for line in sold)
        shipped_on = datetime.strptime(ships, "%Y%m%d").date()
        day = datetime.strptime(min(days), "%Y%m%d").date() if days else shipped_on - timedelta(7)
        purchases[customer].append((day, order, sum(map(_bicycle_money, sold), Decimal(0))))
    return {customer: sorted(mine) for customer, mine in purchases.items()}


def _bicycle_money(line: dict[str, str]) -> Decimal:
    """What a line brought: quantity times price, the sign of which is noise; else what it says."""
    price = abs(Decimal(line["sls_price"] or 0))
    return Decimal(line["sls_quantity"]) * price if price else Decimal(line["sls_sales"])


def _month(day: date, later: int = 0) -> date:
    """The first of the month of a day, or of one some months later."""
    index = day.year * 12 + day.month - 1 + later
    return date(index // 12, index % 12 + 1, 1)


def test_bicycle_cohorts_are_those_of_the_export(
    bicycles: Shop, bicycle_purchases: dict[str, list[tuple[date, str, Decimal]]]
) -> None:
    sizes: Counter[date] = Counter()
    active, orders, money = Counter(), Counter(), Counter()
    for bought in bicycle_purchases.values():
        began = _month(bought[0][0])
        sizes[began] += 1
        active.update({(began, _month(day)) for day, *_ in bought})
        for day, _, amount in bought:
            orders[began, _month(day)] += 1
            money[began, _month(day)] += amount
    last = max(month for _, month in orders)
    expected = []
    for began in sorted(sizes):
        so_far = Decimal(0)
        for age in range((last.year - began.year) * 12 + last.month - began.month + 1):
            cell = (began, _month(began, age))
            so_far += money[cell]
            figures = (active[cell], orders[cell], Decimal(money[cell]), so_far)
            expected.append((began, age, sizes[began], *figures))
    assert len(expected) > 700
    assert expected == bicycles.ask(
        "select cohort_month_on, months_since, customer_count, active_buyer_count, order_count,"
        " net_amount, cumulative_net_amount from marts.monthly_cohorts where dimension = 'all'"
        " order by all"
    )


def _repurchases(
    purchases: dict[str, list[tuple[date, str, Decimal]]], month: date, last_day: date
) -> Iterator[tuple[str, float, int]]:
    """Code, numerator and denominator of a month's repurchase KPIs."""
    next_month, after = _month(month, 1), _month(month, 2)
    until = min(next_month, last_day + timedelta(1))
    window = until - timedelta(90)
    recent = [[p for p in bought if window <= p[0] < until] for bought in purchases.values()]
    buyers = sum(map(bool, recent))
    yield "rep_rate_user", sum(len({day for day, *_ in mine}) > 1 for mine in recent), buyers
    yield "rep_rate_order", sum(len(mine) > 1 for mine in recent), buyers
    days = [sorted({day for day, *_ in bought}) for bought in purchases.values()]
    gaps = [(b - a).days for mine in days for a, b in pairwise(mine) if month <= b < next_month]
    if gaps:
        yield "rep_cycle", median(gaps), len(gaps)
    if after - timedelta(1) <= last_day:
        now = [mine for mine in days if any(month <= day < next_month for day in mine)]
        again = [mine for mine in now if any(next_month <= day < after for day in mine)]
        yield "rebuy_rate", len(again), len(now)


def test_bicycle_repurchases_are_those_of_the_export(
    bicycles: Shop, bicycle_purchases: dict[str, list[tuple[date, str, Decimal]]]
) -> None:
    last_day = max(day for bought in bicycle_purchases.values() for day, *_ in bought)
    months = sorted({_month(day) for bought in bicycle_purchases.values() for day, *_ in bought})
    expected = {
        (month, code): (numerator, denominator)
        for month in months
        for code, numerator, denominator in _repurchases(bicycle_purchases, month, last_day)
    }
    shown = bicycles.ask(
        "select period_start_on, kpi_code, numerator, denominator, value from marts.kpi_values"
        " where period = 'month' and shop_id = 'all' and dimension = 'all' and coverage = 'ok'"
        " and kpi_code in ('rep_rate_user', 'rep_rate_order', 'rep_cycle', 'rebuy_rate')"
    )
    assert len(months) == 38
    assert expected == {(month, code): (above, below) for month, code, above, below, _ in shown}
    for month, code, above, below, value in shown:
        share = float(above) if code == "rep_cycle" else float(above / below)
        assert value == pytest.approx(share, abs=1e-6), (month, code)


def test_northwind_sums_to_the_fraction_of_a_cent(northwind: Shop) -> None:
    assert northwind.ask(
        "select count(*), sum(net_amount), sum(shipping_amount) from marts.orders"
    ) == [(830, Decimal("1265793.0395"), Decimal("64942.6900"))]
    assert northwind.ask("select sum(net_amount) from marts.order_lines") == [
        (Decimal("1265793.0395"),)
    ]
    assert northwind.ask(
        "select count(*), count(*) filter (where order_count > 0) from marts.customer_360"
    ) == [(91, 89)]


def test_landing_the_same_exports_again_is_a_no_op(northwind: Shop) -> None:
    feeds = [
        table
        for (table,) in northwind.ask_warehouse(
            "select table_name from duckdb_tables() where schema_name = 'raw' order by 1"
        )
    ]
    tables = [*(f"raw.{feed}" for feed in feeds), "meta.row_ledger", "meta.files"]
    before = [northwind.ask_warehouse(f"select * from {table} order by all") for table in tables]
    assert any(before)
    assert northwind.cli("land").returncode == 0
    assert before == [
        northwind.ask_warehouse(f"select * from {table} order by all") for table in tables
    ]


def test_the_pages_of_real_shops_open(bicycles: Shop, northwind: Shop) -> None:
    with chromium() as browser:
        for shop in (bicycles, northwind):
            view = View(browser, shop.released.with_name("page.html"))
            for chosen in ("period=day&lang=zh", "period=week&lang=en", "period=month&lang=en"):
                view.choose(chosen)
                assert view.page.locator("#sources").count() == 1
            assert view.page.locator(".kpi").count() == 8
            assert view.problems == [] and view.page.evaluate("violations") == []
            view.close()


@pytest.mark.parametrize("name", ["bicycles", "northwind"])
def test_a_real_shop_answers_or_names_the_missing_feed(
    name: str, request: pytest.FixtureRequest
) -> None:
    shop: Shop = request.getfixturevalue(name)
    settings = load_settings(shop.home)
    missing = {}
    for question in all_questions():
        found = answer(settings, question, {})
        assert found.rows or found.missing, question.name
        for row in found.rows:
            reasons = row[found.names.index("reason_en")], row[found.names.index("reason_zh")]
            assert (reasons[0] is None) == (reasons[1] is None), (question.name, row)
        if found.missing:
            missing[question.name] = [feed.feed for feed in found.missing]
    assert missing == {
        "ads_claimed_vs_modelled": ["ads.daily_spend"],
        "spend_without_customers": ["ads.daily_spend", "web.events"],
        "funnel_by_channel": ["web.events"],
        "losing_campaigns": ["ads.daily_spend", "web.events"],
        "marginal_return": ["ads.daily_spend"],
        "experiment_results": ["web.experiment_assignments"],
        "slow_stock": ["erp.inventory"],
        "stock_running_out": ["erp.inventory"],
    }


def test_bicycle_cohort_values_are_those_of_the_export(
    bicycles: Shop, bicycle_purchases: dict[str, list[tuple[date, str, Decimal]]]
) -> None:
    [question] = [one for one in all_questions() if one.name == "cohort_value"]
    found = answer(load_settings(bicycles.home), question, {})
    rows = [dict(zip(found.names, row, strict=True)) for row in found.rows]
    assert len(rows) == 18
    for row in rows:
        began = row["cohort_month_on"]
        cohort = [bought for bought in bicycle_purchases.values() if _month(bought[0][0]) == began]
        assert row["customer_count"] == len(cohort)
        for later, column in ((0, "same_month_amount"), (6, "after_6_months_amount")):
            if row[column] is None:
                continue
            until = _month(began, later + 1)
            total = sum(
                (one[2] for bought in cohort for one in bought if one[0] < until), Decimal(0)
            )
            assert abs(row[column] - total / len(cohort)) < Decimal("0.0001")
    assert sum(row["after_6_months_amount"] is not None for row in rows) >= 10
