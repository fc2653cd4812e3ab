"""Goals: the worked example on three courses, revisions, direction, slices, seasons, and what goes wrong."""

import csv
import io
import json
import math
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from goals_lab import FIGURES, PERIODS, GoalsLab
from rich.cells import cell_len
from shops import REPO, Shop

from orchestration.config.lists import contracts
from orchestration.reports.alerts import attention
from orchestration.reports.goals import Goal
from orchestration.reports.plan import in_layers

START, END, MONTHS = date(2026, 1, 1), date(2026, 6, 30), {1: 31, 3: 90, 5: 151}
POINTS = {
    "en": "Points", "zh": "积分", "kpi_code": "rep_rate_user", "measured": "day",
    "baseline": 0.18, "target": 0.26, "starts_on": START, "ends_on": END,
    "budget_amount": 500_000, "owners": "市场部;运营部", "lever": "points", "verified_by": "crm",
}  # fmt: skip
PEOPLE = 10_000


def about(value: float) -> object:
    """The value to the six digits that the marts keep."""
    return pytest.approx(value, abs=1e-6)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> GoalsLab:
    return GoalsLab(tmp_path_factory.mktemp("goals") / "home")


@pytest.fixture(autouse=True)
def no_figures(lab: GoalsLab) -> None:
    lab.sql(f"delete from {FIGURES}")


def _course(points: Callable[[float], float], first: int = -30, last: int = 180) -> list[int]:
    """Repeat buyers of 10,000 by day, the first on the 30th day before the start.

    `points` are percentage points above 18 % by the share of the time; small waves lie on top.
    """
    return [
        round(PEOPLE * (0.18 + points(max(0.0, (day + 1) / 181)) / 100))
        + round(15 * math.sin(2 * math.pi * day / 11))
        for day in range(first, last + 1)
    ]


def _after(days: int) -> date:
    return START + timedelta(days=days - 1)


def _three_courses(lab: GoalsLab) -> None:
    """18 % → 26 % in six months: one on its way to 30 %, one to 21 %, one late and then fast."""
    courses: dict[str, Callable[[float], float]] = {
        "ahead": lambda share: 12 * share,
        "behind": lambda share: 3 * share,
        "recovered": lambda share: 2.5 * share if share < 0.4 else 1 + (share - 0.4) / 0.6 * 8,
    }
    lab.only_these_goals(
        *(
            {**POINTS, "goal_id": name, "dimension": "course", "dimension_value": name}
            for name in courses
        )
    )
    for name, points in courses.items():
        lab.figures(
            "rep_rate_user", START - timedelta(days=30), _course(points),
            denominator=PEOPLE, dimension="course", dimension_value=name,
        )  # fmt: skip


def test_the_worked_example_on_three_courses(lab: GoalsLab) -> None:
    _three_courses(lab)
    lab.put(
        "seeds.goal_spend",
        [
            {"goal_id": "behind", "spent_on": _after(20), "amount": 120_000},
            {"goal_id": "behind", "spent_on": _after(120), "amount": 80_000},
        ],
    )
    lab.build_as_of(_after(151))
    # actual and forecast by the arithmetic of the courses, in percent; status
    expected = {
        ("ahead", 1): (20.06, 22.1, "ahead"),
        ("ahead", 3): (23.97, 29.9, "ahead"),
        ("ahead", 5): (28.01, 30.0, "ahead"),
        ("behind", 1): (18.51, 19.0, "at_risk"),
        ("behind", 3): (19.49, 21.0, "at_risk"),
        ("behind", 5): (20.50, 21.0, "at_risk"),
        ("recovered", 1): (18.43, 18.8, "at_risk"),
        ("recovered", 3): (20.30, 21.3, "at_risk"),
        ("recovered", 5): (24.79, 27.0, "on_pace"),
    }
    for (name, month), (actual, forecast, status) in expected.items():
        days = MONTHS[month]
        row = lab.standing(name, _after(days))
        where = f"{name} in month {month}: {row}"
        assert row["actual"] == pytest.approx(actual / 100, abs=0.0025), where
        assert row["elapsed_rate"] == about(days / 181), where
        assert row["expected"] == about(0.18 + 0.08 * days / 181), where
        assert row["pace_basis"] == "linear" and row["expected_seasonal"] is None, where
        assert row["progress_rate"] == pytest.approx((row["actual"] - 0.18) / 0.08, abs=1e-4), where
        assert row["forecast"] == pytest.approx(forecast / 100, abs=0.004), where
        assert row["forecast_low"] < row["forecast"] < row["forecast_high"], where
        assert row["status"] == status, where
        assert row["owners"] == "市场部;运营部" and row["budget_amount"] == 500_000, where
    early, late = (lab.standing("behind", _after(MONTHS[month])) for month in (1, 5))
    assert (
        late["forecast_high"] - late["forecast_low"]
        < early["forecast_high"] - early["forecast_low"]
    )
    assert (early["budget_used_amount"], late["budget_used_amount"]) == (120_000, 200_000)
    assert late["budget_used_rate"] == 0.4
    # 200,000 for 2.4 points, waves included
    assert late["cost_per_step"] == pytest.approx(2_000 / (late["actual"] - 0.18))
    assert lab.proposals("recovered") == {}
    assert set(lab.proposals("ahead")) == {"target"}


