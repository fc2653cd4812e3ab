"""Text tables as real systems write them: encodings, delimiters, junk, ragged rows, quotes."""

import json
from decimal import Decimal

import pytest
from landing_kit import HEADER, LandingShop, csv_of, order, orders

ROWS = (
    HEADER,
    order("8001234567890123456", "1,234.50"),
    order("8001234567890123457", phone="𠮷野家"),
)


def landed(shop: LandingShop) -> None:
    """Land and insist that the only file landed."""
    [file] = shop.land().files
    assert (file.status, file.error) == ("landed", None)


@pytest.mark.parametrize(
    ("encoding", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
def test_encodings_are_detected_and_recorded(tmp_path, encoding, recorded):
    shop = LandingShop(tmp_path)
    text = csv_of(*[(f'"{c}"' for c in row) for row in ROWS])
    shop.put("orders.csv", ("\ufeff" if encoding == "utf-16-be" else "") + text, encoding)
    landed(shop)
    assert [row["order_id"] for row in shop.raw()] == ["8001234567890123456", "8001234567890123457"]
    assert [row["phone"] for row in shop.raw()] == ["13800000000", "𠮷野家"]
    assert shop.query("select encoding, delimiter from meta.files") == [(recorded, ",")]


def test_gbk_with_a_windows_euro_sign(tmp_path):
    shop = LandingShop(tmp_path)
    body = csv_of(HEADER, order(1, phone="价格#")).encode("gbk").replace(b"#", b"\x80")
    shop.put("orders.csv", body)
    landed(shop)
    assert shop.raw()[0]["phone"] == "价格€"


def test_gb18030_that_straddles_read_chunks(tmp_path, monkeypatch):
    from orchestration.landing.read import encoding

    monkeypatch.setattr(encoding, "CHUNK", 7)
    shop = LandingShop(tmp_path)
    shop.put(
        "orders.csv", csv_of(*(HEADER, *[order(i, phone="𠮷山茶") for i in range(50)])), "gb18030"
    )
    landed(shop)
    assert {row["phone"] for row in shop.raw()} == {"𠮷山茶"}


def test_latin_letters_are_a_last_resort_with_a_warning(tmp_path):
    columns = {
        "order_id": "id",
        "status": {"const": "paid"},
        "ordered_at": "at",
        "receiver_name": "name",
    }
    mapping = {"files": "*.csv", "source_system": "s", "columns": columns}
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    shop.put("a.csv", "id,at,name\n1,2024-01-05,Göteborg Café\n", "latin-1")
    [file] = shop.land().files
    assert any("read as Latin-1" in warning for warning in file.warnings)
    assert shop.raw()[0]["receiver_name"] == "Göteborg Café"
    shop.configure({"erp.orders": [{**mapping, "encoding": "latin-1"}]})
    [file] = shop.land().files
    assert file.warnings == [] and file.status == "landed"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("at", [0, 5, 8])
@pytest.mark.parametrize("damage", [b"\xff", b"\xff\xfe"])
def test_a_damaged_byte_makes_no_latin_of_a_chinese_file(tmp_path, encoding, at, damage):
    shop = LandingShop(tmp_path)
    lines = (
        csv_of(HEADER, *[order(i, phone="山茶小铺") for i in range(9)])
        .encode(encoding)
        .split(b"\n")
    )
    lines[at + 1] = lines[at + 1].replace("山".encode(encoding), damage)
    shop.put("orders.csv", b"\n".join(lines))
    [file] = shop.land().rejected
    name = {"utf-8": "UTF-8", "gb18030": "GB18030"}[encoding]
    offset = b"\n".join(lines).index(damage) + 1
    assert f"orders.csv: byte {offset} (line {at + 2}) is not valid {name}" in file.error


def test_wrong_declared_encoding_is_an_error(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(encoding="gb18030")]})
    shop.put("orders.csv", csv_of(HEADER, order(1, phone="小")).encode() + b"\xff\xff\n")
    [file] = shop.land().rejected
    assert "is not gb18030" in file.error


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "\x01"])
def test_delimiters_are_sniffed_by_the_headers(tmp_path, delimiter):
    shop = LandingShop(tmp_path)
    shop.put("orders.txt", csv_of(HEADER, order(1), order(2), sep=delimiter))
    landed(shop)
    assert len(shop.raw()) == 2
    assert shop.query("select delimiter from meta.files") == [(delimiter,)]


def test_a_given_delimiter_is_taken(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(delimiter="\\t")]})
    shop.put("orders.tsv", csv_of(HEADER, order(1), sep="\t"))
    landed(shop)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, newline):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1), order(2)).replace("\n", newline))
    landed(shop)
    assert shop.query("select order_id, _row from raw.erp_orders order by 1") == [
        ("1", 2),
        ("2", 3),
    ]


