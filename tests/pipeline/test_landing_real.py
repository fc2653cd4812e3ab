"""Exports from outside the project, landed with the examples' and small configurations."""

import datetime as dt
import shutil
from contextlib import closing
from decimal import Decimal

import duckdb
import pytest
from landing_kit import LandingShop, real_data

from orchestration.config.settings import PROJECT, Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.landing.land import land


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    """Land an example, and ask its warehouse."""

    def run(name):
        home, inbox = tmp_path_factory.mktemp(name), real_data(name)
        config = PROJECT / "examples" / name / "shop.yml"
        report = land(Settings(home, config, inbox), load_shop_config(config))
        assert report.rejected == []
        con = duckdb.connect(str(home / "private" / "warehouse.duckdb"), read_only=True)
        return con, report

    return run


@pytest.fixture(scope="module")
def bikes(landed):
    con, report = landed("crm_erp")
    with closing(con):
        yield con, report


@pytest.fixture(scope="module")
def northwind(landed):
    con, report = landed("northwind")
    with closing(con):
        yield con, report


def rows(shop, sql):
    return shop[0].execute(sql).fetchall()


def test_bikes_counts(bikes):
    totals = bikes[1].totals
    assert (totals["crm.customers"].read, totals["crm.customers"].quarantined) == (18_494, 4)
    assert (totals["crm.customers"].accepted, totals["crm.customers"].replaced) == (18_484, 6)
    assert (totals["erp.orders"].accepted, totals["erp.orders"].unchanged) == (27_659, 32_739)
    assert totals["erp.orders"].replaced == 0
    assert totals["erp.order_lines"].accepted == 60_398


def test_bikes_customers_all_link_both_ways(bikes):
    linked = "select count(distinct a.customer_id), count(distinct b.customer_id) from raw.crm_customers a "
    for system in ("erp_demographics", "erp_location"):
        sql = f"{linked} join raw.erp_customers b using (member_card_no) where b.source_system = '{system}'"
        assert rows(bikes, sql) == [(18_484, 18_484)]


def test_bikes_sales_are_repaired_and_every_repair_is_listed(bikes):
    assert rows(
        bikes, "select sum(paid_amount), sum(quantity * unit_price) from raw.erp_order_lines"
    ) == [(Decimal(29_356_250), Decimal(29_356_250))]
    found = rows(bikes, "select column_name, count(*) from meta.repairs group by 1 order by 1")
    assert found == [("birth_on", 16), ("ordered_at", 19), ("paid_amount", 23), ("unit_price", 12)]
    assert rows(
        bikes,
        "select total_accepted from meta.control_totals where column_name = 'paid_amount' "
        "and feed = 'erp.order_lines'",
    ) == [(Decimal(29_356_250),)]


def test_bikes_unusable_order_dates_are_ship_date_minus_7_days(bikes):
    raw = rows(
        bikes,
        "select distinct raw_value, repaired_value from meta.repairs where column_name = 'ordered_at' order by 1, 2",
    )
    assert ("5489", "2013-10-26 00:00:00") in raw and ("32154", "2013-10-26 00:00:00") in raw
    assert rows(
        bikes,
        "select count(*) from raw.erp_orders where ordered_at <> paid_at or ordered_at is null",
    ) == [(0,)]
    assert rows(bikes, "select ordered_at from raw.erp_orders where order_id = 'SO64338'") == [
        (dt.datetime(2013, 8, 16),)
    ]


def test_bikes_the_latest_version_of_a_customer_counts(bikes):
    assert rows(
        bikes, "select full_name, gender from raw.crm_customers where customer_id = '29466'"
    ) == [("Lance Jimenez", "male")]
    assert rows(bikes, "select count(*) from history.crm_customers") == [(6,)]
    assert rows(bikes, "select reason_code, count(*) from meta.quarantine group by 1") == [
        ("missing_required", 4)
    ]


def test_bikes_products_have_their_catalogue(bikes):
    assert rows(bikes, "select count(*), count(category) from raw.erp_products") == [(295, 288)]
    assert rows(
        bikes,
        "select count(*) from raw.erp_order_lines anti join raw.erp_products using (product_id)",
    ) == [(0,)]


def test_northwind_money(northwind):
    totals = northwind[1].totals
    assert (totals["erp.orders"].accepted, totals["erp.order_lines"].accepted) == (830, 2155)
    assert totals["erp.customers"].accepted == 91
    assert rows(
        northwind,
        "select sum(quantity * unit_price), sum(quantity * unit_price - merchant_discount_amount) "
        "from raw.erp_order_lines",
    ) == [(Decimal("1354458.59"), Decimal("1265793.0395"))]
    assert rows(northwind, "select sum(shipping_amount) from raw.erp_orders") == [
        (Decimal("64942.69"),)
    ]


def take(shop, folder, *names):
    for name in names:
        shutil.copy(real_data(folder) / name, shop.inbox / name)


def test_sessions_one_field_short_are_quarantined(tmp_path):
    columns = {
        "event_id": "session_id",
        "visitor_id": "session_id",
        "event_at": "started_at",
        "event_name": {"const": "page_view"},
        "crm_customer_id": "customer_id",
        "utm_source": "utm_source",
    }
    mapping = {"files": "sessions.csv", "source_system": "web", "columns": columns}
    shop = LandingShop(tmp_path, {"web.events": [mapping]})
    take(shop, "attribution", "sessions.csv")
    [file] = shop.land().files
    assert file.counts.read == 90
    assert {row[2] for row in shop.quarantined()} <= {"ragged_row"}
    assert file.counts.quarantined == len(shop.quarantined()) > 0


def test_ad_reports_in_micros_and_in_currency(tmp_path):
    feeds = {
        "ads.daily_spend": [
            {
                "files": "google_ads_campaign_stats_data.csv",
                "source_system": "google",
                "profile": "google_ads_campaign",
            },
            {
                "files": "facebook_ads_basic_ad_data.csv",
                "source_system": "facebook",
                "profile": "facebook_ads_ad",
            },
        ]
    }
    shop = LandingShop(tmp_path, feeds)
    take(shop, "ads", "google_ads_campaign_stats_data.csv", "facebook_ads_basic_ad_data.csv")
    assert shop.land().rejected == []
    found = shop.query(
        "select source_system, count(*), sum(clicks), sum(spend_amount) from raw.ads_daily_spend group by 1 order by 1"
    )
    assert [(row[0], row[1], row[3]) for row in found] == [
        ("facebook", 10, Decimal("643.63")),
        ("google", 16, Decimal("231.33")),
    ]
    assert found[1][2] == 280


def test_clickstream_to_the_hour(tmp_path):
    columns = {
        "event_id": {"hash_of": ["user_id", "item_id", "behavior_type", "time"]},
        "visitor_id": "user_id",
        "product_id": "item_id",
        "event_at": "time",
        "event_name": {
            "from": "behavior_type",
            "map": {"1": "view_item", "2": "favourite", "3": "add_to_cart", "4": "pay"},
        },
    }
    mapping = {"files": "tianchi*.csv", "source_system": "tianchi", "columns": columns}
    shop = LandingShop(tmp_path, {"web.events": [mapping]})
    take(shop, "clickstream", "tianchi_mobile_sample_user.csv")
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.quarantined) == (1999, 0)