def test_a_proposal_is_pasted_as_it_is_and_then_disappears(lab: GoalsLab) -> None:
    _three_courses(lab)
    lab.build_as_of(_after(151))
    proposal = lab.proposals("behind")["target"]
    assert proposal["proposed_target"] == pytest.approx(0.21, abs=0.002)
    assert proposal["since_on"] < proposal["proposed_on"] == _after(151)
    assert "151 of 181 days" in proposal["reason_en"] and "预测" in proposal["reason_zh"]
    lab.release()
    shown = lab.shop.cli("goals").stdout
    assert str(proposal["revision_line"]) in shown
    assert "risk" in shown and "有风险" in shown, shown
    header = (REPO / "seeds" / "goal_revisions.csv").read_text().splitlines()[0]
    (line,) = csv.DictReader(io.StringIO(f"{header}\n{proposal['revision_line']}王经理\n"))
    assert line["approved_by"] == "王经理" and line["ends_on"] == "" and line["budget_amount"] == ""
    lab.put("seeds.goal_revisions", [{name: value for name, value in line.items() if value}])
    lab.build_as_of(_after(151))
    assert lab.proposals("behind") == {}
    row, before = lab.standing("behind"), lab.standing("behind", _after(150))
    assert row["target"] == pytest.approx(proposal["proposed_target"], abs=1e-4)
    assert (row["original_target"], before["target"], row["revision_count"]) == (0.26, 0.26, 1)
    assert row["progress_rate"] > row["original_progress_rate"]
    assert row["status"] == "on_pace" and before["status"] == "at_risk"


def test_a_goal_that_needs_more_time_is_offered_more_time(lab: GoalsLab) -> None:
    lab.only_these_goals({**POINTS, "goal_id": "slow"})
    course = _course(lambda share: 6 * share)
    lab.figures("rep_rate_user", START - timedelta(days=30), course, denominator=PEOPLE)
    lab.build_as_of(_after(151))
    found = lab.proposals("slow")
    assert set(found) == {"target", "end"}
    # 2 points are missing at 6 points in 181 days.
    assert abs((found["end"]["proposed_ends_on"] - END).days - 60) <= 8
    assert f",{found['end']['proposed_ends_on']},," in found["end"]["revision_line"]


def test_a_longer_end_and_a_larger_budget_keep_history(lab: GoalsLab) -> None:
    lab.only_these_goals({**POINTS, "goal_id": "longer"})
    lab.figures(
        "rep_rate_user", START, _course(lambda share: 8 * share, 0, 200), denominator=PEOPLE
    )
    lab.put(
        "seeds.goal_revisions",
        [
            {
                "goal_id": "longer",
                "effective_on": _after(100),
                "ends_on": _after(241),
                "budget_amount": 600_000,
            },
            {"goal_id": "longer", "effective_on": _after(190), "target": 0.3},
            {"goal_id": "longer", "effective_on": _after(300), "target": 0.5},
        ],
    )
    lab.build_as_of(_after(200))
    first, then, now = (lab.standing("longer", _after(days)) for days in (99, 100, 200))
    assert (first["ends_on"], first["budget_amount"]) == (END, 500_000)
    assert (then["ends_on"], then["original_ends_on"], then["budget_amount"]) == (
        _after(241),
        END,
        600_000,
    )
    assert (now["target"], now["revision_count"], now["is_current"]) == (0.3, 2, True)
    assert now["elapsed_rate"] == about(200 / 241)
    assert lab.standing("longer", END)["status"] not in ("achieved", "missed")


