"""Exports that state an order or a day again without a row, rows that a mapping leaves out, and repeated keys."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from landing_kit import LandingShop, csv_of

from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfigError
from orchestration.landing.replay import replay

LINES = {
    "files": "lines*",
    "source_system": "own",
    "columns": {
        "order_id": "order",
        "line_id": "line",
        "quantity": "n",
        "paid_amount": "paid",
    },
}
SPEND = {
    "files": "spend*",
    "source_system": "google",
    "columns": {
        "report_level": {"const": "campaign"},
        "account_id": "account",
        "campaign_id": "campaign",
        "spend_on": "day",
        "spend_amount": "cost",
    },
}
HEAD = ["order", "line", "n", "paid"]


def lines(folder: Path, **changes: Any) -> LandingShop:
    return LandingShop(folder, {"erp.order_lines": [{**LINES, **changes}]})


def keys(shop: LandingShop) -> list[str]:
    rows = shop.query("select order_id || line_id from raw.erp_order_lines order by all")
    return [key for (key,) in rows]


def test_a_line_that_a_new_export_lacks_is_withdrawn(tmp_path: Path) -> None:
    shop = lines(tmp_path)
    shop.put(
        "lines_1.csv",
        csv_of(HEAD, ("o", "a", "1", "25"), ("o", "b", "1", "15"), ("p", "c", "1", "9")),
    )
    shop.put("lines_2.csv", csv_of(HEAD, ("o", "a", "1", "25")))
    report = shop.land()
    assert keys(shop) == ["oa", "pc"]
    assert report.totals["erp.order_lines"].withdrawn == 1
    assert any("1 rows were withdrawn" in text for text in report.warnings)
    assert shop.query("select line_id from history.erp_order_lines") == [("b",)]
    assert shop.query("select sum(rows_withdrawn) from meta.row_ledger") == [(1,)]
    [(identity,)] = shop.query(
        "select (select sum(paid_amount) from raw.erp_order_lines) = sum(total_accepted) + sum(total_replaced)"
        " - sum(total_replaced_before) - sum(total_withdrawn) from meta.control_totals"
        " where column_name = 'paid_amount'"
    )
    assert identity


def test_lines_with_other_keys_replace_earlier_ones(tmp_path: Path) -> None:
    shop = lines(tmp_path)
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25")))
    shop.land()
    shop.put("lines_2.csv", csv_of(HEAD, ("o", "z", "1", "20")))
    shop.land()
    assert keys(shop) == ["oz"]


def test_two_parts_of_an_order_in_one_landing_stay(tmp_path: Path) -> None:
    shop = lines(tmp_path)
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25")))
    shop.put("lines_2.csv", csv_of(HEAD, ("o", "b", "1", "20")))
    report = shop.land()
    assert keys(shop) == ["oa", "ob"]
    assert any("1 rows stay" in text for text in report.warnings)


def test_a_delta_loses_no_line_where_the_mapping_says_key(tmp_path: Path) -> None:
    shop = lines(tmp_path, replaces="key")
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("o", "b", "1", "15")))
    shop.land()
    shop.put("lines_2.csv", csv_of(HEAD, ("o", "a", "2", "50")))
    shop.land()
    assert keys(shop) == ["oa", "ob"]


def test_lines_that_another_mapping_brought_stay(tmp_path: Path) -> None:
    gifts = {**LINES, "files": "gifts*"}
    shop = LandingShop(tmp_path, {"erp.order_lines": [LINES, gifts]})
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25")))
    shop.put("gifts_1.csv", csv_of(HEAD, ("o", "g", "1", "0")))
    shop.land()
    shop.put("lines_2.csv", csv_of(HEAD, ("o", "a", "2", "50")))
    shop.land()
    assert keys(shop) == ["oa", "og"]


def test_an_order_with_a_refused_line_loses_none(tmp_path: Path) -> None:
    shop = lines(tmp_path)
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("o", "b", "1", "15")))
    shop.land()
    shop.put("lines_2.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("o", "b", "one", "15")))
    shop.land()
    assert keys(shop) == ["oa", "ob"]


def test_a_restated_day_withdraws_what_vanished_from_it(tmp_path: Path) -> None:
    head = ["account", "campaign", "day", "cost"]
    shop = LandingShop(tmp_path, {"ads.daily_spend": [SPEND]})
    shop.put(
        "spend_1.csv",
        csv_of(
            head,
            ("a", "c1", "2024-05-01", "10"),
            ("a", "c2", "2024-05-01", "7"),
            ("a", "c2", "2024-05-02", "8"),
        ),
    )
    shop.land()
    shop.put("spend_2.csv", csv_of(head, ("a", "c1", "2024-05-01", "11")))
    # Other campaigns of the same day, in a file of their own.
    shop.put("spend_3.csv", csv_of(head, ("a", "c9", "2024-05-01", "3")))
    shop.land()
    found = shop.query(
        "select campaign_id, spend_on::varchar, spend_amount from raw.ads_daily_spend order by all"
    )
    assert found == [
        ("c1", "2024-05-01", Decimal(11)),
        ("c2", "2024-05-02", Decimal(8)),
        ("c9", "2024-05-01", Decimal(3)),
    ]


def test_a_replay_withdraws_the_same_rows(tmp_path: Path) -> None:
    shop = lines(tmp_path)
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("o", "b", "1", "15")))
    shop.land()
    shop.put("lines_2.csv", csv_of(HEAD, ("o", "a", "1", "25")))
    shop.land()
    again = replace(shop.settings, is_rebuilding=True)
    again.rebuilding.mkdir()
    replay(again, shop.config)
    assert _content(again) == _content(shop.settings)


def _content(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    tables = (
        "raw.erp_order_lines",
        "history.erp_order_lines",
        "meta.row_ledger",
        "meta.control_totals",
    )
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        return {
            table: con.execute(f"select * from {table} order by all").fetchall() for table in tables
        }


def test_one_file_feeds_lines_and_refunds_by_its_rows(tmp_path: Path) -> None:
    refunds = {
        "files": "lines*",
        "source_system": "own",
        "where": {"n": "< 0"},
        "columns": {
            "refund_id": "line",
            "order_id": "order",
            "status": {"const": "success"},
            "quantity": {"from": "n", "factor": "-1"},
            "refunded_amount": {"from": "paid", "factor": "-1"},
        },
    }
    shop = LandingShop(
        tmp_path,
        {"erp.order_lines": [{**LINES, "where": {"n": ">= 0"}}], "erp.refunds": [refunds]},
    )
    shop.put(
        "lines.csv",
        csv_of(HEAD, ("o", "1", "2", "100"), ("o", "1-R", "-1", "-50"), ("o", "2", "?", "1")),
    )
    report = shop.land()
    assert keys(shop) == ["o1"]
    assert shop.query("select quantity, refunded_amount from raw.erp_refunds") == [
        (Decimal(1), Decimal(50))
    ]
    counted = {file.feed: (file.counts.read, file.counts.left_out) for file in report.files}
    assert counted == {"erp.order_lines": (2, 1), "erp.refunds": (2, 1)}
    # What is no number is refused, not left out.
    assert shop.query("select count(*), min(row_number) from meta.quarantine") == [(2, 4)]


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ({"line": "~ ^C"}, ["oC1"]),
        ({"line": "!~ ^C"}, ["oa", "ob"]),
        ({"line": ["a", "C1"]}, ["oC1", "oa"]),
        ({"line": "!= a"}, ["oC1", "ob"]),
        ({"line": ["a", "b"], "n": "> 1"}, ["ob"]),
        ({"paid": ""}, ["oa"]),
    ],
)
def test_where_takes_the_rows_it_says(
    tmp_path: Path, where: dict[str, Any], left: list[str]
) -> None:
    shop = lines(tmp_path, where=where)
    shop.put(
        "lines.csv", csv_of(HEAD, ("o", "a", "1", ""), ("o", "b", "2", "1"), ("o", "C1", "1", "1"))
    )
    shop.land()
    assert keys(shop) == left


def test_the_same_product_twice_in_an_order_is_two_lines(tmp_path: Path) -> None:
    columns = {**LINES["columns"], "line_id": {"from": "line", "number_repeats": "true"}}
    shop = lines(tmp_path, columns=columns)
    text = csv_of(HEAD, ("o", "100", "2", "100"), ("p", "100", "1", "50"), ("o", "100", "1", "0"))
    shop.put("lines.csv", text)
    shop.land()
    assert keys(shop) == ["o100", "o100-2", "p100"]
    shop.put("lines_again.csv", text + "\n")
    shop.land()
    assert keys(shop) == ["o100", "o100-2", "p100"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"where": {"n": "< zero"}}, "where.n"),
        ({"where": {"n": "~ ("}}, "regular expression"),
        ({"replaces": "period"}, "replaced by key or parent"),
    ],
)
def test_mistakes_in_where_and_replaces_are_named(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    shop = lines(tmp_path, **change)
    with pytest.raises(ShopConfigError, match=words):
        assert shop.config


def test_no_refunds_can_be_declared_for_all_shops_or_one(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path, {"erp.order_lines": [LINES], "erp.refunds": "none"})
    assert shop.config.none == ("erp.refunds",)
    shop.configure({"erp.order_lines": [LINES], "erp.refunds": [{"none": "true", "shop_id": "b"}]})
    assert shop.config.none == ("erp.refunds@b",)
    shop.configure({"erp.orders": "none"})
    with pytest.raises(ShopConfigError, match=r"only erp\.refunds may be `none`"):
        assert shop.config


def test_a_word_for_blank_cells_is_not_for_a_missing_header(tmp_path: Path) -> None:
    columns = {**LINES["columns"], "refund_status": {"from": "case", "map": {"": "none"}}}
    shop = lines(tmp_path, columns=columns, may_lack=["refund_status"])
    shop.put("lines_1.csv", csv_of([*HEAD, "case"], ("o", "a", "1", "25", "")))
    shop.put("lines_2.csv", csv_of(HEAD, ("p", "a", "1", "25")))
    shop.land()
    found = shop.query("select order_id, refund_status from raw.erp_order_lines order by 1")
    assert found == [("o", "none"), ("p", None)]


def test_a_file_with_all_rows_withdraws_what_it_lacks(tmp_path: Path) -> None:
    shop = lines(tmp_path, replaces="key", whole="lines_all*")
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("p", "c", "1", "9")))
    shop.put("lines_all.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("o", "b", "1", "15")))
    report = shop.land()
    assert keys(shop) == ["oa", "ob"]
    assert report.totals["erp.order_lines"].withdrawn == 1
    assert any("has all rows of its mapping" in text for text in report.warnings)
    shop.put("lines_all.csv", csv_of(HEAD, ("p", "c", "1", "9")))
    shop.land()
    assert keys(shop) == ["pc"]


def test_a_refused_row_is_not_taken_for_a_deleted_one(tmp_path: Path) -> None:
    shop = lines(tmp_path, replaces="key", whole="lines*")
    rows = [("o", "a", "1", "25"), ("p", "c", "1", "9"), ("q", "d", "1", "7")]
    shop.put("lines.csv", csv_of(HEAD, *rows))
    shop.land()
    shop.put("lines.csv", csv_of(HEAD, ("o", "a", "x", "25"), ("p", "c", "1", "9")))
    assert shop.land().totals["erp.order_lines"].withdrawn == 1
    assert keys(shop) == ["oa", "pc"]
    shop.put("lines.csv", csv_of(HEAD, ("", "a", "1", "25")))
    report = shop.land()
    assert keys(shop) == ["oa", "pc"]
    assert any("2 rows stay" in text for text in report.warnings), report.warnings


def test_a_list_of_keys_withdraws_rows_and_lands_none(tmp_path: Path) -> None:
    shop = lines(tmp_path, replaces="key", key_lists="lines_keys*")
    shop.put("lines_1.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("p", "c", "1", "9")))
    shop.put("lines_keys.csv", csv_of(HEAD[:2], ("o", "a"), ("new", "z")))
    counts = shop.land().totals["erp.order_lines"]
    assert (counts.accepted, counts.unchanged, counts.withdrawn) == (2, 2, 1)
    assert keys(shop) == ["oa"]
    totals = (
        "select column_name, total_withdrawn from meta.control_totals where file_name like '%keys%'"
    )
    assert ("paid_amount", Decimal(9)) in shop.query(totals)
    # The same list as before the last one counts again.
    shop.put("lines_2.csv", csv_of(HEAD, ("new", "z", "1", "3")))
    shop.put("lines_keys.csv", csv_of(HEAD[:2], ("o", "a")))
    shop.land()
    assert keys(shop) == ["oa"]


def test_lists_of_keys_replay_from_the_archive(tmp_path: Path) -> None:
    shop = lines(tmp_path, replaces="key", key_lists="lines_keys*", whole="lines_all*")
    shop.put("lines_all.csv", csv_of(HEAD, ("o", "a", "1", "25"), ("p", "c", "1", "9")))
    shop.put("lines_keys.csv", csv_of(HEAD[:2], ("o", "a")))
    shop.land()
    again = replace(shop.settings, is_rebuilding=True)
    again.rebuilding.mkdir()
    replay(again, shop.config)
    assert _content(again) == _content(shop.settings)
    assert keys(shop) == ["oa"]
