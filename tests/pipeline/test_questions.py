"""Saved questions: headers, what they read, their answers on the demo shop, and the command."""

import csv
import io
import json
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from shops import REPO, Shop

from orchestration.config.settings import load_settings
from orchestration.reports.question_answer import answer, parsed_values
from orchestration.reports.questions import (
    FOLDER,
    Question,
    QuestionError,
    all_questions,
    find_question,
    read_question,
)

_QUESTIONS = all_questions()
_NAMES = [question.name for question in _QUESTIONS]
_PERSONAL = re.compile(r"phone|email|e_mail|birth|gender|address|nick|openid|customer_name|_hash")
_COUNTS = re.compile(r"_count$|_rate$")
_REASONS = ("reason_en", "reason_zh")


def _answer(shop: Shop, name: str, *settings: str) -> dict[str, Any]:
    """The facts of an answer; `settings` are the texts of `--set`."""
    question = find_question(name)
    return answer(load_settings(shop.home), question, parsed_values(question, settings)).facts()


def _printed(shop: Shop, name: str) -> dict[str, Any]:
    """What `shop360 questions NAME --json` prints; decimals stay exact."""
    done = shop.cli("questions", name, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout, parse_float=Decimal)


@pytest.mark.parametrize("question", _QUESTIONS, ids=_NAMES)
def test_a_header_is_complete_and_the_names_of_feeds_exist(
    question: Question, demo_shop: Shop
) -> None:
    feeds = {feed for (feed,) in demo_shop.ask("select distinct feed from meta.coverage")}
    assert set(question.needs) <= feeds
    assert re.search(r"[一-鿿]", question.zh) and question.zh.endswith("？")
    assert question.en.isascii() and question.en.endswith("?")
    assert question.answers.startswith("One row per ") and question.answers.endswith(".")
    read = set(re.findall(r"getvariable\('(\w+)'\)", question.sql))
    assert read == set(question.parameters)


def test_at_least_fifteen_questions_have_titles_of_their_own() -> None:
    assert len(_QUESTIONS) >= 15
    assert len({question.zh for question in _QUESTIONS}) == len(_QUESTIONS)
    assert len({question.en for question in _QUESTIONS}) == len(_QUESTIONS)


@pytest.mark.parametrize("question", _QUESTIONS, ids=_NAMES)
def test_a_question_reads_public_tables_only(question: Question, demo_shop: Shop) -> None:
    with duckdb.connect(str(demo_shop.released), read_only=True) as con:
        row = con.execute("select json_serialize_sql(?)", [question.sql]).fetchone()
        public = con.execute("select schema_name || '.' || table_name from duckdb_tables()")
        tables = {name for (name,) in public.fetchall()}
    assert row is not None
    tree = json.loads(row[0])
    assert not tree["error"], tree.get("error_message")
    read = {f"{schema}.{table}" for schema, table in _base_tables(tree) if schema}
    assert read and {name.split(".")[0] for name in read} <= {"marts", "meta"}
    assert read <= tables


def _base_tables(node: Any) -> set[tuple[str, str]]:
    """Schema and name of each table that a serialized statement reads; a CTE has no schema."""
    if isinstance(node, list):
        return {table for entry in node for table in _base_tables(entry)}
    if not isinstance(node, dict):
        return set()
    own = {(node["schema_name"], node["table_name"])} if node.get("type") == "BASE_TABLE" else set()
    return own | {table for entry in node.values() for table in _base_tables(entry)}


@pytest.mark.parametrize("question", _QUESTIONS, ids=_NAMES)
def test_the_demo_shop_has_an_answer(question: Question, demo_shop: Shop) -> None:
    found = _answer(demo_shop, question.name)
    assert found["missing_feeds"] == [] and len(found["rows"]) >= 1
    names = list(found["rows"][0])
    assert tuple(names[-2:]) == _REASONS
    personal = [name for name in names if _PERSONAL.search(name) and not _COUNTS.search(name)]
    assert personal == [] and not {"customer_id", "customer_key"} & set(names)
    for row in found["rows"]:
        assert (row["reason_en"] is None) == (row["reason_zh"] is None), row


