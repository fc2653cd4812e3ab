"""Lists beside shop.yml stand in for the project's seeds, each shop with its own."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from landing_kit import SHOP

from orchestration.config import lists, plan_lists
from orchestration.config.settings import PROJECT, Settings
from orchestration.config.shop_config import ShopConfig, ShopConfigError, load_shop_config


def _config(folder: Path, files: dict[str, str], **named: object) -> ShopConfig:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    content = {"shop": SHOP, "lists": named}
    (folder / "shop.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_shop_config(folder / "shop.yml")


def _problems(folder: Path, files: dict[str, str], **named: object) -> str:
    with pytest.raises(ShopConfigError) as caught:
        _config(folder, files, **named)
    return str(caught.value)


def _rows(config: ShopConfig, folder: Path, name: str) -> list[dict[str, str]]:
    settings = Settings(folder / "home", folder / "shop.yml", folder / "inbox")
    lists.write(settings, config.lists)
    with (settings.seeds / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


RATES = "from_currency,to_currency,valid_from,rate\nUSD,CNY,2026-01-01,7.1\n"


def test_every_seed_of_the_project_keeps_its_own_contract(tmp_path: Path) -> None:
    assert set(lists.contracts()) == {path.stem for path in lists.SEEDS.glob("*.csv")}
    for name in lists.contracts():
        found: list[str] = []
        lists.read(name, lists.SEEDS / f"{name}.csv", False, found.append)
        assert found == [], name


def test_a_list_replaces_the_seed_and_leaves_the_others(tmp_path: Path) -> None:
    config = _config(tmp_path, {"rates.csv": RATES}, fx_rates="rates.csv")
    assert _rows(config, tmp_path, "fx_rates") == [
        {"from_currency": "USD", "to_currency": "CNY", "valid_from": "2026-01-01", "rate": "7.1"}
    ]
    copied = (tmp_path / "home" / "private" / "seeds" / "channels.csv").read_bytes()
    assert copied == (PROJECT / "seeds" / "channels.csv").read_bytes()


def test_a_list_may_be_a_workbook_with_real_dates(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "rates.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, RATES.split("\n")[0].split(","))
        sheet.write_row(1, 0, ["USD", "CNY"])
        sheet.write_datetime(1, 2, datetime(2026, 1, 1), book.add_format({"num_format": "d/m/yy"}))
        sheet.write_number(1, 3, 7)
    config = _config(tmp_path, {}, fx_rates="rates.xlsx")
    [row] = _rows(config, tmp_path, "fx_rates")
    assert (row["valid_from"], row["rate"]) == ("2026-01-01", "7")


def test_rows_are_added_to_those_of_the_project(tmp_path: Path) -> None:
    text = "kpi_code,is_watched\nvisitors,FALSE\n"
    config = _config(tmp_path, {"watch.csv": text}, kpi_catalogue={"add": "watch.csv"})
    found = {row["kpi_code"]: row for row in _rows(config, tmp_path, "kpi_catalogue")}
    known = {row["kpi_code"]: row for row in lists.contracts()["kpi_catalogue"].defaults}
    assert found["visitors"] == {**known["visitors"], "is_watched": "false"}
    assert {**found, "visitors": None} == {**known, "visitors": None}


def test_a_policy_states_what_differs(tmp_path: Path) -> None:
    text = "accept_probability\n0.99\n"
    config = _config(tmp_path, {"match.csv": text}, match_policy="match.csv")
    [row] = _rows(config, tmp_path, "match_policy")
    [known] = lists.contracts()["match_policy"].defaults
    assert row == {**known, "accept_probability": "0.99"}


def test_a_mistake_is_named_with_file_row_and_column(tmp_path: Path) -> None:
    wrong = (
        RATES
        + "EUR,CNY,2026-13-01,7.9\nEUR,CNY,2026-02-01,much\nUSD,CNY,2026-01-01,7\n,CNY,2026-01-01,7\n"
    )
    text = _problems(tmp_path, {"rates.csv": wrong}, fx_rates="rates.csv")
    assert text.splitlines() == [
        f"{tmp_path}/shop.yml: lists.fx_rates: rates.csv: {problem}"
        for problem in (
            "row 3, column valid_from: expected a day such as 2026-01-31, found '2026-13-01'",
            "row 4, column rate: expected a number such as 1234.5, found 'much'",
            "row 5, column from_currency, to_currency, valid_from: the same as in row 2",
            "row 6, column from_currency: is empty; every row needs it",
        )
    ]


@pytest.mark.parametrize(
    ("named", "text", "expected"),
    [
        ({"fx_rate": "a.csv"}, RATES, "lists.fx_rate: unknown list; did you mean fx_rates?"),
        ({"fx_rates": "b.csv"}, RATES, "b.csv: cannot be read (No such file or directory)"),
        ({"fx_rates": "a.csv"}, "", "a.csv: is empty; expected a row of column names"),
        (
            {"fx_rates": "a.csv"},
            RATES.replace("rate\n", "rates\n", 1),
            "row 1: unknown column 'rates'",
        ),
        ({"fx_rates": ["a.csv"]}, RATES, "lists.fx_rates: expected a csv or xlsx file"),
        (
            {"survivorship": "a.csv"},
            "attribute,rule\ngender,best\n",
            "row 2, column rule: expected one of",
        ),
        ({"match_policy": "a.csv"}, "min_records\n", "expected one row of settings, found 0"),
    ],
)
def test_a_list_that_cannot_be_read_says_what_was_expected(
    tmp_path: Path, named: dict[str, object], text: str, expected: str
) -> None:
    assert expected in _problems(tmp_path, {"a.csv": text}, **named)


def test_unchanged_lists_are_not_written_again(tmp_path: Path) -> None:
    config = _config(tmp_path, {"rates.csv": RATES}, fx_rates="rates.csv")
    _rows(config, tmp_path, "fx_rates")
    path = tmp_path / "home" / "private" / "seeds" / "fx_rates.csv"
    before = path.stat().st_mtime_ns
    _rows(config, tmp_path, "fx_rates")
    assert path.stat().st_mtime_ns == before


def test_a_list_of_goals_without_layers_still_works(tmp_path: Path) -> None:
    text = "goal_id,kpi_code,baseline,target,owners\nnet_sales_q4,net_sales,1,2,sales\n"
    config = _config(tmp_path, {"goals.csv": text}, goals="goals.csv")
    [row] = _rows(config, tmp_path, "goals")
    # An example of the project with the same key lends no values, or the goal would not count.
    assert (row["layer"], row["parent_goal_id"], row["example_of"]) == ("", "", "")


GOALS = "goal_id,layer,parent_goal_id,example_of\n"
RISKS = (
    "risk_id,area,en,signal,kpi_code,shop_id,period,comparison,threshold,feed,response_en,owner\n"
)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "goals",
            GOALS + "value,strategic,,\nsales,advance,volume,\n",
            "row 3, column parent_goal_id: expected a goal_id of the list, found 'volume'",
        ),
        (
            "goals",
            GOALS + "a,base,c,\nb,base,a,\nc,base,b,\n",
            "row 2, column parent_goal_id: expected a goal that does not serve this one, found a → c → b → a",
        ),
        ("goals", GOALS + "a,base,a,\n", "does not serve this one, found a → a"),
        (
            "goals",
            GOALS + "value,advance,sales,\nsales,base,,\n",
            "row 2, column parent_goal_id: expected a goal of layer advance or strategic, "
            "found 'sales' of layer base",
        ),
        (
            "goals",
            GOALS + "a,base,b,\nb,advance,,another_shop\n",
            "row 2, column parent_goal_id: expected a goal_id of the list, found 'b'",
        ),
        ("goals", GOALS + "a,top,,\n", "row 2, column layer: expected one of base, advance, strategic"),
        (
            "milestones",
            "goal_id,milestone,due_on,en\nnone,first,2026-01-01,First\n",
            "row 2, column goal_id: expected a goal_id of the list goals, found 'none'",
        ),
        (
            "milestones",
            "goal_id,milestone,due_on,en\nnone,first,,First\n",
            "row 2, column due_on: is empty; every row needs it",
        ),
        (
            "risk_register",
            RISKS + "r,data,Late,feed_late,,,,,,erp.order,Ask,data\n",
            "row 2, column feed: expected a feed of the list feeds, found 'erp.order'; did you mean "
            "erp.orders",
        ),
        (
            "risk_register",
            RISKS + "r,data,Late,feed_late,,,,,,erp.refunds,Ask,data\n",
            "row 2, column feed: expected a feed of the cadence daily, found 'erp.refunds'",
        ),
        (
            "risk_register",
            RISKS + "r,data,Low,kpi,mer,,month,below,,,Ask,data\n",
            "row 2, column threshold: is empty; every risk of the signal kpi needs it",
        ),
        (
            "risk_register",
            RISKS + "r,data,Low,kpi,merr,,month,below,3,,Ask,data\n",
            "row 2, column kpi_code: expected a kpi_code of the list kpi_catalogue, found 'merr'; did you mean mer?",
        ),
        (
            "risk_register",
            RISKS + "r,data,Low,kpi,payback_days,,day,above,3,,Ask,data\n",
            "row 2, column period: expected month for payback_days, found 'day'",
        ),
        (
            "risk_register",
            RISKS + "r,weather,Low,kpi,mer,,month,below,3,,Ask,data\n",
            "row 2, column area: expected one of data, technique, operation, resources",
        ),
    ],
)  # fmt: skip
def test_a_plan_that_does_not_fit_together_is_refused(
    tmp_path: Path, name: str, text: str, expected: str
) -> None:
    found = _problems(tmp_path, {"plan.csv": text}, **{name: "plan.csv"})
    assert f"lists.{name}: plan.csv: " in found and expected in found, found


def test_a_parent_may_be_of_the_same_layer(tmp_path: Path) -> None:
    text = GOALS + "a,base,b,\nb,base,c,\nc,,d,\nd,strategic,,\n"
    config = _config(tmp_path, {"plan.csv": text}, goals={"add": "plan.csv"})
    own = [row["goal_id"] for row in _rows(config, tmp_path, "goals") if not row["example_of"]]
    assert own == ["a", "b", "c", "d"]


def test_the_plan_of_the_demo_shop_fits_together(tmp_path: Path) -> None:
    names = ("goals", "milestones", "risk_register")
    for name in names:
        text = (lists.SEEDS / f"{name}.csv").read_text(encoding="utf-8")
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    config = _config(tmp_path, {}, **{name: f"{name}.csv" for name in names})
    assert set(config.lists) == set(names)
    found: list[tuple[str, str]] = []
    plan_lists.check(config.lists, "camellia", lambda name, text: found.append((name, text)))
    assert found == []
    areas = {row["area"] for row in config.lists["risk_register"].rows}
    assert areas == set(lists.contracts()["risk_register"].values["area"])
