"""Prints goals as a table, with words in both languages."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.text import Text

from orchestration.config.hints import full_command
from orchestration.reports.goals import Goal
from orchestration.terminal.tables import print_table, print_text

_STATUS = {
    "not_started": ("dim", "not started · 未开始"),
    "no_data": ("magenta", "no data · 无数据"),
    "ahead": ("green", "ahead · 超前"),
    "on_pace": ("green", "on pace · 正常"),
    "at_risk": ("red", "at risk · 有风险"),
    "achieved": ("bold green", "achieved · 已达成"),
    "missed": ("bold red", "missed · 未达成"),
}
_HEADS = (
    "goal · 目标", "owners · 责任人", "baseline → target · 基线 → 目标", "until · 截止",
    "actual · 实际", "pace · 应达", "forecast · 预测", "status · 状态", "budget used · 已用预算",
)  # fmt: skip
_PROPOSAL = {
    "target": "another target · 调整目标",
    "end": "more time · 延长期限",
}


def print_goals(found: Sequence[Goal]) -> None:
    """A line for each goal, then what is wrong and what is proposed."""
    if not found:
        command = escape(full_command("run"))
        print_text(
            f"No goals yet · 暂无目标: add a line to the list `goals` (`lists` in shop.yml), then `{command}`."
        )
        return
    print_table(_HEADS, [_cells(goal.standing) for goal in found])
    for goal in found:
        if goal.standing["status_reason"]:
            reason = escape(str(goal.standing["status_reason"]))
            print_text(f"\n[magenta]{goal.standing['goal_id']}[/]: {reason}")
    _print_proposals([one for goal in found for one in goal.proposals])


def _cells(row: dict[str, Any]) -> list[str | Text]:
    unit = row["unit"]
    target = f"{figure(row['baseline'], unit)} → {figure(row['target'], unit)}"
    if row["target"] != row["original_target"]:
        target += f" (was · 原 {figure(row['original_target'], unit)})"
    until = str(row["ends_on"] or "")
    if row["ends_on"] != row["original_ends_on"]:
        until += f" (was · 原 {row['original_ends_on']})"
    forecast = figure(row["forecast"], unit)
    if row["forecast_low"] is not None:
        half = (row["forecast_high"] - row["forecast_low"]) / 2
        forecast += f" ± {figure(half, unit)}"
    budget = ""
    if row["budget_amount"] is not None:
        budget = (
            f"{row['budget_used_amount']:,.0f} of {row['budget_amount']:,.0f} {row['currency']}"
        )
        if row["budget_used_rate"] is not None:
            budget += f" ({row['budget_used_rate']:.0%})"
    return [
        f"{row['en']} · {row['zh']}",
        (row["owners"] or "").replace(";", ", "),
        target,
        until,
        figure(row["actual"], unit),
        figure(row["expected"], unit),
        forecast,
        status_text(row["status"]),
        budget,
    ]


def status_text(status: object) -> Text:
    """The status of a goal in both languages, in its color."""
    color, words = _STATUS[str(status)]
    return Text(words, style=color)


def figure(value: float | None, unit: str | None) -> str:
    """A KPI's figure for people: shares in percent, counts whole, the rest with two digits."""
    if value is None:
        return ""
    if unit == "rate":
        return f"{value:.1%}"
    return f"{value:,.0f}" if unit == "count" or abs(value) >= 10_000 else f"{value:,.2f}"


def _print_proposals(proposals: Sequence[dict[str, Any]]) -> None:
    if not proposals:
        return
    print_text(
        "\n[bold]Proposed revisions · 修订建议[/]: they count once the line, with the name of who "
        "approves it, stands in the list `goal_revisions` (`lists` in shop.yml)"
    )
    for one in proposals:
        title = f"{one['en']} · {one['zh']}: {_PROPOSAL[str(one['proposal'])]}"
        print_text(f"\n[yellow]{escape(title)}[/], since · 自 {one['since_on']}")
        print_text(f"  {one['reason_en']}")
        print_text(f"  {one['reason_zh']}")
        print_text(f"  [dim]{escape(str(one['revision_line']))}[/]")