def test_the_last_day_judges_and_less_may_be_better(lab: GoalsLab) -> None:
    down = {**POINTS, "kpi_code": "ad_cost_ratio", "baseline": 0.12, "target": 0.08}
    lab.only_these_goals(
        {**down, "goal_id": "falls"},
        {**down, "goal_id": "stays", "dimension": "platform", "dimension_value": "jd"},
        {**down, "goal_id": "so_far", "measured": "cumulative"},
    )
    falling = [round(PEOPLE * (0.12 - 0.05 * (day + 1) / 181)) for day in range(181)]
    steady = [1_190 + day % 3 for day in range(181)]
    lab.figures("ad_cost_ratio", START, falling, denominator=PEOPLE)
    lab.figures(
        "ad_cost_ratio",
        START,
        steady,
        denominator=PEOPLE,
        dimension="platform",
        dimension_value="jd",
    )
    lab.build_as_of(_after(200))
    row = lab.standing("falls", _after(90))
    assert row["direction"] == "lower"
    assert row["expected"] == about(0.12 - 0.04 * 90 / 181)
    assert row["pace_gap_rate"] > 0.05 and row["status"] == "ahead"
    assert row["gain"] == about(0.12 - row["actual"])
    assert lab.standing("stays", _after(90))["status"] == "at_risk"
    assert lab.standing("falls")["progress_on"] == END
    assert lab.standing("falls")["status"] == "achieved"
    assert lab.standing("stays")["status"] == "missed"
    # Σ ÷ Σ since the start: half-way down a straight line.
    so_far = lab.standing("so_far")
    assert so_far["actual"] == about(sum(falling) / (181 * PEOPLE))
    assert so_far["status"] == "missed"


def test_what_cannot_be_followed_says_why_and_stays(lab: GoalsLab) -> None:
    lab.only_these_goals(
        {**POINTS, "goal_id": "typo", "kpi_code": "repurchase"},
        {**POINTS, "goal_id": "no_slice", "dimension": "platform", "dimension_value": "kuaishou"},
        {**POINTS, "goal_id": "no_sum", "kpi_code": "visitors", "measured": "cumulative"},
        {**POINTS, "goal_id": "backwards", "ends_on": date(2025, 1, 1)},
        {**POINTS, "goal_id": "cut_off"},
        {**POINTS, "goal_id": "later", "starts_on": date(2026, 5, 1)},
    )
    lab.figures("rep_rate_user", START, _course(lambda share: 8 * share, 0, 60), denominator=PEOPLE)
    lab.figures(
        "rep_rate_user", _after(62), [0] * 30, value=None, coverage="not connected: erp.orders"
    )
    lab.figures("visitors", START, [100] * 60)
    lab.build_as_of(_after(91))
    rows = {
        name: lab.standing(name)
        for name in ("typo", "no_slice", "no_sum", "backwards", "cut_off", "later")
    }
    assert {name: row["status"] for name, row in rows.items()} == {
        "typo": "no_data", "no_slice": "no_data", "no_sum": "no_data", "backwards": "no_data",
        "cut_off": "no_data", "later": "not_started",
    }  # fmt: skip
    reasons = {name: row["status_reason"] for name, row in rows.items()}
    assert reasons["typo"] == "unknown KPI: repurchase"
    assert reasons["no_slice"] == "no figures by day for shop all, platform kuaishou"
    assert "cannot be added up" in str(reasons["no_sum"])
    assert reasons["backwards"] == "ends before it starts"
    assert reasons["cut_off"] == "not connected: erp.orders"
    assert lab.standing("cut_off", _after(60))["status"] == "on_pace"
    warned = lab.shop.cli("dbt", "test", "--select", "goals_are_well_formed")
    # The typo and the order of dates; the rest depends on the data.
    assert warned.returncode == 0 and "Got 2 results" in warned.stdout, warned.stdout


def test_a_shop_without_data_and_a_shop_that_is_not_the_demo(lab: GoalsLab) -> None:
    lab.only_these_goals(
        {**POINTS, "goal_id": "mine"},
        {**POINTS, "goal_id": "theirs", "example_of": "another shop"},
    )
    lab.build_as_of(None)
    assert lab.sql("select goal_id, progress_on, status from marts.goal_progress") == [
        ("mine", date(1970, 1, 1), "no_data")
    ]


