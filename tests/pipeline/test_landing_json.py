"""JSON exports of APIs: elements of lists as rows, lists of pairs, numbers that lost digits, and rows that explain a header."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from landing_kit import LandingShop, csv_of, orders

from orchestration.landing.read.source import Source
from orchestration.landing.redact import rewrite
from orchestration.landing.redact.scan import Changes

_LINES: dict[str, Any] = {
    "files": "api*.json*",
    "source_system": "api",
    "each": "detail.items",
    "columns": {
        "order_id": "id",
        "line_id": "detail.items.sku",
        "quantity": "detail.items.count",
        "unit_price": {"from": "detail.items.price", "unit": "fen"},
    },
}
_ORDER = {
    "id": 1,
    "phone": "13800000001",
    "detail": {
        "address": "West Lake 1",
        "items": [{"sku": "A", "count": 1, "price": 100}, {"sku": "B", "count": 2, "price": 250}],
    },
}


def _lines(*objects: object) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def test_elements_of_a_list_are_rows_of_their_own(tmp_path):
    shop = LandingShop(tmp_path, {"erp.order_lines": [_LINES]})
    empty = {"id": 2, "detail": {"items": []}}
    shop.put("api.jsonl", _lines(_ORDER, empty) + "no object\n")
    [file] = shop.land().files
    rows = shop.raw("erp_order_lines", "line_id")
    assert [(row["order_id"], row["line_id"], row["unit_price"]) for row in rows] == [
        ("1", "A", Decimal(1)),
        ("1", "B", Decimal("2.5")),
    ]
    assert (file.counts.accepted, file.counts.quarantined) == (2, 1)
    assert file.warnings == ["1 objects have no element of detail.items; they give no rows"]
    # What only the whole object says stays with the mapping of whole objects.
    assert shop.query("select distinct _extra from raw.erp_order_lines") == [(None,)]


def test_objects_whose_lists_are_all_empty_land_no_row(tmp_path):
    shop = LandingShop(tmp_path, {"erp.order_lines": [_LINES]})
    empty = {"id": 2, "detail": {"items": []}}
    shop.put("api_1.jsonl", _lines(_ORDER))
    shop.put("api_2.jsonl", _lines(empty, empty))
    shop.put("api_3.jsonl", _lines({"id": 2, "detail": {"rows": []}}))
    first, second, third = shop.land().files
    assert (first.counts.accepted, second.status, second.counts.read) == (2, "landed", 0)
    assert third.status == "rejected" and "no object has the list 'detail.items'" in third.error


def test_an_array_of_objects_has_elements_too(tmp_path):
    shop = LandingShop(tmp_path, {"erp.order_lines": [_LINES]})
    shop.put("api.json", json.dumps([_ORDER, {**_ORDER, "id": 3}]))
    [file] = shop.land().files
    assert file.counts.accepted == 4
    assert shop.query("select count(distinct _row) from raw.erp_order_lines") == [(4,)]


def test_each_is_refused_for_files_without_lists(tmp_path):
    mapping = {**_LINES, "files": "api.csv"}
    shop = LandingShop(tmp_path, {"erp.order_lines": [mapping]})
    shop.put("api.csv", csv_of(("id", "sku"), (1, 2)))
    [file] = shop.land().files
    assert file.status == "rejected" and "`each` of shop.yml is for JSON files" in file.error


def test_a_nested_header_that_no_object_has_is_missing(tmp_path):
    shop = LandingShop(tmp_path, {"erp.order_lines": [_LINES]})
    shop.put("api.jsonl", _lines({"id": 1, "detail": {"items": [{"sku": "A", "price": 1}]}}))
    [file] = shop.land().files
    assert file.status == "rejected" and "no header 'detail.items.count' for quantity" in file.error


def test_nested_keys_come_and_go_with_the_objects(tmp_path):
    columns = {
        "order_id": "id",
        "status": {"const": "paid"},
        "ordered_at": "at",
        "city": "address.city",
        "phone": "buyer.phone",
    }
    mapping = {"files": "*.jsonl", "source_system": "api", "columns": columns}
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    order = {
        "id": "1",
        "at": "2024-01-05",
        "address": {"city": "Hangzhou"},
        "buyer": {"phone": "138"},
    }
    shop.put("a.jsonl", _lines(order))
    shop.put("b.jsonl", _lines({**order, "at": "2024-01-06", "address": {}} | {"buyer": None}))
    shop.put("c.jsonl", _lines({"id": "2", "at": "2024-01-06"}))
    files = shop.land().files
    assert [file.status for file in files] == ["landed"] * 3
    assert any("header 'address.city' of city is not in the file" in t for t in files[1].warnings)
    one, two = shop.raw()
    assert (one["city"], one["phone"], one["ordered_at"].day) == ("Hangzhou", "138", 5)
    assert two["city"] is None


def test_a_list_of_pairs_has_the_keys_of_the_pairs(tmp_path):
    columns = {
        "event_id": "id",
        "event_at": {"from": "at", "format": "epoch_us"},
        "event_name": {"const": "page_view"},
        "visitor_id": "who",
        "page_url": "params.page",
        "session_id": "params.session",
        "search_term": "params.plain",
    }
    mapping = {"files": "*.jsonl", "source_system": "ga", "columns": columns}
    shop = LandingShop(tmp_path, {"web.events": [mapping]})
    params = [
        {"key": "page", "value": {"string_value": "https://shop.example/"}},
        {"key": "session", "value": {"int_value": "1718676000"}},
        {"key": "plain", "value": "tea"},
    ]
    first = {"id": "1", "at": "1718676000123456", "who": "v", "params": params}
    shop.put("events.jsonl", _lines(first, {**first, "id": "2", "params": []}))
    [file] = shop.land().files
    one, two = shop.raw("web_events", "event_id")
    assert file.counts.accepted == 2
    assert one["event_at"] == datetime(2024, 6, 18, 2, 0, 0, 123456)
    found = (one["page_url"], one["session_id"], one["search_term"])
    assert found == ("https://shop.example/", "1718676000", "tea")
    assert two["page_url"] is None


def test_an_id_that_json_rounded_is_refused(tmp_path):
    mapping = orders(columns={"order_id": "id", "status": {"const": "paid"}, "ordered_at": "at"})
    mapping["columns"] = {k: mapping["columns"][k] for k in ("order_id", "status", "ordered_at")}
    shop = LandingShop(tmp_path, {"erp.orders": [{**mapping, "files": "*.jsonl"}]})
    ids = ("3705115058471208928", 3705115058471208928, 3705115058471208928.0, 12.0)
    shop.put("a.jsonl", _lines(*({"id": one, "at": "2024-01-05"} for one in ids)))
    [file] = shop.land().files
    assert [reason.reason_code for reason in file.reasons] == ["scientific_id"]
    assert {row["order_id"] for row in shop.raw()} == {"3705115058471208928", "12"}


def test_lone_bytes_in_json_are_warned_of(tmp_path):
    mapping = {**_LINES, "columns": {**_LINES["columns"], "product_name": "detail.items.name"}}
    shop = LandingShop(tmp_path, {"erp.order_lines": [mapping]})
    named = {"sku": "A", "count": 1, "price": 1, "name": "T?"}
    content = _lines({"id": 1, "detail": {"items": [named]}}).encode().replace(b"?", b"\xe9")
    shop.put("api.jsonl", content)
    [file] = shop.land().files
    assert any("read as Latin-1" in text for text in file.warnings)


def test_elements_stay_when_their_object_is_emptied(tmp_path):
    """A person's order without the person: what a mapping reads of its items stays."""
    path, target = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    named = {**_ORDER, "items": [{"sku": "A", "note": "for Ann"}], "tags": ["Ann"]}
    path.write_text(_lines(named), encoding="utf-8")
    headers = ["detail", "id", "items", "phone", "tags", "detail.items.sku", "items.sku"]
    changes = Changes()
    for position in (0, 2, 3, 4):
        changes.set(1, position, None)
    rewrite.rewrite(path, target, "jsonl", Source(headers, "x"), {"": changes})
    assert json.loads(target.read_text(encoding="utf-8")) == {
        "id": 1,
        "phone": None,
        "detail": {
            "address": None,
            "items": [
                {"sku": "A", "count": None, "price": None},
                {"sku": "B", "count": None, "price": None},
            ],
        },
        "items": [{"sku": "A", "note": None}],
        "tags": None,
    }


