"""Headers that earlier files had: a file without one is refused, and values are not replaced by absence."""

from dataclasses import replace
from typing import Any

import duckdb
import pytest
from landing_kit import LandingShop, csv_of, orders

from orchestration.config.shop_config import ShopConfigError
from orchestration.landing.replay import replay

OLD = ("订单编号", "订单状态", "下单时间", "实付金额", "客户")
NEW = (*OLD[:4], "客户编号")
AT = "2024-01-05 10:00:00"


def mapping(**changes: Any) -> dict[str, Any]:
    return orders(columns={"customer_id": "客户"}, **changes)


def row(number: int, amount: object, *cells: object) -> tuple[object, ...]:
    return (number, "交易成功", AT, amount, *cells)


def landed(shop: LandingShop) -> list[tuple[str, str]]:
    return [(file.file, file.status) for file in shop.land().files]


def values(shop: LandingShop) -> list[tuple[Any, ...]]:
    return shop.query(
        "select order_id, paid_amount::varchar, customer_id from raw.erp_orders order by 1"
    )


@pytest.fixture
def shop(tmp_path) -> LandingShop:
    shop = LandingShop(tmp_path, {"erp.orders": [mapping()]})
    shop.put("orders_1.csv", csv_of(OLD, row(1, 10, "C1"), row(2, 20, "C2")))
    return shop


def test_a_missing_earlier_header_stops_the_file(shop):
    shop.put("orders_2.csv", csv_of(NEW, row(1, 11, "C1"), row(3, 30, "C3")))
    first, second = shop.land().files
    assert (first.status, second.status) == ("landed", "rejected")
    for part in (
        "'客户' of customer_id",
        "nearest: '客户编号'",
        "orders_1.csv",
        "may_lack: [customer_id]",
    ):
        assert part in str(second.error)
    assert values(shop) == [("1", "10.0000", "C1"), ("2", "20.0000", "C2")]
    assert landed(shop) == [("orders_1.csv", "unchanged"), ("orders_2.csv", "rejected")]


def test_a_later_landing_and_a_longer_header_know_the_header_too(shop):
    shop.land()
    shop.put("orders_2.csv", csv_of((*OLD, "联系手机"), row(3, 30, "C3", "13800000000")))
    shop.put("orders_3.csv", csv_of(OLD, row(4, 40, "C4")))
    assert [status for _, status in landed(shop)] == ["unchanged", "landed", "rejected"]


def test_a_new_name_beside_the_old_one_reads_both_layouts(shop):
    shop.land()
    shop.put("orders_2.csv", csv_of(NEW, row(1, 11, "C1"), row(3, 30, "C3")))
    both = orders(columns={"customer_id": ["客户", "客户编号"]})
    shop.configure({"erp.orders": [both]})
    assert {status for _, status in landed(shop)} == {"landed"}
    assert [customer for *_, customer in values(shop)] == ["C1", "C2", "C3"]


def test_renaming_the_header_in_the_mapping_stops_the_old_files(shop):
    shop.land()
    shop.put("orders_2.csv", csv_of(NEW, row(3, 30, "C3")))
    shop.configure({"erp.orders": [orders(columns={"customer_id": "客户编号"})]})
    assert landed(shop) == [("orders_1.csv", "rejected"), ("orders_2.csv", "landed")]
    assert [customer for *_, customer in values(shop)] == ["C1", "C2", "C3"]


def test_a_column_that_may_lack_keeps_known_values(shop):
    shop.configure({"erp.orders": [mapping(may_lack=["customer_id"])]})
    shop.put("orders_2.csv", csv_of(OLD[:4], row(1, 11), row(2, 20), row(3, 30)))
    _, second = shop.land().files
    assert (second.counts.accepted, second.counts.unchanged, second.counts.replaced) == (1, 1, 1)
    assert values(shop) == [("1", "11.0000", "C1"), ("2", "20.0000", "C2"), ("3", "30.0000", None)]
    shop.put("orders_3.csv", csv_of(OLD, row(1, 11, "")))
    shop.land()
    assert values(shop)[0] == ("1", "11.0000", None)


def test_what_is_derived_from_a_lacking_column_is_kept_too(tmp_path):
    derived = mapping(
        may_lack=["customer_id"], derive={"member_card_no": "coalesce(customer_id, 'none') || '!'"}
    )
    shop = LandingShop(tmp_path, {"erp.orders": [derived]})
    shop.put("orders_1.csv", csv_of(OLD, row(1, 10, "C1")))
    shop.put("orders_2.csv", csv_of(OLD[:4], row(1, 11), row(2, 20)))
    shop.land()
    assert shop.query("select order_id, member_card_no from raw.erp_orders order by 1") == [
        ("1", "C1!"),
        ("2", "none!"),
    ]


def test_two_mappings_do_not_share_known_headers(tmp_path):
    shop = LandingShop(
        tmp_path, {"erp.orders": [mapping(files="a*"), mapping(files="b*", nulls=["-"])]}
    )
    shop.put("a.csv", csv_of(OLD, row(1, 10, "C1")))
    shop.put("b.csv", csv_of(OLD[:4], row(2, 20)))
    assert {status for _, status in landed(shop)} == {"landed"}


def test_the_archive_lands_again_with_the_same_values(shop, tmp_path):
    shop.land()
    shop.configure({"erp.orders": [mapping(may_lack=["customer_id"])]})
    shop.put("orders_2.csv", csv_of(OLD[:4], row(1, 11), row(3, 30)))
    shop.land()
    before = shop.query("select * exclude (_extra) from raw.erp_orders order by order_id")
    ledger = shop.query("select * from meta.row_ledger")
    shop.settings.warehouse.unlink()
    again = replace(shop.settings, is_rebuilding=True)
    again.rebuilding.mkdir()
    replay(again, shop.config)
    again.warehouse.replace(shop.settings.warehouse)
    assert shop.query("select * exclude (_extra) from raw.erp_orders order by order_id") == before
    assert shop.query("select * from meta.row_ledger") == ledger


def test_an_old_home_without_headers_keeps_its_values(shop):
    shop.land()
    with duckdb.connect(str(shop.settings.warehouse)) as con:
        con.execute("alter table meta.files drop column columns_read")
    shop.put("orders_2.csv", csv_of(OLD[:4], row(1, 11)))
    assert [status for _, status in landed(shop)] == ["unchanged", "landed"]
    assert values(shop)[0] == ("1", "11.0000", "C1")


def test_may_lack_names_a_column_that_has_a_header(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [mapping(may_lack=["customer"])]})
    with pytest.raises(ShopConfigError, match=r"may_lack: no column 'customer'.*customer_id"):
        _ = shop.config