def test_a_sum_is_paced_by_the_season_of_the_year_before(lab: GoalsLab) -> None:
    """The 11th of November brings as much as ten days, and orders grow by half."""
    goal = {
        **POINTS, "kpi_code": "orders", "measured": "cumulative", "baseline": 4_900,
        "target": 7_350, "starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30),
    }  # fmt: skip
    lab.only_these_goals(
        {**goal, "goal_id": "grows"},
        {**goal, "goal_id": "new_slice", "dimension": "platform", "dimension_value": "douyin"},
    )
    year = [
        1_000 if day.day == 11 and day.month == 11 else 100 for day in _days(date(2025, 10, 1), 366)
    ]
    lab.figures("orders", date(2025, 10, 1), year)
    november = [150] * 10 + [1_500] + [150] * 9
    lab.figures("orders", date(2026, 11, 1), november)
    lab.figures(
        "orders", date(2026, 11, 1), november, dimension="platform", dimension_value="douyin"
    )
    lab.build_as_of(date(2026, 11, 20))
    # A year before, the month had 3,900 orders.
    before, after, now = (lab.standing("grows", date(2026, 11, day)) for day in (10, 11, 20))
    assert before["pace_basis"] == "seasonal"
    assert before["expected"] == pytest.approx(7_350 * 1_000 / 3_900, rel=0.02)
    assert after["expected"] == pytest.approx(7_350 * 2_000 / 3_900, rel=0.02)
    assert after["expected_linear"] == pytest.approx(7_350 * 11 / 30)
    assert now["actual"] == sum(november)
    assert now["forecast"] == pytest.approx(5_850, rel=0.01)
    assert now["status"] == "at_risk"
    assert now["gain"] == pytest.approx(sum(november) - 4_900 * 2_900 / 3_900, rel=0.02)
    # The first figures of a slice have no year before: the same pace for every day.
    new = lab.standing("new_slice")
    assert new["pace_basis"] == "linear" and new["expected"] == pytest.approx(7_350 * 20 / 30)


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


def test_the_command_shows_the_demo_s_goals(demo_shop: Shop) -> None:
    asked = demo_shop.cli("goals", "--json")
    assert asked.returncode == 0, asked.stderr
    found = {goal["goal_id"]: goal for goal in json.loads(asked.stdout)["goals"]}
    assert found["points_scheme"]["status"] == "achieved"
    assert found["points_scheme"]["owners"] == "市场部;运营部"
    assert {goal["status"] for goal in found.values()} <= {
        "achieved",
        "missed",
        "ahead",
        "on_pace",
        "at_risk",
    }
    assert all(
        goal["forecast_low"] <= goal["forecast"] for goal in found.values() if goal["forecast"]
    )
    shown = demo_shop.cli("goals").stdout
    assert (
        "积分体系提升复购" in shown
        and "achieved · 已达成" in shown
        and "450,000 of 500,000 CNY (90%)" in shown
    )


def test_the_command_shows_layers_milestones_and_risks(demo_shop: Shop) -> None:
    plan = json.loads(demo_shop.cli("goals", "--json").stdout)
    order = [goal["goal_id"] for goal in plan["goals"]]
    above, *below = order
    assert above == "customer_value_2027" and len(below) == 5, order
    parent = {goal["goal_id"]: goal["parent_goal_id"] for goal in plan["goals"]}
    for goal_id in below:
        assert order.index(parent[goal_id]) < order.index(goal_id), order
    top = plan["goals"][0]
    children = [goal["status"] for goal in plan["goals"] if goal["parent_goal_id"] == above]
    assert top["child_goal_count"] == len(children) == 3
    assert top["children_at_risk_count"] == sum(s in ("at_risk", "missed") for s in children)
    milestones = {(row["goal_id"], row["milestone"]): row for row in plan["milestones"]}
    late = milestones["net_sales_q4", "landing_pages"]
    assert (late["state"], late["due_in_days"]) == ("late", -3), late
    assert milestones["points_scheme", "launch"]["state"] == "done_late"
    shown = demo_shop.cli("goals").stdout
    assert "   └ Net sales of the fourth quarter" in shown and "Strategic · 战略" in shown, shown
    assert "Late · 已逾期, 3 days" in shown and "Done late · 逾期完成" in shown, shown
    parts = shown.split("Milestones · 里程碑")
    printed = [*parts[0].split("── 1 ──")[0].splitlines(), *parts[1].splitlines()]
    assert [line for line in printed if cell_len(line) > 80] == []


def test_each_risk_of_the_demo_follows_from_its_kpi(demo_shop: Shop) -> None:
    plan = json.loads(demo_shop.cli("goals", "--json").stdout)
    shown = demo_shop.cli("goals").stdout
    near_share = float(contracts()["risk_policy"].defaults[0]["near_share"])
    assert {risk["area"] for risk in plan["risks"]} == {
        "data", "technique", "operation", "resources",
    }  # fmt: skip
    for risk in plan["risks"]:
        if risk["signal"] != "kpi":
            continue
        figures = demo_shop.ask(
            f"""select value, coverage from marts.kpi_values
                where kpi_code = '{risk["kpi_code"]}' and period = '{risk["period"]}'
                    and shop_id = '{risk["shop_id"]}' and dimension = 'all' and is_complete
                order by period_start_on desc limit 1"""
        )
        assert figures or risk["state"] == "unknown", risk
        value, limit = (figures[0][0] if figures else None), risk["threshold"]
        sign = -1 if risk["comparison"] == "below" else 1
        if value is None:
            expected = "unknown"
        elif sign * (value - limit) > 0:
            expected = "occurred"
        else:
            expected = "near" if sign * (value - limit) >= -near_share * limit else "quiet"
        assert risk["state"] == expected, (risk, figures)
        assert (risk["value"] is None) == (expected == "unknown"), risk
        assert (risk["state_reason"] is None) == (expected != "unknown"), risk
        assert (risk["since_on"] is None) == (expected != "occurred"), risk
        assert (risk["en"] in shown) == (expected != "quiet"), risk
        assert (risk["response_zh"] in shown) == (expected in ("occurred", "near")), risk


