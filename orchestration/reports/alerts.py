"""What deserves a look in the released file: alerts, goals at risk, late milestones, risks that occurred.

How alerts are found is in `models/intermediate/alerts`; goals have `goals.py`, milestones and risks `plan.py`.
"""

from collections.abc import Sequence
from typing import Any

import duckdb
from rich.markup import escape

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.reports.goals_print import figure
from orchestration.reports.sql_query import fetch
from orchestration.terminal.tables import print_text

_ALERTS = """
select alerts.*, catalogue.unit
from marts.kpi_alerts as alerts
join meta.kpi_catalogue as catalogue using (kpi_code)
where last_on >= (select max(period_end_on) from marts.kpi_values where period = 'day') - {days}
order by found_on desc, is_bad desc, abs(change) desc nulls last, alert_key"""
# What the end of a run shows: a week of days, or the quarter that has just ended.
_LATELY = 7
_MOST_ALERTS = 5
_ATTENTION = {
    "goals_at_risk": "goal at risk · 目标有风险",
    "late_milestones": "milestone is late · 里程碑逾期",
    "occurred_risks": "risk has occurred · 风险已发生",
}


def alerts(settings: Settings, days: int) -> list[dict[str, Any]]:
    """Alerts of the last days by column of `kpi_alerts`, with the KPI's unit; raises QueryError."""
    return _rows(*fetch(settings, _ALERTS.format(days=days)))


def recent_alerts(con: duckdb.DuckDBPyConnection, days: int) -> list[dict[str, Any]]:
    """The same from an open release: the latest first, then the bad ones."""
    query = con.execute(_ALERTS.format(days=days))
    return _rows([column[0] for column in query.description], query.fetchall())


def print_alerts(found: Sequence[dict[str, Any]], days: int) -> None:
    """Two lines for each alert: what, and what explains it."""
    if not found:
        print_text(f"No alerts in the last {days} days · 最近 {days} 天无预警")
    for alert in found:
        _print_alert(alert)


def attention(con: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """What needs a look: bad `alerts` of the last days by column of kpi_alerts, `goals_at_risk`, late milestones, risks."""
    found = recent_alerts(con, _LATELY)
    behind = con.execute(
        """select goal_id, en, zh from marts.goal_progress
           where is_current and status = 'at_risk' order by goal_id"""
    ).fetchall()
    late = con.execute(
        """select goal_id, milestone, en, zh from marts.goal_milestones
           where state = 'late' order by due_on, goal_id, milestone"""
    ).fetchall()
    occurred = con.execute(
        "select risk_id, en, zh from marts.risks where state = 'occurred' order by since_on, risk_id"
    ).fetchall()
    return {
        "alerts": [row for row in found if row["is_bad"]],
        "goals_at_risk": _rows(("goal_id", "en", "zh"), behind),
        "late_milestones": _rows(("goal_id", "milestone", "en", "zh"), late),
        "occurred_risks": _rows(("risk_id", "en", "zh"), occurred),
    }


def print_attention(con: duckdb.DuckDBPyConnection) -> None:
    """What the end of a run has to say of alerts, goals, milestones and risks; nothing where there are none."""
    found = attention(con)
    for alert in found["alerts"][:_MOST_ALERTS]:
        _print_alert(alert)
    for kind, words in _ATTENTION.items():
        for row in found[kind]:
            name = escape(" · ".join(text for text in (row["en"], row["zh"]) if text))
            print_text(f"[yellow]![/] {words}: {name}")
    if any(found.values()):
        more = escape(f"{full_command('alerts')} and {full_command('goals')}")
        print_text(f"[dim]  {more} show more[/]")


def _print_alert(alert: dict[str, Any]) -> None:
    mark = "[red]▼[/]" if alert["is_bad"] else "[green]▲[/]"
    span = f"{alert['found_on']}"
    if alert["last_on"] != alert["found_on"]:
        span += f" to {alert['last_on']}"
    print_text(f"{mark} [bold]{escape(alert['en'])}[/] · {escape(alert['zh'])}  {span}")
    told = f"{figure(alert['value'], alert['unit'])} instead of {figure(alert['expected_value'], alert['unit'])}"
    if alert["alert_type"] == "divergence":
        told = alert["evidence"]
    elif alert["change"] is not None:
        told += f" ({alert['change']:+.0%})"
    if alert["main_dimension"]:
        told += (
            f"; {alert['main_dimension']} {alert['main_dimension_value']} "
            f"explains {alert['main_share']:.0%}"
        )
    print_text(f"  {escape(told)}")


def _rows(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]