def test_a_row_that_explains_the_header_is_a_note(tmp_path):
    mapping = orders(explanation_row="true")
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    header = ("订单编号", "订单状态", "下单时间", "实付金额", "联系手机")
    explained = ("订单的编号", "见说明", "北京时间", "货款+运费-优惠1", "")
    row = ("T1", "交易成功", "2024-01-05 10:00:00", "9.90", "13800000001")
    shop.put("orders_1.csv", csv_of(header, explained, row))
    shop.put("orders_2.csv", csv_of(header, ("T2", *row[1:])))
    # A quote within a cell sends the file through the careful reader.
    shop.put(
        "orders_3.csv", csv_of(header, explained, ("T3", *row[1:]), ("T4", 'a"b', '"x"y', "", ""))
    )
    files = shop.land().files
    reasons = [[(r.reason_code, r.example_row) for r in file.reasons] for file in files]
    assert reasons[0] == [("note_row", 2)] and reasons[1] == []
    assert ("note_row", 2) in reasons[2]
    assert [row["order_id"] for row in shop.raw()] == ["T1", "T2", "T3"]


def test_the_line_of_copyright_below_a_report_is_a_note(tmp_path):
    shop = LandingShop(tmp_path)
    header = ("订单编号", "订单状态", "下单时间", "实付金额", "联系手机")
    row = ("T1", "交易成功", "2024-01-05 10:00:00", "9.90", "13800000001")
    shop.put(
        "orders.csv", csv_of(header, row, ('"©2024 Example Corporation. All rights reserved. "',))
    )
    [file] = shop.land().files
    assert [reason.reason_code for reason in file.reasons] == ["note_row"]


def test_totals_are_known_where_the_key_is_made_of_cells(tmp_path):
    columns = {
        "entry_id": {"join": ["order", "at"], "with": "/"},
        "entry_type": {"const": "goods"},
        "amount": "money",
        "settled_at": "at",
    }
    mapping = {"files": "*.csv", "source_system": "pay", "columns": columns}
    shop = LandingShop(tmp_path, {"erp.settlements": [mapping]})
    rows = [("at", "order", "money"), ("2024-01-05", "T1", "9.90"), ("合计", "", "9.90")]
    shop.put("a.csv", csv_of(*rows))
    [file] = shop.land().files
    assert [reason.reason_code for reason in file.reasons] == ["total_row"]
    assert file.counts.accepted == 1
