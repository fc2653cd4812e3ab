"""Excel, Parquet, JSON lines, zip and gz; one export in every format gives the same rows."""

import datetime as dt
import gzip
import io
import json
import zipfile
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from landing_kit import HEADER, LandingShop, csv_of, order, orders

AT = dt.datetime(2024, 1, 5, 10, 0, 0)


def workbook(rows, sheet="订单", above=0, date_column=2):
    """An Excel file with the rows; datetimes as date cells, numbers as numbers."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("说明").write(0, 0, "导出说明")
    page = book.add_worksheet(sheet)
    style = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for r, row in enumerate(rows, start=above):
        for c, cell in enumerate(row):
            if isinstance(cell, dt.datetime):
                page.write_datetime(r, c, cell, style)
            elif isinstance(cell, int | float):
                page.write_number(r, c, cell)
            elif cell not in (None, ""):
                page.write_string(r, c, str(cell))
    book.close()
    return buffer.getvalue()


def archive(**members):
    """A zip with the members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as sink:
        for name, body in members.items():
            sink.writestr(name, body)
    return buffer.getvalue()


def test_one_export_in_every_format_gives_identical_rows(tmp_path):
    rows = [
        order("6919000000000000001", "1,234.50"),
        order("0042", "7"),
        order("x", "0.10", phone="𠮷"),
    ]
    text = csv_of(HEADER, *[[f'"{cell}"' for cell in row] for row in rows])
    typed = [(n, s, AT, float(a.replace(",", "")), p) for n, s, _, a, p in rows]
    table = pa.table({name: [row[i] for row in typed] for i, name in enumerate(HEADER)})
    parquet = io.BytesIO()
    pq.write_table(table, parquet)
    records = [dict(zip(HEADER, (*r[:2], str(r[2]), r[3], r[4]), strict=True)) for r in typed]
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    exports = {
        "orders.csv": text.encode(),
        "orders_bom.csv": text.encode("utf-8-sig"),
        "orders_gbk.csv": text.encode("gb18030"),
        "orders.xlsx": workbook([HEADER, *typed]),
        "orders.parquet": parquet.getvalue(),
        "orders.jsonl": lines.encode(),
        "orders.ndjson.gz": gzip.compress(lines.encode()),
    }
    results = []
    for name, content in exports.items():
        shop = LandingShop(tmp_path / name, {"erp.orders": [orders(sheet="订单")]})
        shop.put(name, content)
        [file] = shop.land().files
        assert (file.status, file.counts.accepted, file.error) == ("landed", 3, None), name
        hashes = shop.query("select _row_hash from raw.erp_orders order by order_id")
        results.append((shop.raw(), hashes))
    assert all(result == results[0] for result in results[1:])
    assert [row["order_id"] for row in results[0][0]] == ["0042", "6919000000000000001", "x"]
    assert results[0][0][1]["paid_amount"] == Decimal("1234.5")
    assert results[0][0][1]["ordered_at"] == dt.datetime(2024, 1, 5, 2)


def test_excel_rows_carry_their_sheet_row(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(sheet="订单")]})
    shop.put("orders.xlsx", workbook([HEADER, order(1), order("", "5")], above=3))
    shop.land()
    assert shop.query("select _row from raw.erp_orders") == [(5,)]
    assert shop.quarantined() == [(6, "order_id", "missing_required")]
    shop.configure({"erp.orders": [orders()]})
    [file] = shop.land().rejected
    assert "no header '订单编号'" in file.error and "do not look like headers" in file.error


def test_excel_without_the_sheet_names_its_sheets(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(sheet="明细")]})
    shop.put("orders.xlsx", workbook([HEADER, order(1)]))
    [file] = shop.land().rejected
    assert "no sheet '明细'; its sheets are 说明, 订单" in file.error


def test_excel_numbers_of_more_than_15_digits_are_no_ids(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(sheet="订单")]})
    numbers = (6919000000000000001, "6919000000000000002", "1234567890123456", 1234567890123456, 7)
    shop.put("orders.xlsx", workbook([HEADER, *[order(number) for number in numbers]]))
    [file] = shop.land().files
    assert any(
        "2 numbers of more than 15 digits under '订单编号'" in text for text in file.warnings
    )
    assert shop.quarantined() == [(n, "order_id", "scientific_id") for n in (2, 5)]
    assert [row["order_id"] for row in shop.raw()] == [
        "1234567890123456",
        "6919000000000000002",
        "7",
    ]