@pytest.mark.parametrize("shop_id", ["pdd_store", "own_store"])
def test_one_shop_answers_or_names_the_missing_feed(demo_shop: Shop, shop_id: str) -> None:
    asked = [question for question in _QUESTIONS if "shop" in question.parameters]
    missing = {}
    for question in asked:
        found = _answer(demo_shop, question.name, f"shop={shop_id}")
        assert found["rows"] or found["missing_feeds"], question.name
        assert {row["shop_id"] for row in found["rows"] if "shop_id" in row} <= {shop_id, None}
        missing[question.name] = found["missing_feeds"]
    without = {name: feeds for name, feeds in missing.items() if feeds}
    expected = {
        "ads_claimed_vs_modelled": ["ads.daily_spend"],
        "spend_without_customers": ["ads.daily_spend", "web.events"],
        "funnel_by_channel": ["web.events"],
    }
    assert without == (expected if shop_id == "pdd_store" else {})


@pytest.mark.parametrize("question", _QUESTIONS, ids=_NAMES)
def test_a_period_without_data_has_a_row_with_the_reason(
    question: Question, demo_shop: Shop
) -> None:
    early = {"month_on": "1990-01-01", "week_on": "1990-01-01", "shop": "all"}
    given = [f"{name}={early[name]}" for name in question.parameters if name in early]
    rows = _answer(demo_shop, question.name, *given)["rows"]
    assert rows
    if {"month_on", "week_on"} & set(question.parameters):
        assert [row for row in rows if row["reason_en"] is None] == []


def test_the_bridge_leads_from_before_to_after_to_the_cent(demo_shop: Shop) -> None:
    for options in ([], ["breakdown=product"], ["breakdown=shop"]):
        rows = _answer(demo_shop, "net_sales_bridge", *options)["rows"]
        steps = defaultdict(list)
        for row in rows:
            steps[row["step"]].append(row["amount"])
        assert len(steps[1]) == len(steps[3]) == 1 and len(steps[2]) >= 5
        assert steps[1][0] + sum(steps[2]) == steps[3][0]
    month = rows[0]["month_on"]
    assert steps[1][0] == _net_sales(demo_shop, _before(month), month)
    assert steps[3][0] == _net_sales(demo_shop, month, _after(month))


def _net_sales(shop: Shop, first_on: date, until_on: date) -> Decimal:
    """Goods paid less goods refunded in the days before `until_on`, added up row by row."""
    sold = shop.ask("select paid_on, goods_amount from marts.orders where is_sale")
    refunds = shop.ask(
        "select refunded_on, goods_refunded_amount from marts.refunds where is_success and is_sale"
    )
    total = sum((amount for day, amount in sold if first_on <= day < until_on), Decimal(0))
    return total - sum(
        (amount for day, amount in refunds if first_on <= day < until_on), Decimal(0)
    )


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _last_month(shop: Shop) -> date:
    """The first day of the last month that the data cover to its end."""
    [(until,)] = shop.ask("select data_until_on from meta.shop")
    return (until + timedelta(days=1)).replace(day=1) - timedelta(days=1)


