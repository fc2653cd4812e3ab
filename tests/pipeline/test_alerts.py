"""Alerts: few where nothing happened, nearly all of what was planted, and what explains it."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from shops import Shop

_BUILD = (
    "dbt",
    "run",
    "--quiet",
    "--select",
    "path:models/intermediate/alerts",
    "kpi_alerts",
    "kpi_alert_slices",
)
_FIGURES = "intermediate.int_kpi__figures"
# Factors that are relevant for a shop of about nine orders per day; smaller ones may be chance.
_PLANTED = {
    "visitors": (0.2, 3.0),
    "page_depth": (0.6, 1.7),
    "pay_cvr": (12.0,),
    "bounce_single_page": (0.2,),
    "orders": (0.03, 6.0),
    "gmv_pay": (0.03, 8.0),
    "ad_spend": (0.1, 4.0),
    "impressions": (0.03, 6.0),
    "ctr": (0.2, 3.0),
    "cpc": (0.3, 3.0),
    "roas_reported": (0.2, 4.0),
}


@pytest.fixture(scope="module")
def steady_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A demo shop whose advertising has the same level in all weeks: its changes are chance."""
    shop = Shop(tmp_path_factory.mktemp("steady") / "home")
    written = shop.cli("demo", "--customers", 2000, "--without", "ad_levels")
    assert written.returncode == 0, written.stderr
    shop.run()
    return shop


