"""The shop's goals as they stand: read from the released file, for people and programs.

How a goal is measured, paced and forecast is in `models/intermediate/goals`, how it is printed in
`goals_print.py`.
"""

from dataclasses import dataclass

import duckdb

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.system import faults
from orchestration.system.errors import OperatorError


class GoalsMissing(OperatorError):
    """There is no release, or one from before the goals."""


@dataclass(frozen=True)
class Goal:
    """The latest row of `goal_progress` by column, and its rows of `goal_proposals`."""

    standing: dict[str, object]
    proposals: list[dict[str, object]]

    def facts(self) -> dict[str, object]:
        """The columns of `goal_progress`, and `proposals` with those of `goal_proposals`; for JSON."""
        return {**self.standing, "proposals": self.proposals}


def goals(settings: Settings) -> list[Goal]:
    """Every goal as of its last day, those that run first; raises GoalsMissing."""
    if not settings.released.exists():
        raise GoalsMissing(
            f"{settings.released} does not exist yet; type `{full_command('run', settings)}` first."
        )
    with faults.opening(settings.released):
        con = duckdb.connect(str(settings.released), read_only=True)
    with con:
        try:
            standings = _rows(
                con,
                """select * from marts.goal_progress where is_current
                   order by status in ('achieved', 'missed'), ends_on, goal_id""",
            )
            proposals = _rows(
                con, "select * from marts.goal_proposals order by goal_id, proposal desc"
            )
        except duckdb.CatalogException:
            raise GoalsMissing(
                f"The release has no goals yet; type `{full_command('run', settings)}` to make one that has."
            ) from None
    return [
        Goal(row, [one for one in proposals if one["goal_id"] == row["goal_id"]])
        for row in standings
    ]


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    result = con.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
