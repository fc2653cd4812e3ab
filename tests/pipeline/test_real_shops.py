"""Real exports that nobody here wrote, with figures that are known from elsewhere."""

from decimal import Decimal

import pytest
from shops import REPO, Shop, real_data


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


def test_bicycle_crm_and_erp_disagree_about_57_genders_and_the_crm_counts(bicycles: Shop) -> None:
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


def test_recovered_bicycle_dates_agree_with_the_rest_of_their_order(bicycles: Shop) -> None:
    assert bicycles.ask(
        "select order_id, ordered_on::varchar from marts.orders"
        " where order_id in ('SO64338', 'SO69215') order by all"
    ) == [("SO64338", "2013-08-16"), ("SO69215", "2013-10-26")]


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
