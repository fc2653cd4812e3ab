"""Prints the plan: goals in layers, then each goal, milestones, and risks that need the reader."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.text import Text

from orchestration.reports.goals_print import figure, print_goals, status_text
from orchestration.reports.plan import Plan
from orchestration.terminal.tables import print_table, print_text

_COLORS = {
    "done": "green",
    "done_late": "yellow",
    "open": "",
    "late": "red",
    "occurred": "red",
    "near": "yellow",
    "unknown": "magenta",
}
_SIDES = {"above": ">", "below": "<"}


def print_plan(found: Plan) -> None:
    """Every part that has rows."""
    _print_layers(found)
    print_goals([goal for _, goal in found.goals])
    _print_milestones(found)
    _print_risks(found)


def _print_layers(found: Plan) -> None:
    """A line for each goal below the goal that it serves; nothing without layers and parents."""
    if not any(goal.standing.get("layer") or depth for depth, goal in found.goals):
        return
    print_text("[bold]Layers · 层级[/]")
    for depth, goal in found.goals:
        row: dict[str, Any] = goal.standing
        left = " " * (2 * depth + 1)
        mark = "└ " if depth else ""
        print_text(Text(f"{left}{mark}{row['en']} · {row['zh']}"), hang=len(left) + 2)
        layer = found.label("goal_layer", row.get("layer"))
        status = status_text(row["status"])
        facts = Text.assemble(left, "    ", f"{layer}: " if layer else "", status, _children(row))
        print_text(facts, hang=len(left) + 4)
    print_text("")


def _children(row: dict[str, Any]) -> str:
    if not (count := row.get("child_goal_count")):
        return ""
    on_pace, at_risk = row["children_on_pace_count"], row["children_at_risk_count"]
    return f"; {count} below: {on_pace} on pace, {at_risk} at risk"


def _print_milestones(found: Plan) -> None:
    if not found.milestones:
        return
    names = {goal.standing["goal_id"]: goal.standing for _, goal in found.goals}
    rows: list[tuple[object, ...] | Text] = []
    for goal_id in dict.fromkeys(row["goal_id"] for row in _by_goal(found)):
        goal = names.get(goal_id, {"en": goal_id, "zh": ""})
        rows.append(Text(f"{goal['en']} · {goal['zh']}".rstrip(" ·"), style="bold"))
        for row in (row for row in found.milestones if row["goal_id"] == goal_id):
            state = Text(_state(found, row), style=_COLORS.get(str(row["state"]), ""))
            what = f"{row['en']} · {row['zh']}" if row["zh"] else row["en"]
            rows.append((row["due_on"], what, row["owner"], state))
    heads = ("due · 截止", "milestone · 里程碑", "owner · 责任人", "state · 状态")
    print_text("")
    print_table(heads, rows, title="Milestones · 里程碑")


def _by_goal(found: Plan) -> Sequence[dict[str, Any]]:
    """Milestones in the order of their goals."""
    order = {goal.standing["goal_id"]: number for number, (_, goal) in enumerate(found.goals)}
    return sorted(found.milestones, key=lambda row: order.get(row["goal_id"], len(order)))


def _state(found: Plan, row: dict[str, Any]) -> str:
    words = found.label("milestone_state", row["state"])
    if row["state"] == "done_late":
        return f"{words} {row['done_on']}"
    if row["due_in_days"] is None:
        return words
    days = _days(abs(row["due_in_days"]))
    return f"{words}, {days}" if row["state"] == "late" else f"{words}, in {days}"


def _print_risks(found: Plan) -> None:
    """Risks that occurred or are near with their response; the others in a line each or a number."""
    if not found.risks:
        return
    print_text("\n[bold]Risks · 风险[/]")
    for row in found.risks:
        if row["state"] in ("occurred", "near"):
            _print_risk(found, row)
    for row in found.risks:
        if row["state"] == "unknown":
            reason = f"{row['state_reason']} · {row['state_reason_zh']}"
            _print_title(found, row)
            print_text(Text(f"  {reason}"), hang=2)
    quiet = sum(row["state"] == "quiet" for row in found.risks)
    if quiet:
        print_text(f"[dim]{escape(found.label('risk_state', 'quiet'))}: {quiet}[/]")


def _print_risk(found: Plan, row: dict[str, Any]) -> None:
    _print_title(found, row)
    for line in _evidence(row):
        print_text(Text(f"  {line}"), hang=2)
    print_text(Text(f"  → {row['response_en']}"), hang=4)
    if row["response_zh"]:
        print_text(Text(f"  → {row['response_zh']}"), hang=4)


def _print_title(found: Plan, row: dict[str, Any]) -> None:
    words = found.label("risk_state", row["state"])
    title = Text.assemble((words, _COLORS[str(row["state"])]), f"  {row['en']}")
    print_text(title, hang=2)
    area = f"({found.label('risk_area', row['area'])}; {row['owner']})"
    print_text(Text(f"  {row['zh']} {area}" if row["zh"] else f"  {area}"), hang=2)


def _evidence(row: dict[str, Any]) -> tuple[str, str]:
    """What shows the risk: value, shop and period; then threshold, and since when it is crossed."""
    shop = "" if row["shop_id"] == "all" else f" ({row['shop_id']})"
    since = f", since · 自 {row['since_on']}" if row["since_on"] else ""
    if row["signal"] == "feed_late":
        shown = f"{row['feed']}{shop} is {_days(row['value'])} behind on {row['judged_on']}"
        return shown, f"threshold · 阈值 > {_days(row['threshold'])}{since}"
    shown = f"{row['kpi_en']}{shop} {_amount(row, 'value')}, {_period(row)}"
    side = _SIDES[row["comparison"]]
    return shown, f"threshold · 阈值 {side} {_amount(row, 'threshold')}{since}"


def _days(count: float) -> str:
    return "1 day" if count == 1 else f"{count:.0f} days"


def _amount(row: dict[str, Any], column: str) -> str:
    """A value of the KPI with its unit, where the figure alone does not show it."""
    if row["unit"] == "seconds":
        return f"{row[column]:,.0f} seconds"
    shown = figure(row[column], row["unit"])
    return (
        shown if row["unit"] in ("rate", "count", "currency", "ratio") else f"{shown} {row['unit']}"
    )


def _period(row: dict[str, Any]) -> str:
    """`day 2026-10-31`, `week from 2026-10-19`, `month 2026-10`."""
    start = row["period_start_on"]
    if row["period"] == "month":
        return f"month {start:%Y-%m}"
    return f"week from {start}" if row["period"] == "week" else f"day {start}"
