"""shop.yml: what is accepted, and what the operator is shown about everything else."""

from pathlib import Path

import pytest
from landing_kit import SHOP, LandingShop, orders

from orchestration.config.settings import PROJECT
from orchestration.config.shop_config import ShopConfigError, load_shop_config
from orchestration.system.landing_errors import LandingError

REST = "{id: s, name: {en: S, zh: 店}, timezone: Asia/Shanghai, currency: CNY}"


def load(folder: Path, text: str) -> str:
    """The error text of a configuration."""
    path = folder / "shop.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ShopConfigError) as raised:
        load_shop_config(path)
    return str(raised.value)


def mapped(folder: Path, **changes: object) -> str:
    """The error text of a mapping of erp.orders with changes."""
    shop = LandingShop(folder)
    shop.configure({"erp.orders": [orders(**changes)]})
    with pytest.raises(ShopConfigError) as raised:
        load_shop_config(shop.settings.config)
    return str(raised.value)


def test_defaults_come_from_the_shop(tmp_path):
    [mapping] = LandingShop(tmp_path).config.feeds["erp.orders"]
    assert (mapping.shop_id, mapping.timezone) == (SHOP["id"], SHOP["timezone"])
    assert mapping.columns["phone"].headers == ("联系手机", "手机")


@pytest.mark.parametrize("name", ["crm_erp", "northwind"])
def test_examples_are_valid_and_short(name):
    path = PROJECT / "examples" / name / "shop.yml"
    assert load_shop_config(path).mappings
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 90


def test_every_problem_is_listed_with_file_and_place(tmp_path):
    text = load(
        tmp_path,
        """
shop: {id: s, name: {en: S}, timezone: Asia/Shanghi, currency: yuan, tz: 1}
feeds:
  erp.order: []
  erp.orders:
    - files: a.csv
      source_system: s
      colums: {}
""",
    )
    lines = text.splitlines()
    assert all(line.startswith(f"{tmp_path / 'shop.yml'}: ") for line in lines)
    for expected in (
        "shop.name.zh: missing",
        "shop.timezone: unknown time zone 'Asia/Shanghi'",
        "shop.currency:",
        "shop.tz: unknown key",
        "feeds.erp.order: unknown feed; did you mean erp.orders",
        "feeds.erp.orders[0].colums: unknown key; did you mean columns?",
    ):
        assert any(expected in line for line in lines), expected


def test_error_is_an_operator_error(tmp_path):
    with pytest.raises(LandingError, match="cannot be read"):
        load_shop_config(tmp_path / "absent.yml")


def test_a_list_is_no_config(tmp_path):
    assert "expected keys at the top, found list" in load(tmp_path, "- a")


def test_broken_yaml_names_the_line(tmp_path):
    assert "line 2" in load(tmp_path, "shop:\n  a: [1\n")


def test_a_key_that_stands_there_twice_is_an_error(tmp_path):
    assert "'shop' stands there twice" in load(
        tmp_path, f"shop: {REST}\nshop: {REST}\nfeeds: {{}}\n"
    )


def test_unknown_column_names_the_nearest(tmp_path):
    text = mapped(tmp_path, columns={"payed_amount": "实付"})
    assert "feeds.erp.orders[0].columns.payed_amount: erp.orders has no such column" in text
    assert "did you mean paid_amount" in text


def test_unknown_key_of_a_column_names_the_nearest(tmp_path):
    text = mapped(tmp_path, columns={"paid_amount": {"from": "a", "unti": "fen"}})
    assert "columns.paid_amount.unti: unknown key; did you mean unit?" in text


def test_unmapped_required_column_is_named(tmp_path):
    shop = LandingShop(tmp_path)
    shop.configure(
        {"erp.orders": [{"files": "a", "source_system": "s", "columns": {"order_id": "a"}}]}
    )
    with pytest.raises(ShopConfigError, match="required column status is not mapped"):
        load_shop_config(shop.settings.config)


def test_unknown_profile_names_the_known_ones(tmp_path):
    assert "no profile 'taobao_order'; did you mean taobao_orders" in mapped(
        tmp_path, profile="taobao_order"
    )