def test_mixed_line_ends_lose_nothing(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put(
        "orders.csv", csv_of(HEADER, order(1)) + csv_of(order(2), order(3)).replace("\n", "\r\n")
    )
    landed(shop)
    assert shop.query("select order_id, _row from raw.erp_orders order by 1") == [
        ("1", 2),
        ("2", 3),
        ("3", 4),
    ]


def test_junk_above_the_header_and_spreadsheet_row_numbers(tmp_path):
    shop = LandingShop(tmp_path)
    junk = '店铺: 山茶小铺\n"导出说明,\n两行",x\n\n'
    shop.put("orders.csv", junk + csv_of(HEADER, order(1), order(2, "abc")))
    landed(shop)
    assert shop.query("select _row from raw.erp_orders") == [(5,)]
    assert shop.quarantined() == [(6, "paid_amount", "not_a_number")]


def test_header_row_can_be_given(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(header_row=3)]})
    shop.put("orders.csv", csv_of(HEADER, order("a"), HEADER, order("b")))
    landed(shop)
    assert [row["order_id"] for row in shop.raw()] == ["b"]


def test_quotes_with_line_ends_and_blank_lines(tmp_path):
    shop = LandingShop(tmp_path)
    text = csv_of(HEADER, order(1, phone='"138\n\n0000 ""x"", y"')) + "\n" + csv_of(order(2))
    shop.put("orders.csv", text)
    landed(shop)
    assert shop.query("select order_id, phone, _row from raw.erp_orders order by 1") == [
        ("1", '138\n\n0000 "x", y', 2),
        ("2", "13800000000", 4),
    ]


def test_rows_may_end_before_a_header_that_the_mapping_names(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(may_end_before=HEADER[-1])]})
    short, shorter = order(2)[:-1], order(3)[:-2]
    shop.put("orders.csv", csv_of(HEADER, order(1), short, shorter, ("合计", "2"), order(4)))
    [file] = shop.land().files
    assert (file.counts.read, file.counts.accepted, file.counts.quarantined) == (5, 3, 2)
    assert [row[:1] for row in shop.query("select order_id from raw.erp_orders order by 1")] == [
        ("1",),
        ("2",),
        ("4",),
    ]
    assert shop.quarantined() == [(4, None, "ragged_row"), (5, None, "total_row")]
    [(warnings,)] = shop.query("select warnings from meta.files")
    assert "rows that end before the last column: 1;" in warnings
    other = LandingShop(tmp_path / "other", {"erp.orders": [orders(may_end_before="没有")]})
    other.put("orders.csv", csv_of(HEADER, short))
    [file] = other.land().files
    assert file.status == "rejected" and "has no header 没有" in file.error


def test_ragged_rows_are_quarantined_where_they_stand(tmp_path):
    shop = LandingShop(tmp_path)
    text = csv_of(HEADER, order(1), ("2", "交易成功"), order(3), (*order(4), "x", "y"), order(5))
    shop.put("orders.csv", text)
    [file] = shop.land().files
    assert (file.counts.read, file.counts.accepted, file.counts.quarantined) == (5, 3, 2)
    assert shop.query("select order_id, _row from raw.erp_orders order by 1") == [
        ("1", 2),
        ("3", 4),
        ("5", 6),
    ]
    rows = shop.query(
        "select row_number, reason_code, reason, payload from meta.quarantine order by 1"
    )
    assert [row[:2] for row in rows] == [(3, "ragged_row"), (5, "ragged_row")]
    assert "2 cells, the header has 5" in rows[0][2]
    assert json.loads(rows[0][3]) == {"订单编号": "2", "订单状态": "交易成功"}
    assert json.loads(rows[1][3])["(further cells)"] == "x,y"


def test_empty_cells_after_the_last_column_are_no_fault(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, (*order(1), ""), (*order(2), "", ""), order(3)))
    landed(shop)
    assert len(shop.raw()) == 3


def test_rows_of_empty_cells_are_no_rows(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1), ("",) * 5, order(2)))
    [file] = shop.land().files
    assert file.counts.read == 2
    assert shop.query("select max(_row) from raw.erp_orders") == [(4,)]


def test_a_broken_quote_within_one_line_is_quarantined(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1), order('"2"x'), order(3)))
    landed(shop)
    assert shop.quarantined() == [(3, None, "broken_quotes")]
    assert len(shop.raw()) == 2


@pytest.mark.parametrize("rest", [2, 3000])
def test_an_unclosed_quote_refuses_the_file(tmp_path, rest):
    shop = LandingShop(tmp_path)
    rows = [order(i) for i in range(rest)]
    shop.put("orders.csv", csv_of(HEADER, order("a"), order("b", phone='"13'), *rows))
    [file] = shop.land().rejected
    assert "the quote opened in row 3 is not closed" in file.error
    assert shop.query("select count(*) from raw.erp_orders") == [(0,)]


def test_a_quote_that_swallows_rows_refuses_the_file(tmp_path):
    shop = LandingShop(tmp_path)
    text = csv_of(HEADER, order(1, phone='"13'), order(2), order(3, phone='14"'), order(4))
    shop.put("orders.csv", text)
    [file] = shop.land().rejected
    assert "row 2" in file.error


