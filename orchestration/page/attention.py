"""What needs the reader: alerts, goals, failed checks; and the state of the data behind every figure."""

from datetime import date, timedelta
from typing import Any

import duckdb

from orchestration.page.rows import rows

_ALERT_DAYS = 14
_ENDED_GOAL_DAYS = 31


def alerts(con: duckdb.DuckDBPyConnection, until: date) -> dict[str, Any]:
    """Alerts of the last days, newest first, and the one before them where there is none."""
    found = rows(
        con,
        """select alert_type, kpi_code, found_on, last_on, is_bad, value, expected_value, change, en, zh,
               evidence, evidence_zh, main_dimension, main_dimension_value, main_share, owner
           from marts.kpi_alerts order by last_on desc, is_bad desc, abs(change) desc, alert_key""",
    )
    since = (until - timedelta(days=_ALERT_DAYS)).isoformat()
    recent = [alert for alert in found if alert["last_on"] > since]
    return {"days": _ALERT_DAYS, "recent": recent, "last": found[0] if found else None}


def goals(con: duckdb.DuckDBPyConnection, until: date) -> list[dict[str, Any]]:
    """Goals that run or ended lately by layer, with their open proposals and their milestones.

    Of the milestones, those that are open or were done lately.
    """
    found = rows(
        con,
        """select goal_id, en, zh, layer, parent_goal_id, kpi_code, shop_id, measured, unit, direction, owners, lever, starts_on, ends_on,
               baseline, original_target, target, revision_count, status, status_reason, measured_on, actual,
               expected, pace_basis, elapsed_rate, progress_rate, forecast, forecast_low, forecast_high,
               needs_revision, currency, budget_amount, budget_used_amount, budget_used_rate
           from marts.goal_progress where is_current and ends_on >= $since
           order by case layer when 'strategic' then 1 when 'advance' then 2 else 3 end,
               needs_revision desc, ends_on, goal_id""",
        {"since": until - timedelta(days=_ENDED_GOAL_DAYS)},
    )
    proposals = rows(
        con,
        """select goal_id, proposal, proposed_target, proposed_ends_on, reason_en, reason_zh
           from marts.goal_proposals order by all""",
    )
    milestones = rows(
        con,
        """select goal_id, en, zh, owner, due_on, done_on, state
           from marts.goal_milestones where done_on is null or done_on >= $since
           order by due_on, milestone""",
        {"since": until - timedelta(days=_ENDED_GOAL_DAYS)},
    )
    for goal in found:
        goal["milestones"] = [one for one in milestones if one["goal_id"] == goal["goal_id"]]
        goal["proposals"] = [
            {name: value for name, value in proposal.items() if name != "goal_id"}
            for proposal in proposals
            if proposal["goal_id"] == goal["goal_id"]
        ]
    return found


def risks(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The risk register, those that occurred or are near first."""
    return rows(
        con,
        """select risk_id, area, en, zh, signal, kpi_code, feed, shop_id, period, comparison, threshold, unit, state,
               state_reason, state_reason_zh, value, since_on, judged_on, response_en, response_zh, owner
           from marts.risks
           order by case state when 'occurred' then 1 when 'near' then 2 when 'unknown' then 3 else 4 end, area,
               risk_id""",
    )


def sources(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Feeds by system and shop, with their last day; checks, quarantined rows, and orders of known buyers."""
    return {
        "feeds": rows(
            con,
            """select feed, en, zh, source_system, shop_id, is_connected, state, reason_en, reason_zh, cadence,
                   row_count, first_on, last_on, long_gap_days
               from meta.coverage order by feed, source_system, shop_id""",
        ),
        "identified": rows(
            con,
            """select shop_id, sum(order_count) as order_count,
                   sum(identified_order_count) as identified_order_count
               from meta.coverage_identity group by shop_id order by shop_id""",
        ),
        "checks": rows(
            con,
            """select count(*) filter (is_passed) as passed,
                   count(*) filter (not is_passed and severity = 'warn') as warned,
                   count(*) filter (not is_passed and severity <> 'warn') as failed
               from meta.check_results""",
        )[0],
        "quarantined": rows(
            con,
            """select feed, reason_code, count(*) as row_count
               from meta.quarantine group by all order by row_count desc, feed, reason_code limit 6""",
        ),
        "quarantined_count": rows(con, "select count(*) as n from meta.quarantine")[0]["n"],
    }