def test_profile_of_another_feed_is_refused(tmp_path):
    assert "taobao_lines is for erp.order_lines, not for erp.orders" in mapped(
        tmp_path, profile="taobao_lines"
    )


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"const": "a", "from": "b"}, "found from and const"),
        ({}, "found none of them"),
        ({"from": "a", "unit": "fen", "factor": "0.01"}, "unit or factor, not both"),
        ({"from": "a", "unit": "pence"}, "Input should be 'fen'"),
        ({"from": "a", "replace": {"(": ""}}, "no regular expression"),
        ({"file_name": "["}, "no regular expression"),
    ],
)
def test_column_with_a_contradiction(tmp_path, spec, expected):
    assert expected in mapped(tmp_path, columns={"paid_amount": spec})


def test_sql_is_checked_against_the_contract(tmp_path):
    text = mapped(tmp_path, derive={"paid_amount": "list_amount - discunt"})
    assert "derive.paid_amount: not SQL over erp.orders" in text
    assert "discunt" in text


def test_repair_of_an_unknown_column(tmp_path):
    repair = {"column": "orderd_at", "when": "true", "value": "null", "why": "x"}
    text = mapped(tmp_path, repairs=[repair])
    assert "no column 'orderd_at'; did you mean ordered_at" in text


def test_repair_needs_a_reason(tmp_path):
    repair = {"column": "paid_at", "when": "true", "value": "null"}
    assert "repairs[0].why: missing" in mapped(tmp_path, repairs=[repair])


def test_scalars_stay_text(tmp_path):
    path = tmp_path / "shop.yml"
    path.write_text(
        f"""
shop: {REST}
feeds:
  crm.reviews:
    - files: [a.csv]
      source_system: s
      shop_id: 007
      columns: {{review_id: no, reviewed_at: 2024-01-05, rating: {{from: r, map: {{yes: 5, 1e3: 1}}}}}}
""",
        encoding="utf-8",
    )
    [mapping] = load_shop_config(path).mappings
    assert mapping.shop_id == "007"
    assert mapping.columns["review_id"].headers == ("no",)
    assert mapping.columns["rating"].map == {"yes": "5", "1e3": "1"}


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("shop:", "shpo:", "shpo: unknown key; did you mean shop"),
        ("feeds:", "feds:", "feds: unknown key; did you mean feeds"),
        ("  timezone:", "  timezon:", "shop.timezon: unknown key; did you mean timezone?"),
        ("  currency: USD", "  currency: [USD]", "shop.currency: expected a text"),
        ("en: Northwind", "eng: Northwind", "shop.name.eng: unknown key; did you mean en?"),
        ("- files: customers.csv", "- file: customers.csv", "file: unknown key; did you mean files?"),
        ("columns:", "column:", "column: unknown key; did you mean columns?"),
        ("key: CategoryID", "kye: CategoryID", "a map from a file has the keys file, key and value"),
        ("map: {file: categories.csv", "map: [{file: categories.csv", "map: expected pairs of words"),
        ("customer_id: CustomerID", "customer: CustomerID", "has no such column; did you mean customer"),
    ],
)  # fmt: skip
def test_one_wrong_key_is_one_error(tmp_path, right, wrong, expected):
    text = (PROJECT / "examples" / "northwind" / "shop.yml").read_text(encoding="utf-8")
    lines = text.splitlines()
    [place, *_] = [number for number, line in enumerate(lines) if right in line]
    lines[place] = lines[place].replace(right, wrong)
    if "[{" in wrong:
        lines[place] = lines[place].replace("}}", "}]}")
    error = load(tmp_path, "\n".join(lines))
    assert len(error.splitlines()) == 1, error
    assert expected in error


def test_a_piece_that_many_mappings_repeat_is_one_error(tmp_path):
    path = tmp_path / "shop.yml"
    path.write_text(f"shop: {REST}\nfeeds:\n  erp.orders:\n" + """
    - &first {files: a.csv, source_system: a, columns: {order_id: [[x]]}}
    - {<<: *first, files: b.csv}
""".replace("{<<: *first, files: b.csv}", "*first"), encoding="utf-8")  # fmt: skip
    with pytest.raises(ShopConfigError) as raised:
        load_shop_config(path)
    assert "(the same in 1 more mappings)" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1