def test_excel_is_recognised_behind_a_wrong_suffix(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", workbook([HEADER, order(1)], sheet="a"))
    [file] = shop.land().rejected
    assert "zip archive or an Excel workbook, not text; set `format: xlsx`" in file.error


def test_json_nested_keys_sparse_keys_and_broken_lines(tmp_path):
    columns = {
        "order_id": "order_id",
        "status": {"const": "paid"},
        "ordered_at": {"from": "create_time", "format": "epoch_s"},
        "paid_amount": {"from": "price.order_price", "unit": "fen"},
        "phone": "phone",
    }
    mapping = {"files": "*.jsonl", "source_system": "weixin", "columns": columns}
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    shop.put(
        "a.jsonl",
        '{"order_id": 3705115058471208928, "create_time": 1704421353, "price": {"order_price": 1999}}\n'
        "\n"
        '{"order_id": "2", "create_time": 1704421353, "phone": "138", "note": "x"}\n'
        '{"order_id": "3", "create_time"\n'
        "[1]\n",
    )
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.quarantined, file.error) == (2, 2, None)
    first, second = shop.raw()[1], shop.raw()[0]
    assert (first["order_id"], first["paid_amount"]) == ("3705115058471208928", Decimal("19.99"))
    assert (second["phone"], second["paid_amount"]) == ("138", None)
    assert shop.query("select row_number, reason_code from meta.quarantine order by 1") == [
        (4, "broken_json"),
        (5, "broken_json"),
    ]
    assert shop.query("select _row, _extra from raw.erp_orders order by 1") == [
        (1, r'{"note":null,"price":"{\"order_price\":1999}"}'),
        (3, '{"note":"x","price":null}'),
    ]


def test_parquet_doubles_do_not_become_fractions_or_powers(tmp_path):
    columns = {"order_id": "id", "status": {"const": "paid"}, "ordered_at": "at"}
    mapping = {"files": "*.parquet", "source_system": "s", "columns": columns}
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    sink = io.BytesIO()
    stamps = pa.array([AT, AT], pa.timestamp("us", tz="UTC"))
    pq.write_table(pa.table({"id": pa.array([1234567890123.0, 6.919e18]), "at": stamps}), sink)
    shop.put("a.parquet", sink.getvalue())
    shop.land()
    [row] = shop.raw()
    assert (row["order_id"], row["ordered_at"]) == ("1234567890123", AT)
    assert shop.quarantined() == [(2, "order_id", "scientific_id")]


def test_zip_members_match_by_path_or_by_name(tmp_path):
    feeds = {
        "erp.orders": [orders(files="week.zip/a/*.csv"), orders(files="orders_b.csv", shop_id="b")]
    }
    shop = LandingShop(tmp_path, feeds)
    members = {"a/orders_a.csv": csv_of(HEADER, order(1)), "orders_b.csv": csv_of(HEADER, order(2))}
    shop.put("week.zip", archive(**members, **{"readme.txt": "x"}))
    report = shop.land()
    assert [(file.file, file.status) for file in report.files] == [
        ("week.zip/a/orders_a.csv", "landed"),
        ("week.zip/orders_b.csv", "landed"),
    ]
    assert report.unmatched == ["week.zip/readme.txt"]
    assert shop.query("select shop_id, _file from raw.erp_orders order by 1") == [
        ("b", "week.zip/orders_b.csv"),
        ("camellia", "week.zip/a/orders_a.csv"),
    ]


def test_zip_from_a_chinese_windows_keeps_its_names(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(files="订单_*.csv")]})
    body = archive(**{"XXXX_1.csv": csv_of(HEADER, order(1))})
    shop.put("a.zip", body.replace(b"XXXX", "订单".encode("gbk")))
    [file] = shop.land().files
    assert (file.file, file.status) == ("a.zip/订单_1.csv", "landed")