def test_new_and_returning_buyers_are_those_of_the_orders(demo_shop: Shop) -> None:
    month = _last_month(demo_shop).replace(day=1)
    orders = demo_shop.ask(
        """select customer_id, is_anonymous, paid_on, ordered_at, order_key, net_amount
           from marts.orders where is_sale"""
    )
    first: dict[str, tuple] = {}
    for customer, is_anonymous, _, at, key, _ in orders:
        if not is_anonymous:
            first[customer] = min(first.get(customer, (at, key)), (at, key))
    counts: dict[str, int] = defaultdict(int)
    buyers: dict[str, set[str]] = defaultdict(set)
    money: dict[str, Decimal] = defaultdict(Decimal)
    for customer, is_anonymous, paid_on, at, key, amount in orders:
        if not month <= paid_on < _after(month):
            continue
        kind = "unknown" if is_anonymous else "returning"
        if first.get(customer) == (at, key) and not is_anonymous:
            kind = "new"
        counts[kind] += 1
        buyers[kind].add(customer)
        money[kind] += amount
    rows = _answer(demo_shop, "new_vs_returning", "months_count=1")["rows"]
    assert {row["customer_type"]: row["order_count"] for row in rows} == counts
    assert {row["customer_type"]: row["net_amount"] for row in rows} == money
    known = {row["customer_type"]: row["buyer_count"] for row in rows}
    assert known == {kind: len(buyers[kind]) if kind != "unknown" else None for kind in counts}


def test_the_win_back_list_counts_the_quiet_customers(demo_shop: Shop) -> None:
    [(until,)] = demo_shop.ask("select data_until_on from meta.shop")
    bought: dict[str, list[date]] = defaultdict(list)
    money: dict[str, Decimal] = defaultdict(Decimal)
    for customer, day, amount in demo_shop.ask(
        "select customer_id, ordered_on, paid_amount from marts.orders where is_sale and not is_anonymous"
    ):
        bought[customer].append(day)
        money[customer] += amount
    counts: dict[str, int] = defaultdict(int)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for customer, days in bought.items():
        if (until - max(days)).days >= 90:
            size = str(len(days)) if len(days) < 3 else "3+"
            counts[size] += 1
            amounts[size] += money[customer]
    rows = _answer(demo_shop, "win_back_list_size", "quiet_days=90")["rows"]
    assert {row["purchases"]: row["customer_count"] for row in rows} == counts
    assert {row["purchases"]: row["paid_amount"] for row in rows} == amounts


def test_common_buyers_of_two_shops_are_counted_once(demo_shop: Shop) -> None:
    shops: dict[str, set[str]] = defaultdict(set)
    for shop_id, customer in demo_shop.ask(
        "select shop_id, customer_id from marts.orders where is_sale and not is_anonymous"
    ):
        shops[shop_id].add(customer)
    expected = {
        (a, b): (len(shops[a]), len(shops[b]), len(shops[a] & shops[b]))
        for a in shops
        for b in shops
        if a < b
    }
    rows = _answer(demo_shop, "cross_shop_buyers")["rows"]
    keys = ("buyer_count", "other_buyer_count", "common_buyer_count")
    found = {(row["shop_id"], row["other_shop_id"]): tuple(row[k] for k in keys) for row in rows}
    assert found == expected and sum(common for *_, common in found.values()) > 0


def test_a_missing_feed_is_named_in_every_form(demo_shop: Shop) -> None:
    asked = ("questions", "funnel_by_channel", "--set", "shop=tmall_flagship")
    table = demo_shop.cli(*asked)
    assert table.returncode == 0
    assert "no answer: not connected: web.events" in table.stdout
    assert "无法回答：未接入：web.events" in table.stdout
    as_csv = demo_shop.cli(*asked, "--csv")
    assert (as_csv.returncode, as_csv.stdout) == (0, "")
    assert "no answer: not connected: web.events" in as_csv.stderr
    as_json = json.loads(demo_shop.cli(*asked, "--json").stdout)
    assert (as_json["missing_feeds"], as_json["rows"]) == (["web.events"], [])


def test_csv_has_the_rows_of_json_under_the_same_names(demo_shop: Shop) -> None:
    rows = _printed(demo_shop, "why_did_a_shop_fall")["rows"]
    text = demo_shop.cli("questions", "why_did_a_shop_fall", "--csv").stdout
    found = list(csv.DictReader(io.StringIO(text)))
    assert [list(row) for row in found] == [list(row) for row in rows]
    assert [row["shop_id"] for row in found] == [row["shop_id"] for row in rows]
    changes = [row["change_amount"] for row in rows]
    assert [Decimal(row["change_amount"]) for row in found] == changes


