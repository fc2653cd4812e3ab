"""What happens to single rows: quarantine with reasons, repairs, maps, lookups, totals, hashes."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from landing_kit import HEADER, LandingShop, csv_of, order, orders

REVIEW = {
    "review_id": "id",
    "reviewed_at": "at",
    "rating": "stars",
    "body": "text",
    "order_id": "order",
}


def reasons(shop):
    return shop.query("select row_number, reason_code, reason from meta.quarantine order by 1")


@pytest.mark.parametrize(
    ("cells", "column", "code", "words"),
    [
        (order(""), "order_id", "missing_required", "order_id (订单编号) is empty"),
        (
            order("2.50623E+14"),
            "order_id",
            "scientific_id",
            "the value (form #.#####a+##) was rounded by a spreadsheet",
        ),
        (
            order(1, "十元"),
            "paid_amount",
            "not_a_number",
            "paid_amount (实付金额): the value (form xx) is not a number",
        ),
        (order(1, "1e"), "paid_amount", "not_a_number", "the value (form #a) is not a number"),
        (order(1, at="05/01/2024"), "ordered_at", "not_a_date", "give `format` in shop.yml"),
        (order(1, at="1800-01-01"), "ordered_at", "out_of_range", "is not between 1900 and 2099"),
        (order(1, at="0000-00-00 00:00:00"), "ordered_at", "missing_required", "is empty"),
        (
            order(1, status="待发货"),
            "status",
            "unknown_value",
            "(form xxx) is none of unpaid, paid",
        ),
        (
            order(1, phone="1.38E+10"),
            "phone",
            "scientific_id",
            "phone (联系手机): the value was rounded",
        ),
    ],
)
def test_a_bad_row_is_quarantined_with_its_reason(tmp_path, cells, column, code, words):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order("good"), cells))
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.quarantined) == (1, 1)
    [row] = shop.query(
        "select feed, source_system, shop_id, file_name, row_number, column_name, reason_code, "
        "reason, payload from meta.quarantine"
    )
    assert row[:5] == ("erp.orders", "taobao", "camellia", "orders.csv", 3)
    assert row[5:7] == (column, code) and words in row[7]
    expected = {header: str(cell) or None for header, cell in zip(HEADER, cells, strict=True)}
    assert json.loads(row[8]) == expected


def test_a_row_with_several_faults_is_one_row_with_all_reasons(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order("", "abc", at="never")))
    shop.land()
    [(_, code, reason)] = reasons(shop)
    assert code == "missing_required"
    assert "order_id" in reason and "ordered_at" in reason and "paid_amount" in reason


def test_personal_values_stay_out_of_reasons(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1, phone="1.38E+10")))
    shop.land()
    assert "1.38" not in reasons(shop)[0][2]


def test_unknown_optional_words_become_null_and_are_noted(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns={"order_type": "类型"})]})
    head = (*HEADER, "类型")
    shop.put("orders.csv", csv_of(head, (*order(1), "GIFT"), (*order(2), "补发"), (*order(3), "")))
    shop.land()
    assert [row["order_type"] for row in shop.raw()] == ["gift", None, None]
    assert shop.query(
        "select row_number, column_name, raw_value, repaired_value, rule from meta.repairs"
    ) == [(3, "order_type", "补发", None, "unknown_value")]


def test_numbers_outside_the_contracts_bounds(tmp_path):
    mapping = {"files": "*.csv", "source_system": "s", "columns": REVIEW}
    shop = LandingShop(tmp_path, {"crm.reviews": [mapping]})
    head = ("id", "at", "stars", "text", "order")
    shop.put("a.csv", csv_of(head, *[(n, "2024-01-05", n, "茶", n) for n in (0, 1, 5, 6, "2.5")]))
    shop.land()
    assert [row["rating"] for row in shop.raw("crm_reviews", "review_id")] == [1, 5]
    assert [(row[1], row[2]) for row in reasons(shop)] == [
        ("out_of_range", "rating (stars): the value is below 1."),
        ("out_of_range", "rating (stars): the value is above 5."),
        ("not_a_number", "rating (stars): the value (form #.#) is not a whole number."),
    ]


def test_lenient_columns_become_null_and_are_noted(tmp_path):
    columns = {"paid_at": {"from": "付款", "invalid": "null"}}
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns=columns)]})
    shop.put(
        "orders.csv", csv_of((*HEADER, "付款"), (*order(1), "soon"), (*order(2), "2024-01-05"))
    )
    shop.land()
    assert [row["paid_at"] for row in shop.raw()] == [None, dt.datetime(2024, 1, 4, 16)]
    assert shop.query("select raw_value, repaired_value, rule from meta.repairs") == [
        ("soon", None, "unreadable_value")
    ]


def test_repairs_run_in_order_after_parsing_and_are_logged(tmp_path):
    repairs = [
        {
            "column": "paid_amount",
            "when": "paid_amount < 0",
            "value": "abs(paid_amount)",
            "why": "sign",
        },
        {"column": "ordered_at", "when": "ordered_at is null", "value": "paid_at", "why": "paid"},
        {"column": "paid_amount", "when": "paid_amount > 100", "value": "100", "why": "cap"},
    ]
    mapping = orders(columns={"paid_at": "付款"}, repairs=repairs)
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    head = (*HEADER, "付款")
    rows = [order(1, "-500", at="0"), order(2, "7"), order(3, "x", at="0"), order(4, "100")]
    shop.put("orders.csv", csv_of(head, *[(*row, "2024-01-05") for row in rows]))
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.quarantined) == (3, 1)
    assert [(row["paid_amount"], row["ordered_at"]) for row in shop.raw()] == [
        (Decimal(100), dt.datetime(2024, 1, 4, 16)),
        (Decimal(7), dt.datetime(2024, 1, 5, 2)),
        (Decimal(100), dt.datetime(2024, 1, 5, 2)),
    ]
    found = shop.query(
        "select row_number, column_name, raw_value, repaired_value, rule from meta.repairs"
    )
    assert sorted(found) == [
        (2, "ordered_at", "0", "2024-01-04 16:00:00", "paid"),
        (2, "paid_amount", "-500", "100.0000", "cap"),
        (2, "paid_amount", "-500", "500.0000", "sign"),
    ]
    assert [row[:2] for row in reasons(shop)] == [(4, "not_a_number")]


def test_a_failed_repair_leaves_the_row_to_quarantine(tmp_path):
    repair = {"column": "ordered_at", "when": "ordered_at is null", "value": "paid_at", "why": "x"}
    shop = LandingShop(tmp_path, {"erp.orders": [orders(repairs=[repair])]})
    shop.put("orders.csv", csv_of(HEADER, order(1, at="")))
    shop.land()
    assert [row[1] for row in reasons(shop)] == ["missing_required"]


def test_derived_columns_see_repaired_values_and_fail_to_null(tmp_path):
    repair = {"column": "list_amount", "when": "list_amount is null", "value": "0", "why": "none"}
    derive = {"paid_at": "ordered_at", "tax_amount": "paid_amount / list_amount"}
    mapping = orders(columns={"list_amount": "总额"}, repairs=[repair], derive=derive)
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    shop.put("orders.csv", csv_of((*HEADER, "总额"), (*order(1, "8"), "4"), (*order(2, "8"), "")))
    shop.land()
    assert [(row["paid_at"], row["tax_amount"]) for row in shop.raw()] == [
        (dt.datetime(2024, 1, 5, 2), Decimal(2)),
        (dt.datetime(2024, 1, 5, 2), None),
    ]


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [(None, ["paid", "shipped"]), ("null", ["paid", None]), ("unpaid", ["paid", "unpaid"])],
)
def test_value_maps_and_their_else(tmp_path, otherwise, expected):
    spec = {"from": "订单状态", "map": {"已付款": "paid"}} | (
        {"else": otherwise} if otherwise else {}
    )
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns={"status": spec})]})
    shop.put("orders.csv", csv_of(HEADER, order(1, status="已付款"), order(2, status="Shipped")))
    shop.land()
    kept = [row["status"] for row in shop.raw()]
    assert kept == [word for word in expected if word]
    assert len(shop.quarantined()) == expected.count(None)


def test_units_replacements_joins_constants_and_file_names(tmp_path):
    columns = {
        "paid_amount": {"from": "实付金额", "unit": "fen"},
        "shipping_amount": {"from": "运费", "factor": "0.1"},
        "customer_id": {"from": "会员", "replace": {"^NAS": "", "-": ""}},
        "receiver_name": {"join": ["名", "姓"], "with": "·"},
        "platform": {"const": "tmall"},
        "promotion_id": {"file_name": r"_(\d+)\."},
    }
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns=columns)]})
    head = (*HEADER, "运费", "会员", "名", "姓")
    shop.put("sub/orders.csv", "never matched: * stays within a folder\n")
    shop.put(
        "orders_618.csv",
        csv_of(
            head,
            (*order(1, "1999"), "15", "NASAW-0001", "茶", "山"),
            (*order(2, ""), "", "", "茶", ""),
        ),
    )
    report = shop.land()
    assert report.unmatched == ["sub/orders.csv"]
    first, second = shop.raw()
    assert (first["paid_amount"], first["shipping_amount"]) == (Decimal("19.99"), Decimal("1.5"))
    assert (first["customer_id"], first["receiver_name"]) == ("AW0001", "茶·山")
    assert (first["platform"], first["promotion_id"]) == ("tmall", "618")
    assert (second["customer_id"], second["receiver_name"], second["paid_amount"]) == (
        None,
        "茶",
        None,
    )


def test_lookups_in_another_file_of_the_inbox(tmp_path):
    spec = {
        "from": "类目",
        "map": {"file": "类目.csv", "key": "编号", "value": "名称"},
        "else": "null",
    }
    columns = {"product_id": "编号", "category": spec}
    mapping = {"files": "商品.csv", "source_system": "s", "columns": columns}
    shop = LandingShop(tmp_path, {"erp.products": [mapping]})
    shop.put("商品.csv", "编号,类目\n1,a\n2,b\n3,\n")
    [file] = shop.land().rejected
    assert "类目.csv is not in the inbox" in file.error
    shop.put("类目.csv", "编号,名称\na,茶\n", "gb18030")
    report = shop.land()
    assert report.unmatched == [] and report.landed[0].counts.accepted == 3
    assert [row["category"] for row in shop.raw("erp_products", "product_id")] == ["茶", None, None]
    shop.put("类目.csv", "编号,名称\na,茶叶\nb,器具\n")
    assert shop.land().landed[0].counts.replaced == 2
    assert [row["category"] for row in shop.raw("erp_products", "product_id")] == [
        "茶叶",
        "器具",
        None,
    ]
    shop.put("类目.csv", "编号,名\na,茶叶\n")
    [file] = shop.land().rejected
    assert "no header '名称' for value" in file.error


def test_total_rows_are_compared_to_the_rows(tmp_path):
    shop = LandingShop(tmp_path)
    rows = [order(1, "40.50"), order(2, "61.62"), ("合计", "", "", "102.12", "")]
    shop.put("orders_good.csv", csv_of(HEADER, *rows))
    shop.put("orders_off.csv", csv_of(HEADER, *rows[:2], ("总计：", "", "", "500.00", "")))
    report = shop.land()
    assert [file.counts.quarantined for file in report.files] == [1, 1]
    good, off = shop.query("select reason_code, reason from meta.quarantine order by file_name")
    assert good[0] == off[0] == "total_row"
    assert "paid_amount is what the rows add up to" in good[1]
    assert "paid_amount is not what the rows add up to" in off[1]
    assert any("row 4: Total row" in text for text in report.files[1].warnings)
    assert report.files[0].warnings == []
    assert shop.query("select distinct total_read, total_quarantined from meta.control_totals") == [
        (Decimal("102.12"), Decimal(0))
    ]


@pytest.mark.parametrize(
    "word",
    [
        "合计", "总计：", "本页合计", "合计（2笔）", "共 2 条", "合計", "総計", "합계", "Grand Total", "Totals:",
        "TOTAL (2 rows)", "*Total*", "Gesamtsumme", "Total général", "Итого", "Toplam", "Tổng cộng",
    ],
)  # fmt: skip
def test_totals_of_every_language_are_no_records(tmp_path, word):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1), order(2), (word, "", "", "20", "")))
    shop.land()
    assert [row[1] for row in reasons(shop)] == ["total_row"]
    assert len(shop.raw()) == 2


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("说明：本表仅供参考", "note_row"),
        ("数据来源: 店铺后台", "note_row"),
        ("#导出时间：2024-06-30", "note_row"),
        ("Note: preliminary", "note_row"),
        ("-----------", "note_row"),
        ("Totally", "missing_required"),
        ("A17", "missing_required"),
        ("Notebook", "missing_required"),
    ],
)
def test_notes_are_no_records_and_broken_records_are_refused(tmp_path, first, code):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1), (first, "", "", "", "")))
    shop.land()
    assert [row[1] for row in reasons(shop)] == [code]


def test_a_second_table_of_totals_below_the_records_is_no_record(tmp_path):
    shop = LandingShop(tmp_path)
    text = csv_of(HEADER, order(1), order(2)) + "总交易单数,应结订单总金额\n`2,`20.00\n说明：无\n"
    shop.put("orders.csv", text)
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.quarantined) == (2, 3)
    assert {row[1] for row in reasons(shop)} == {"total_row"}


def test_an_order_called_total_is_an_order(tmp_path):
    columns = {"receiver_name": "收货人"}
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns=columns)]})
    shop.put("orders.csv", csv_of(("收货人", *HEADER), ("Total", *order(1)), ("Total", *order(""))))
    shop.land()
    assert len(shop.raw()) == 1
    assert [row[1] for row in reasons(shop)] == ["total_row"]


def test_ids_made_from_content_number_repeated_rows(tmp_path):
    columns = {
        "event_id": {"hash_of": ["user_id", "item_id", "time"]},
        "visitor_id": "user_id",
        "product_id": "item_id",
        "event_at": "time",
        "event_name": {"from": "behavior_type", "map": {"1": "view_item", "4": "pay"}},
    }
    mapping = {"files": "*.csv", "source_system": "tianchi", "columns": columns}
    shop = LandingShop(tmp_path, {"web.events": [mapping]})
    head = ("user_id", "item_id", "behavior_type", "time")
    rows = [(1, 2, 1, "2014-12-06 02")] * 3 + [(1, 3, 4, "2014-12-06 02")]
    shop.put("a.csv", csv_of(head, *rows))
    [file] = shop.land().files
    assert (file.counts.accepted, len(shop.raw("web_events", "event_id"))) == (4, 4)
    shop.put("b.csv", csv_of(head, *rows, rows[0]))
    [_, again] = shop.land().files
    assert (again.counts.unchanged, again.counts.accepted) == (4, 1)


def test_continuation_rows_take_the_order_from_the_row_above(tmp_path):
    columns = {
        "order_id": "Name",
        "status": {"from": "Financial Status", "map": {"paid": "paid", "pending": "unpaid"}},
        "ordered_at": "Created at",
        "paid_at": "Paid at",
    }
    fill = ["Name", "Financial Status", "Created at", "Paid at"]
    mapping = {"files": "*.csv", "source_system": "shopify", "columns": columns, "fill_down": fill}
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    shop.put(
        "a.csv",
        "Name,Financial Status,Created at,Paid at\n"
        "#1,paid,2024-01-05 10:00:00 +0800,2024-01-05 10:01:00 +0800\n"
        "#1,,,\n"
        "#2,pending,2024-01-06 10:00:00 +0800,\n"
        "#2,,,\n",
    )
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.unchanged, file.counts.quarantined) == (2, 2, 0)
    assert [row["paid_at"] for row in shop.raw()] == [dt.datetime(2024, 1, 5, 2, 1), None]


def test_defaults_fill_absent_key_columns(tmp_path):
    columns = {"spend_on": "日期", "spend_amount": "花费", "report_level": {"const": "account"}}
    mapping = {"files": "*.csv", "source_system": "s", "columns": columns}
    shop = LandingShop(tmp_path, {"ads.daily_spend": [mapping]})
    shop.put("a.csv", "日期,花费\n2024-01-05,3.2万\n")
    shop.land()
    [row] = shop.raw("ads_daily_spend", "spend_on")
    assert (row["account_id"], row["campaign_id"], row["segment"]) == ("", "", "")
    assert (row["spend_on"], row["spend_amount"]) == (dt.date(2024, 1, 5), Decimal(32000))


def test_times_in_the_far_future_are_warned_of_not_refused(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1, at="2088-01-05 10:00:00")))
    [file] = shop.land().files
    assert file.counts.accepted == 1
    assert any(
        "1 rows have ordered_at more than two days in the future" in w for w in file.warnings
    )


def test_absent_optional_headers_are_warned_of(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER[:4], order(1)[:4]))
    [file] = shop.land().files
    assert file.counts.accepted == 1
    assert any("'联系手机' or '手机' of phone is not in the file" in text for text in file.warnings)


def test_scope_can_come_from_the_file(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(columns={"shop_id": "店铺"})]})
    head = (*HEADER, "店铺")
    shop.put("orders.csv", csv_of(head, (*order(1), "a"), (*order(1), "b"), (*order(1), "")))
    shop.land()
    assert shop.query("select shop_id, order_id from raw.erp_orders order by 1") == [
        ("a", "1"),
        ("b", "1"),
    ]
    assert shop.quarantined() == [(4, "shop_id", "missing_required")]