def test_the_same_content_in_another_wrapping_is_no_news(tmp_path):
    shop = LandingShop(tmp_path)
    text = csv_of(HEADER, order(1))
    shop.put("orders.csv", text)
    shop.land()
    shop.put("orders.csv.gz", gzip.compress(text.encode()))
    shop.put("orders.zip", archive(**{"orders_again.csv": text}))
    report = shop.land()
    assert [file.status for file in report.files] == ["unchanged", "unchanged", "unchanged"]
    assert report.batch_id is None


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("orders.csv", b"", "is empty"),
        ("orders.csv", b"\x00\x01\x02\x00\x00\x00binary", "is binary"),
        ("orders.xls", b"<html><table></table>", "not a readable Excel workbook"),
        ("orders.csv", b"<html><table></table>", "web page"),
        ("orders.xlsx", b"PK\x03\x04torn", "not a readable Excel workbook"),
        ("orders.parquet", b"PAR1torn", "not a readable Parquet file"),
        ("orders.jsonl", b"a,b\n1,2\n", "no JSON objects"),
        ("orders.csv.gz", gzip.compress(csv_of(HEADER, order(1)).encode() * 99)[:-9], "torn"),
        ("orders.json", b'[{"a": 1},\n{"a": ', "not a readable JSON array"),
        ("orders.json", b"[1, 2]", "no JSON objects; expected one object a line"),
        ("orders.csv.gz", b"no gzip", "torn"),
        (
            "orders.csv",
            csv_of(("订单编号", "状态")).encode(),
            "no header '订单状态' for status; nearest: '状态'",
        ),
    ],
)
def test_a_bad_file_is_refused_as_a_whole_and_the_others_land(tmp_path, name, content, expected):
    shop = LandingShop(tmp_path)
    shop.put(name, content)
    shop.put("orders_good.csv", csv_of(HEADER, order(1)))
    report = shop.land()
    [bad] = report.rejected
    assert bad.error.startswith(f"{name}: ") and expected in bad.error
    assert [file.file for file in report.landed] == ["orders_good.csv"]
    assert shop.query("select count(*) from raw.erp_orders") == [(1,)]
    assert shop.query("select status, error from meta.files where status = 'rejected'") == [
        ("rejected", bad.error)
    ]
    assert len(list(shop.settings.archive.rglob("*.csv"))) == 1


def test_a_torn_zip_is_refused_for_the_feed_that_names_it(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(files="week.zip/*.csv")]})
    shop.put("week.zip", archive(**{"orders.csv": csv_of(HEADER, order(1))})[:-30])
    [file] = shop.land().rejected
    assert (file.feed, file.file) == ("erp.orders", "week.zip") and "torn" in file.error


def test_a_torn_member_is_refused(tmp_path):
    shop = LandingShop(tmp_path)
    body = bytearray(archive(**{"orders.csv": csv_of(HEADER, *[order(i) for i in range(99)])}))
    body[60:90] = b"\0" * 30
    shop.put("week.zip", bytes(body))
    [file] = shop.land().rejected
    assert file.file == "week.zip/orders.csv" and "torn" in file.error


def test_a_rejected_file_is_tried_again_and_told_once(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", "a,b\n1,2\n")
    first, second = shop.land(), shop.land()
    assert first.batch_id and second.batch_id is None
    assert [file.status for file in second.files] == ["rejected"]
    assert shop.query("select count(*) from meta.files") == [(1,)]
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    assert [file.status for file in shop.land().files] == ["landed"]


def test_a_json_array_lands_element_by_element(tmp_path):
    shop = LandingShop(tmp_path)
    records = [dict(zip(HEADER, order(n, "1.10"), strict=True)) for n in (1, 2)]
    text = json.dumps([*records, 3], ensure_ascii=False, indent=1)
    shop.put("orders.json", text.replace('"订单编号": 2', '"订单编号": 6919000000000000001'))
    [file] = shop.land().files
    assert (file.counts.accepted, shop.quarantined()) == (2, [(3, None, "broken_json")])
    assert [row["order_id"] for row in shop.raw()] == ["1", "6919000000000000001"]


def test_a_control_character_in_a_json_line_loses_no_row(tmp_path):
    shop = LandingShop(tmp_path)
    lines = [
        json.dumps(dict(zip(HEADER, order(n), strict=True)), ensure_ascii=False) for n in range(4)
    ]
    lines[1] = lines[1].replace("交易", "交\x01易")
    lines[2] = lines[2].replace("交易", "交\\u0001易")
    shop.put("orders.jsonl", "\n".join(lines))
    [file] = shop.land().files
    assert file.counts.read == 4
    assert shop.quarantined() == [(2, None, "broken_json"), (3, "status", "unknown_value")]


def test_two_zip_members_of_one_name_are_refused(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as sink, pytest.warns(UserWarning, match="Duplicate"):
        for name, number in (("orders_1", 1), ("orders_1", 2), ("orders_2", 3), ("orders_2", 3)):
            sink.writestr(f"{name}.csv", csv_of(HEADER, order(number)))
    shop = LandingShop(tmp_path, {"erp.orders": [orders(files="*.zip/orders*")]})
    shop.put("day.zip", buffer.getvalue())
    report = shop.land()
    assert [(file.file, file.status) for file in report.files] == [
        ("day.zip/orders_2.csv", "landed"),
        ("day.zip/orders_1.csv", "rejected"),
    ]
    assert "several files of this name" in str(report.rejected[0].error)
    assert [row["order_id"] for row in shop.raw()] == ["3"]