def test_headers_are_found_whatever_their_width_case_or_unit(tmp_path):
    columns = {
        "order_id": "Order ID",
        "status": {"const": "paid"},
        "ordered_at": "下单时间",
        "paid_amount": "实付金额(元)",
        "list_amount": "商品总价",
    }
    mapping = {"files": "*", "source_system": "pdd", "columns": columns}
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    shop.put("a.csv", "\tＯrder id ,下单 时间,实付金额（元）,商品总价(元)\n1,2024-01-05,9.9,10\n")
    landed(shop)
    [row] = shop.raw()
    assert (row["paid_amount"], row["list_amount"]) == (Decimal("9.9"), Decimal(10))


def test_the_second_of_two_equal_headers_is_called_1(tmp_path):
    columns = {"columns": {"list_amount": "实付金额.1"}}
    shop = LandingShop(tmp_path, {"erp.orders": [orders(**columns)]})
    shop.put("orders.csv", csv_of((*HEADER, "实付金额"), (*order(1, "5"), "7")))
    landed(shop)
    [row] = shop.raw()
    assert (row["paid_amount"], row["list_amount"]) == (Decimal(5), Decimal(7))


def test_cells_lose_what_spreadsheets_add_and_nothing_else(tmp_path):
    columns = {"receiver_name": "收货人"}
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns=columns)]})
    head = (*HEADER, "收货人")
    shop.put(
        "orders.csv",
        csv_of(
            head,
            (*order('"\t6919000000000000001"'), "\u3000茶 花\u3000"),
            (*order("'6919000000000000002"), "'s-Hertogenbosch"),
            (*order('"=""0006919000000000003"""'), "--"),
            (*order("\ufeff 0042 "), ""),
        ),
    )
    landed(shop)
    assert [(row["order_id"], row["receiver_name"]) for row in shop.raw()] == [
        ("0006919000000000003", None),
        ("0042", None),
        ("6919000000000000001", "茶 花"),
        ("6919000000000000002", "'s-Hertogenbosch"),
    ]


def test_a_header_without_rows_is_an_export_without_orders(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER))
    shop.put("orders_.csv", ",".join(HEADER))
    assert [(file.status, file.counts.read) for file in shop.land().files] == [("landed", 0)] * 2
    assert shop.query("select rows_read from meta.row_ledger") == [(0,), (0,)]


def test_names_with_quotes_are_names(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(source_system="o'neill")]})
    shop.put(
        "orders'\"; drop.csv", csv_of((*HEADER, "it's"), (*order("a'b"), "x"), (*order(""), "y"))
    )
    landed(shop)
    assert shop.query("select _file, _extra, source_system from raw.erp_orders") == [
        ("orders'\"; drop.csv", '{"it\'s":"x"}', "o'neill")
    ]


def test_unmapped_headers_are_kept_and_named(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of((*HEADER, "备注", "旗帜"), (*order(1), "急", "")))
    [file] = shop.land().files
    assert any("备注, 旗帜" in warning for warning in file.warnings)
    [(extra,)] = shop.query("select _extra from raw.erp_orders")
    assert json.loads(extra) == {"备注": "急", "旗帜": None}


def test_no_extra_when_every_header_is_mapped(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    landed(shop)
    assert shop.query("select _extra from raw.erp_orders") == [(None,)]


def test_rows_keep_the_order_of_a_large_file(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, *[order(i) for i in range(2, 150_002)]))
    landed(shop)
    assert shop.query(
        "select count(*), count(*) filter (order_id <> _row) from raw.erp_orders"
    ) == [(150_000, 0)]


def test_rows_keep_their_order_when_a_repair_needs_a_join(tmp_path):
    words = ", ".join(f"'{n}'" for n in range(40))
    repair = {"column": "phone", "when": f"phone in ({words})", "value": "null", "why": "test"}
    shop = LandingShop(tmp_path, {"erp.orders": [orders(repairs=[repair])]})
    shop.put("orders.csv", csv_of(HEADER, *[order(i) for i in range(2, 150_002)]))
    landed(shop)
    assert shop.query("select count(*) filter (order_id <> _row) from raw.erp_orders") == [(0,)]


def test_a_quote_in_the_header_that_swallows_rows_refuses_it(tmp_path):
    shop = LandingShop(tmp_path)
    text = csv_of(HEADER, order("T1"), order("T2")).replace("实付金额", '"实付金额')
    shop.put("orders_1.csv", text.replace("T2", '"T2"'))
    shop.put("orders_2.csv", csv_of(HEADER, order("T1")).replace("实付金额", '"实付\n(元)金额"'))
    first, second = shop.land().files
    assert first.status == "rejected" and "a quote in the header swallows the rows" in first.error
    assert (second.status, second.counts.accepted) == ("landed", 1)
