"""What deserves a look: alerts and goals behind their pace, from the released file, for people and programs.

How alerts are found is in `models/intermediate/alerts`; goals have `goals.py`.
"""

import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
from rich.markup import escape

from orchestration.ask import fetch
from orchestration.console import console
from orchestration.goals_print import figure
from orchestration.hints import again
from orchestration.settings import Settings

_ALERTS = """
select alerts.*, catalogue.unit
from marts.kpi_alerts as alerts
join meta.kpi_catalogue as catalogue using (kpi_code)
where last_on >= (select max(period_end_on) from marts.kpi_values where period = 'day') - {days}
order by found_on desc, is_bad desc, abs(change) desc nulls last, alert_key"""
# What the end of a run shows: a week of days, or the quarter that has just ended.
_LATELY = 7


def alerts(settings: Settings, days: int) -> list[dict[str, Any]]:
    """Alerts of the last days by column of `kpi_alerts`, with the KPI's unit; raises QueryError."""
    return _rows(*fetch(settings, _ALERTS.format(days=days)))


def print_alerts(found: Sequence[dict[str, Any]], days: int) -> None:
    """Two lines for each alert: what, and what explains it."""
    if not found:
        console.print(f"No alerts in the last {days} days · 最近 {days} 天无预警")
    for alert in found:
        _print_alert(alert)


def print_json(found: Sequence[dict[str, Any]]) -> None:
    """A list, by alert the columns of kpi_alerts."""
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1, default=_plain) + "\n")


def print_attention(con: duckdb.DuckDBPyConnection) -> None:
    """What the end of a run has to say of alerts and goals; nothing where there are none."""
    query = con.execute(_ALERTS.format(days=_LATELY))
    found = [
        row for row in _rows([c[0] for c in query.description], query.fetchall()) if row["is_bad"]
    ]
    for alert in found[:5]:
        _print_alert(alert)
    behind = con.execute(
        "select en, zh from marts.goal_progress where is_current and status = 'at_risk' order by goal_id"
    ).fetchall()
    for en, zh in behind:
        console.print(
            f"[yellow]![/] goal at risk · 目标有风险: {escape(en)} · {escape(zh)}", soft_wrap=True
        )
    if found or behind:
        more = escape(f"{again('alerts')} and {again('goals')}")
        console.print(f"[dim]  {more} show more[/]", soft_wrap=True)


def _print_alert(alert: dict[str, Any]) -> None:
    mark = "[red]▼[/]" if alert["is_bad"] else "[green]▲[/]"
    span = f"{alert['found_on']}"
    if alert["last_on"] != alert["found_on"]:
        span += f" to {alert['last_on']}"
    console.print(
        f"{mark} [bold]{escape(alert['en'])}[/] · {escape(alert['zh'])}  {span}", soft_wrap=True
    )
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
    console.print(f"  {escape(told)}", soft_wrap=True)


def _rows(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
