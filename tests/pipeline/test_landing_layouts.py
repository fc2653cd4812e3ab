"""Layouts of real exports: headers of two rows or none, delimiters of several signs, decimal commas."""

from decimal import Decimal

import pytest
from landing_kit import HEADER, LandingShop, csv_of, order, orders
from test_landing_formats import workbook

from orchestration.config.shop_config import ShopConfigError

NUMBERED = {
    "order_id": "1",
    "status": {"from": "2", "map": {"交易成功": "completed"}},
    "ordered_at": "3",
    "paid_amount": "4",
    "phone": "5",
}


def landed_ids(shop: LandingShop) -> list[str]:
    [file] = shop.land().files
    assert (file.status, file.error) == ("landed", None)
    return [row["order_id"] for row in shop.raw()]


@pytest.mark.parametrize("name", ["orders.csv", "orders.tsv", "orders.xlsx"])
def test_without_a_header_every_row_is_a_record(tmp_path, name):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns=NUMBERED, header="none")]})
    rows = [order("1", "1,5"), order("2"), order("3")]
    if name.endswith("xlsx"):
        page = workbook(rows, sheet="A")
        shop.configure(
            {"erp.orders": [orders(columns=NUMBERED, header="none", sheet="A", nulls=["1,5"])]}
        )
        shop.put(name, page)
    else:
        rows[0] = order("1", '"1,5"' if name.endswith("csv") else "1,5")
        shop.put(name, csv_of(*rows, sep="," if name.endswith("csv") else "\t"))
        shop.configure({"erp.orders": [orders(columns=NUMBERED, header="none", nulls=["1,5"])]})
    assert landed_ids(shop) == ["1", "2", "3"]
    assert shop.query("select min(_row), max(_row) from raw.erp_orders") == [(1, 3)]


def test_a_file_without_headers_that_is_too_narrow_is_refused(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns=NUMBERED, header="none")]})
    shop.put("orders.csv", csv_of(("1", "交易成功")))
    [file] = shop.land().files
    assert "no header '3' for ordered_at" in str(file.error)


def test_no_header_and_a_header_row_exclude_each_other(tmp_path):
    shop = LandingShop(
        tmp_path, {"erp.orders": [orders(columns=NUMBERED, header="none", header_row=2)]}
    )
    with pytest.raises(ShopConfigError, match="without headers has no header_row"):
        _ = shop.config


TRAFFIC = {
    "files": "sycm*",
    "source_system": "sycm",
    "header_rows": 2,
    "columns": {
        "traffic_on": "统计日期",
        "platform": {"const": "tmall"},
        "visitors": "流量/访客数",
        "page_views": "流量/浏览量",
        "paid_amount": "交易/支付金额",
    },
}
MERGED = [
    ("统计日期", "流量", "", "交易", ""),
    ("", "访客数", "浏览量", "支付金额", "访客数"),
    ("2024-06-17", "100", "200", "5000", "7"),
    ("2024-06-18", "110", "210", "6000", "8"),
]


@pytest.mark.parametrize("above", [0, 3])
@pytest.mark.parametrize("name", ["sycm.csv", "sycm.xlsx"])
def test_merged_headers_of_two_rows_are_read_as_paths(tmp_path, name, above):
    is_book = name.endswith("xlsx")
    mapping = {**TRAFFIC, "sheet": "日"} if is_book else TRAFFIC
    shop = LandingShop(tmp_path, {"web.daily_traffic": [mapping]})
    notes = [("生意参谋", "", "", "", "")] * above
    content = workbook(MERGED, sheet="日", above=above) if is_book else csv_of(*notes, *MERGED)
    shop.put(name, content)
    [file] = shop.land().files
    assert (file.error, file.counts.accepted) == (None, 2)
    found = shop.query(
        "select visitors, page_views, paid_amount, _row from raw.web_daily_traffic order by 1"
    )
    assert found == [(100, 200, Decimal(5000), above + 3), (110, 210, Decimal(6000), above + 4)]


@pytest.mark.parametrize(
    ("delimiter", "written"), [("||", "||"), ("blanks", "   "), ("blanks", " \t "), ("~|~", "~|~")]
)
def test_delimiters_of_several_signs_and_of_blanks(tmp_path, delimiter, written):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(delimiter=delimiter)]})
    quoted = order("1", phone='"a || b"'), order("2", at='"2024-01-05 10:00:00"'), order("3")
    rows = [(*row[:2], '"2024-01-05 10:00:00"', *row[3:]) for row in quoted]
    shop.put("orders.txt", csv_of(HEADER, *rows, sep=written))
    assert landed_ids(shop) == ["1", "2", "3"]
    assert shop.raw()[0]["phone"] == "a || b"
    assert shop.query("select delimiter from meta.files") == [(delimiter,)]


def test_a_row_with_other_blanks_is_refused_not_shifted(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(delimiter="||")]})
    shop.put("orders.txt", csv_of(HEADER, order("1"), (*order("2"), "x"), sep="||"))
    assert landed_ids(shop) == ["1"]
    assert shop.quarantined() == [(3, None, "ragged_row")]


def amounts(shop: LandingShop) -> dict[str, Decimal]:
    return {row["order_id"]: row["paid_amount"] for row in shop.raw()}


def test_a_decimal_comma_is_read_where_shop_yml_says_so(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(decimal=",", delimiter=";")]})
    texts = ["1.234,56", "3.000", "12,5", "7", "1.234.567,00 €", "1 234,50", "EUR 2,00", "-0,01"]
    bad = ["12.50", "1,234.56", "1.23", "1,2,3"]
    rows = [order(f"{n:02}", text) for n, text in enumerate(texts + bad)]
    shop.put("orders.csv", csv_of(HEADER, *rows, sep=";"))
    shop.land()
    expected = ["1234.56", "3000", "12.5", "7", "1234567", "1234.5", "2", "-0.01"]
    assert list(amounts(shop).values()) == [Decimal(text) for text in expected]
    assert [code for *_, code in shop.quarantined()] == ["not_a_number"] * len(bad)


def test_three_thousand_or_three_is_never_guessed(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(delimiter=";")]})
    rows = [order("1", "1.234,56"), order("2", "3.000"), order("3", "12.50"), order("4", "1,234")]
    shop.put("orders.csv", csv_of(HEADER, *rows, sep=";"))
    [file] = shop.land().files
    assert amounts(shop) == {"3": Decimal("12.5")}
    assert "set `decimal: ','`" in file.reasons[0].reason
    shop.configure({"erp.orders": [orders(delimiter=";", decimal=".")]})
    shop.land()
    assert amounts(shop) == {"2": Decimal(3), "3": Decimal("12.5"), "4": Decimal(1234)}


def test_without_decimal_commas_a_point_is_a_point(tmp_path):
    shop = LandingShop(tmp_path)
    rows = [order("1", "3.000"), order("2", '"1,234"'), order("3", "x")]
    shop.put("orders.csv", csv_of(HEADER, *rows))
    shop.land()
    assert amounts(shop) == {"1": Decimal(3), "2": Decimal(1234)}


def test_workbook_numbers_keep_their_decimal_point(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(decimal=",", sheet="A")]})
    rows = [order("1", "1.234,56"), order("2", 12.5), order("3", 3.125)]
    shop.put("orders.xlsx", workbook([HEADER, *rows], sheet="A"))
    shop.land()
    assert amounts(shop) == {"1": Decimal("1234.56"), "2": Decimal("12.5")}
