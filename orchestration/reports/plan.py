"""The plan of the shop: goals in layers, their milestones, and the risks, from the released file.

How states are computed is in `models/intermediate/goals`, how they are printed in `plan_print.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from orchestration.config.settings import Settings
from orchestration.reports.goals import Goal, goals
from orchestration.system import faults

Row = dict[str, object]

_MILESTONES = "select * from marts.goal_milestones order by due_on, goal_id, milestone"
_RISKS = """
select risks.*, catalogue.en as kpi_en, catalogue.zh as kpi_zh
from marts.risks as risks left join meta.kpi_catalogue as catalogue using (kpi_code)
order by array_position(['occurred', 'near', 'unknown', 'quiet'], state), since_on, risk_id"""
_LABELS = """
select label_kind, code, en, zh from meta.code_labels
where label_kind in ('goal_layer', 'milestone_state', 'risk_area', 'risk_state')"""


@dataclass(frozen=True)
class Plan:
    """Goals with their depth below a goal that serves none, milestones by day, risks by state."""

    goals: list[tuple[int, Goal]]
    milestones: list[Row]
    risks: list[Row]
    labels: Mapping[tuple[str, str], str]
    """Names in both languages by kind and code."""

    def facts(self) -> dict[str, object]:
        """Every column of the marts, for programs."""
        return {
            "goals": [goal.facts() for _, goal in self.goals],
            "milestones": self.milestones,
            "risks": self.risks,
        }

    def label(self, kind: str, code: object) -> str:
        """The name of a code in both languages; the code itself if it has none."""
        return self.labels.get((kind, str(code)), str(code or ""))


def plan(settings: Settings) -> Plan:
    """The plan as of the last day of the data; raises GoalsMissing.

    A release of an earlier version has no milestones and no risks.
    """
    found = goals(settings)
    with faults.opening(settings.released):
        con = duckdb.connect(str(settings.released), read_only=True)
    with con:
        labels = {
            (str(row["label_kind"]), str(row["code"])): f"{row['en']} · {row['zh']}"
            for row in _rows(con, _LABELS)
        }
        return Plan(list(in_layers(found)), _rows(con, _MILESTONES), _rows(con, _RISKS), labels)


def in_layers(found: Sequence[Goal]) -> Iterator[tuple[int, Goal]]:
    """Every goal once, with its depth, children below the goal that they serve."""
    ids = {goal.standing["goal_id"] for goal in found}
    below: dict[object, list[Goal]] = {}
    for goal in found:
        parent = goal.standing.get("parent_goal_id")
        below.setdefault(parent if parent in ids else None, []).append(goal)
    seen: set[object] = set()

    def walk(goal: Goal, depth: int) -> Iterator[tuple[int, Goal]]:
        if (goal_id := goal.standing["goal_id"]) not in seen:
            seen.add(goal_id)
            yield depth, goal
            for child in below.get(goal_id, ()):
                yield from walk(child, depth + 1)

    # Goals that serve each other in a circle are below no other goal.
    for goal in (*below.get(None, ()), *found):
        yield from walk(goal, 0)


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    try:
        result = con.execute(sql)
    except duckdb.CatalogException:
        return []
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