@pytest.fixture
def shop(steady_shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    yield steady_shop.copy(tmp_path / "home")


def _change(shop: Shop, *statements: str) -> None:
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb")) as con:
        for statement in statements:
            con.execute(statement)


def _build(shop: Shop) -> None:
    built = shop.cli(*_BUILD)
    assert built.returncode == 0, built.stdout + built.stderr


def test_an_ordinary_shop_raises_few_alerts(steady_shop: Shop) -> None:
    alerts = dict(
        steady_shop.ask("select alert_type, count(*) from marts.kpi_alerts group by alert_type")
    )
    ((months,),) = steady_shop.ask_warehouse(
        "select count(*) / 30.4 from intermediate.int_alerts__scores"
    )
    assert months > 100, "hardly a day was judged"
    assert alerts.get("deviation", 0) <= months / 30, alerts
    # The quarter of Double 11 truly has more refunds and fewer new customers.
    assert alerts.get("divergence", 0) <= 2, alerts


def test_of_20_planted_deviations_18_are_found_within_2_days(shop: Shop) -> None:
    judged = shop.ask_warehouse(
        # A factor does not change a figure of 0.
        f"""select kpi_code, day_on from intermediate.int_alerts__scores
        where kpi_code in {tuple(_PLANTED)} and (kpi_code, day_on) in (
            select (kpi_code, period_start_on) from {_FIGURES}
            where period = 'day' and shop_id = 'all' and dimension = 'all' and value <> 0
        )
        order by all"""
    )
    last = max(day for _, day in judged)
    chance = random.Random(20)
    planted: list[tuple[str, date]] = []
    statements = []
    while len(planted) < 20:
        code, day = chance.choice(judged)
        # One at a time: a figure that has just been changed is no history.
        near = any(other == code and abs((day - known).days) < 100 for other, known in planted)
        if near or day > last - timedelta(days=3):
            continue
        planted.append((code, day))
        factor = chance.choice(_PLANTED[code])
        statements.append(
            f"update {_FIGURES} set value = value * {factor}, numerator = numerator * {factor}"
            f" where kpi_code = '{code}' and period = 'day'"
            f" and period_start_on between date '{day}' and date '{day}' + 3"
        )
    _change(shop, *statements)
    _build(shop)
    alerts = shop.ask_warehouse("select kpi_code, found_on from marts.kpi_alerts")
    missed = [
        (code, day)
        for code, day in planted
        if not any(c == code and day <= found <= day + timedelta(days=2) for c, found in alerts)
    ]
    assert len(missed) <= 2, missed


def test_an_alert_names_the_slice_that_explains_it(shop: Shop) -> None:
    ((day,),) = shop.ask_warehouse(
        "select max(day_on) from intermediate.int_alerts__daily_series where kpi_code = 'ad_spend' and is_ordinary"
    )
    where = f"kpi_code = 'ad_spend' and period = 'day' and period_start_on = date '{day}'"
    ((platform,),) = shop.ask_warehouse(
        f"select dimension_value from {_FIGURES} where {where} and shop_id = 'all'"
        " and dimension = 'ad_platform' order by value desc limit 1"
    )
    # Daily spend of a shop of fifteen orders varies by half of its mean.
    more = f"(select value * 12 from {_FIGURES} where {where} and dimension_value = '{platform}')"
    _change(
        shop,
        f"update {_FIGURES} set value = value + {more}, numerator = numerator + {more}"
        f" where {where} and shop_id = 'all' and (dimension = 'all' or dimension_value = '{platform}')",
    )
    _build(shop)
    rows = shop.ask_warehouse(
        "select main_dimension, main_dimension_value, main_share, deviation from marts.kpi_alerts"
        f" where kpi_code = 'ad_spend' and found_on = date '{day}'"
    )
    assert len(rows) == 1
    dimension, value, share, deviation = rows[0]
    assert (dimension, value, deviation) == ("ad_platform", platform, "up")
    assert 0.8 < share < 1.3


def test_spend_that_grows_with_less_return_is_raised(shop: Shop) -> None:
    """Spend + 18 %, click conversion 1.2 % to 0.9 %, return 3.5 to 2.1, by one of two channels."""
    figures = {
        # spend, clicks, conversions, claimed sales a month: the quarter before, and the quarter.
        "all": ((100_000, 200_000, 2_400, 350_000), (118_000, 240_000, 2_160, 247_800)),
        "paid_search": ((50_000, 100_000, 1_200, 175_000), (50_000, 100_000, 1_200, 175_000)),
        "paid_social": ((50_000, 100_000, 1_200, 175_000), (68_000, 140_000, 960, 72_800)),
    }
    parts = {"ad_spend": (0, None), "click_cvr_reported": (2, 1), "roas_reported": (3, 0)}
    ((last,),) = shop.ask_warehouse(
        "select max(period_start_on) from marts.kpi_values where period = 'month' and is_final"
    )
    months = [f"date '{last}' - interval {back} month" for back in (5, 4, 3, 2, 1, 0)]
    statements = [
        f"delete from {_FIGURES} where period = 'month' and kpi_code in {(*parts, 'new_customers')}"
    ]
    for channel, quarters in figures.items():
        for number, month in enumerate(months):
            row = quarters[number // 3]
            for code, (top, bottom) in parts.items():
                below = row[bottom] if bottom is not None else None
                value = row[top] / below if below else row[top]
                statements.append(
                    f"insert into {_FIGURES} by name select"
                    f" '{code}' as kpi_code, 'month' as period, cast({month} as date) as period_start_on,"
                    f" last_day(cast({month} as date)) as period_end_on, 'all' as shop_id,"
                    f" '{'all' if channel == 'all' else 'channel'}' as dimension,"
                    f" '{channel}' as dimension_value, {row[top]} as numerator,"
                    f" {below or 'null'} as denominator, {value} as value, 'ok' as coverage"
                )
    _change(shop, *statements)
    _build(shop)
    rows = shop.ask_warehouse(
        "select alert_key, en, zh, evidence, is_bad, change, main_dimension_value"
        " from marts.kpi_alerts where deviation = 'spend_without_sales'"
    )
    assert len(rows) == 1
    key, en, zh, evidence, is_bad, change, channel = rows[0]
    assert en.startswith("Ad spend grows") and "广告花费增长" in zh and is_bad
    assert round(change, 4) == 0.18
    assert "Ad spend +18%" in evidence
    assert "Click conversion (platform) -25%" in evidence
    assert "ROAS (platform) -40%" in evidence
    assert channel == "paid_social", "the channel that shows all of it"
    slices = shop.ask_warehouse(
        f"select dimension_value, evidence from marts.kpi_alert_slices where alert_key = '{key}'"
    )
    assert [value for value, _ in slices] == ["paid_social"]
    assert "Ad spend +36%" in slices[0][1]


def test_the_command_tells_people_and_programs_alike(demo_shop: Shop) -> None:
    known = demo_shop.ask("select en, zh, main_dimension_value from marts.kpi_alerts")
    shown = demo_shop.cli("alerts", "--days", 900)
    assert shown.returncode == 0, shown.stderr
    assert known and all(en in shown.stdout and zh in shown.stdout for en, zh, _ in known)
    assert all(main in shown.stdout for _, _, main in known if main)
    rows = json.loads(demo_shop.cli("alerts", "--days", 900, "--json").stdout)
    assert len(rows) == len(known)
    quiet = demo_shop.cli("alerts", "--days", 1)
    assert quiet.returncode == 0 and "No alerts" in quiet.stdout