def test_the_end_of_a_run_names_late_milestones_and_risks(demo_shop: Shop) -> None:
    with duckdb.connect(str(demo_shop.released), read_only=True) as con:
        found = attention(con)
    assert [row["milestone"] for row in found["late_milestones"]] == ["landing_pages"]
    occurred = demo_shop.ask("select risk_id from marts.risks where state = 'occurred' order by 1")
    assert sorted(row["risk_id"] for row in found["occurred_risks"]) == [row[0] for row in occurred]


def test_goals_below_goals_and_risks_follow_the_data(lab: GoalsLab) -> None:
    goal = {**POINTS, "dimension": "course", "dimension_value": "flat"}
    lab.only_these_goals(
        {**POINTS, "goal_id": "top", "layer": "strategic"},
        {**goal, "goal_id": "below", "layer": "base", "parent_goal_id": "top"},
        {**goal, "goal_id": "alone"},
    )
    lab.figures("rep_rate_user", START, [1_800] * 40, denominator=PEOPLE)
    lab.figures(
        "rep_rate_user", START, [1_800] * 40, denominator=PEOPLE,
        dimension="course", dimension_value="flat",
    )  # fmt: skip
    last = _after(40)
    lab.sql(f"update {FIGURES} set is_comparable = true, is_in_progress = false")
    lab.sql(
        f"""insert into {PERIODS} select 'day', period_start_on, period_end_on, period_start_on,
            period_end_on from {FIGURES} where dimension = 'all'"""
    )
    risk = {
        "area": "operation", "en": "Fewer return", "signal": "kpi", "kpi_code": "rep_rate_user",
        "period": "day", "comparison": "below", "response_en": "Ask", "owner": "crm",
    }  # fmt: skip
    lab.put(
        "seeds.risk_register",
        [
            {**risk, "risk_id": "low", "threshold": 0.2},
            {**risk, "risk_id": "close", "threshold": 0.17},
            {**risk, "risk_id": "shop", "threshold": 0.2, "shop_id": "other"},
        ],
    )
    lab.put(
        "seeds.milestones", [{"goal_id": "below", "milestone": "m", "due_on": START, "en": "M"}]
    )
    lab.build_as_of(last)
    lab.release()
    asked = lab.shop.cli("goals", "--json")
    plan = json.loads(asked.stdout)
    assert [goal["goal_id"] for goal in plan["goals"]] == ["alone", "top", "below"], plan
    assert {goal["layer"] for goal in plan["goals"]} == {"strategic", "base", None}
    risks = {row["risk_id"]: row for row in plan["risks"]}
    assert (risks["low"]["state"], risks["low"]["since_on"]) == ("occurred", str(START)), risks
    assert risks["close"]["state"] == "near" and risks["close"]["value"] == 0.18, risks
    unknown = risks["shop"]
    assert (unknown["state"], unknown["value"]) == ("unknown", None), risks
    assert unknown["state_reason"] == "no figures for shop other"
    [milestone] = plan["milestones"]
    assert (milestone["state"], milestone["due_in_days"]) == ("late", -39), milestone
    shown = lab.shop.cli("goals").stdout
    assert "Fewer return" in shown and "→ Ask" in shown and "late, 39 days" in shown, shown


def test_goals_that_serve_each_other_are_shown_once() -> None:
    circle = [
        Goal({"goal_id": own, "parent_goal_id": parent}, [])
        for own, parent in (("a", "b"), ("b", "a"), ("c", "gone"))
    ]
    shown = [(depth, goal.standing["goal_id"]) for depth, goal in in_layers(circle)]
    assert shown == [(0, "c"), (0, "a"), (1, "b")]


def test_without_a_release_the_command_says_what_to_do(tmp_path: Path) -> None:
    asked = Shop(tmp_path / "home").cli("goals")
    assert asked.returncode == 2 and "shop360 init" in asked.stderr
