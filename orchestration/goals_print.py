"""Goals on paper: a table with words in both languages for people, every column for programs."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.console import console
from orchestration.goals import Goal
from orchestration.hints import again

_WIDTH_OF_A_PIPE = 220

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
    page = console if console.is_terminal else Console(highlight=False, width=_WIDTH_OF_A_PIPE)
    if not found:
        command = escape(again("run"))
        page.print(
            f"No goals yet · 暂无目标: add a line to seeds/goals.csv, then `{command}`.",
            soft_wrap=True,
        )
        return
    table = Table(box=None, header_style="bold")
    for head in _HEADS:
        table.add_column(head)
    for goal in found:
        table.add_row(*_cells(goal.standing))
    page.print(table)
    for goal in found:
        if goal.standing["status_reason"]:
            reason = escape(str(goal.standing["status_reason"]))
            page.print(f"\n[magenta]{goal.standing['goal_id']}[/]: {reason}", soft_wrap=True)
    _print_proposals(page, [one for goal in found for one in goal.proposals])


def _cells(row: dict[str, Any]) -> list[str]:
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
    color, words = _STATUS[row["status"]]
    return [
        escape(f"{row['en']} · {row['zh']}"),
        escape((row["owners"] or "").replace(";", ", ")),
        target,
        until,
        figure(row["actual"], unit),
        figure(row["expected"], unit),
        forecast,
        f"[{color}]{words}[/]",
        budget,
    ]


def figure(value: float | None, unit: str | None) -> str:
    """A KPI's figure for people: shares in percent, counts whole, the rest with two digits."""
    if value is None:
        return ""
    if unit == "rate":
        return f"{value:.1%}"
    return f"{value:,.0f}" if unit == "count" or abs(value) >= 10_000 else f"{value:,.2f}"


def _print_proposals(page: Console, proposals: Sequence[dict[str, Any]]) -> None:
    if not proposals:
        return
    page.print(
        "\n[bold]Proposed revisions · 修订建议[/]: they count once the line, with the name of who "
        "approves it, stands in seeds/goal_revisions.csv"
    )
    for one in proposals:
        title = f"{one['en']} · {one['zh']}: {_PROPOSAL[str(one['proposal'])]}"
        page.print(f"\n[yellow]{escape(title)}[/], since · 自 {one['since_on']}", soft_wrap=True)
        page.print(f"  {one['reason_en']}", soft_wrap=True)
        page.print(f"  {one['reason_zh']}", soft_wrap=True)
        page.print(f"  [dim]{escape(str(one['revision_line']))}[/]", soft_wrap=True)


def print_json(found: Sequence[Goal]) -> None:
    """A list: by goal the columns of goal_progress, and `proposals` with those of goal_proposals."""
    rows = [{**goal.standing, "proposals": goal.proposals} for goal in found]
    sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1, default=_plain) + "\n")


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