def test_the_list_fits_eighty_columns_and_needs_no_home(tmp_path: Path) -> None:
    done = Shop(tmp_path / "absent").cli("questions")
    assert done.returncode == 0, done.stderr
    assert [name for name in _NAMES if name not in done.stdout] == []
    wide = [line for line in done.stdout.splitlines() if _cells(line) > 80]
    assert wide == []


def _cells(line: str) -> int:
    """Columns of a terminal; Chinese letters and marks take two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in line)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net_sale_bridge"], "did you mean net_sales_bridge?"),
        (["net_sales_bridge", "--set", "shp=all"], "its parameters: shop, month_on"),
        (["net_sales_bridge", "--set", "shop"], "write a name and a value"),
        (["net_sales_bridge", "--set", "month_on=2026-13-01"], "expected a day"),
        (["net_sales_bridge", "--set", "month_on=2026-10-02"], "first day of a month: 2026-10-01"),
        (["week_like_for_like", "--set", "week_on=2026-10-20"], "expected a Monday"),
        (["win_back_list_size", "--set", "quiet_days=-1"], "a whole number above 0"),
        (["refund_reasons", "--set", "shop=own_stor"], "did you mean own_store"),
        (["refund_reasons", "--set", "shop=x' or 1=1 --"], "there is no such shop"),
        (["--superset", "x.zip", "refund_reasons"], "exports all questions"),
        (["--database", "/srv/x.duckdb"], "belongs to --superset"),
        (["--set", "shop=all"], "belong to a question"),
        (["--sql"], "belong to a question"),
    ],
)
def test_a_wrong_question_ends_with_exit_code_2(
    demo_shop: Shop, arguments: list[str], message: str
) -> None:
    done = demo_shop.cli("questions", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and "Traceback" not in done.stderr


def test_the_sql_of_a_question_is_its_file(demo_shop: Shop) -> None:
    done = demo_shop.cli("questions", "data_gaps", "--sql")
    assert done.stdout == (FOLDER / "data_gaps.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-- zh: 问？\n-- en: Why?\n-- needs: none\nselect 1", "has no answers"),
        ("-- zh: 问？\n-- title: Why?\nselect 1", "'-- title: Why?' is no line of a header"),
        ("select 1", "has no zh, en, answers, needs"),
    ],
)
def test_a_header_that_lacks_a_part_names_it(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "q.sql"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionError) as raised:
        read_question(path)
    assert message in str(raised.value)


def test_the_page_lists_every_question_with_its_titles() -> None:
    page = (REPO / "docs" / "questions.md").read_text(encoding="utf-8")
    rows = [f"| `{one.name}` | {one.zh} | {one.en} |" for one in _QUESTIONS]
    assert [row for row in rows if row not in page] == []
    assert len(re.findall(r"^\| `\w+` \| [^|]+ \| [^|]+\? \|$", page, re.MULTILINE)) == len(rows)


def test_the_recipe_of_the_page_makes_a_question(demo_shop: Shop, tmp_path: Path) -> None:
    page = (REPO / "docs" / "questions.md").read_text(encoding="utf-8")
    [sql] = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "orders_by_province.sql"
    path.write_text(sql, encoding="utf-8")
    question = read_question(path)
    assert question.parameters.keys() == {"shop", "month_on"}
    month = _last_month(demo_shop).replace(day=1)
    with duckdb.connect(str(demo_shop.released), read_only=True) as con:
        con.execute("set variable shop = 'own_store'")
        rows = con.execute(question.sql).fetchall()
    orders = demo_shop.ask(
        "select coalesce(province, 'not stated'), paid_on from marts.orders"
        " where is_sale and shop_id = 'own_store'"
    )
    counts: dict[str, int] = defaultdict(int)
    for province, paid_on in orders:
        counts[province] += month <= paid_on < _after(month)
    assert {row[1]: row[2] for row in rows} == {name: n for name, n in counts.items() if n}
