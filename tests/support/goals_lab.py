"""A home in which only the goals are built: a test writes the goals and the KPI figures."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
from identity_lab import Lab

GOALS = "int_reference__festival_days path:models/intermediate/goals path:models/marts/goals"
"""Models that dbt builds. The KPI figures and the last day of the shop are rows of the test."""

FIGURES = "intermediate.int_kpi__figures"
"""The table of KPI figures that the goals read."""

PERIODS = "intermediate.int_reference__periods"
FEEDS = "intermediate.int_kpi__feed_states"
"""The tables of periods and of feeds that the risks read."""

_PERIOD_COLUMNS = (
    "period varchar, period_start_on date, period_end_on date, first_day_on date, last_day_on date"
)
_FEED_COLUMNS = (
    "feed varchar, shop_id varchar, is_connected boolean, state varchar, days_behind bigint,"
    " last_on date"
)
_FIGURE_COLUMNS = (
    "kpi_code varchar, kpi_group varchar, period varchar, period_start_on date, period_end_on date,"
    " shop_id varchar, dimension varchar, dimension_value varchar, evidence varchar,"
    " needs_person boolean, numerator decimal(28,4), denominator decimal(28,4), value double,"
    " coverage varchar, is_comparable boolean, is_in_progress boolean, is_final boolean"
)

WHOLE = {"shop_id": "all", "dimension": "all", "dimension_value": "all"}


class GoalsLab(Lab):
    """Seeds and inputs of the goals in a warehouse of their own."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.sql(
            "create schema intermediate; create table intermediate.int_reference__as_of (as_of_on date)"
        )
        self.sql(f"create table {FIGURES} ({_FIGURE_COLUMNS})")
        self.sql(f"create table {PERIODS} ({_PERIOD_COLUMNS})")
        self.sql(f"create table {FEEDS} ({_FEED_COLUMNS})")

    def put(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Add rows to a table; columns that a row leaves out are empty."""
        with duckdb.connect(str(self.warehouse)) as con:
            for row in rows:
                marks = ", ".join("?" * len(row))
                con.execute(
                    f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
                )

    def only_these_goals(self, *goals: Mapping[str, object]) -> None:
        """Replace the example goals of the project."""
        for table in ("goals", "goal_revisions", "goal_spend", "milestones", "risk_register"):
            self.sql(f"delete from seeds.{table}")
        self.put("seeds.goals", ({**WHOLE, "currency": "CNY", **goal} for goal in goals))

    def figures(
        self, kpi_code: str, first_on: date, numerators: Iterable[float], **columns: object
    ) -> None:
        """Figures of successive days; `denominator` makes them ratios."""
        denominator = columns.pop("denominator", None)
        rows = []
        for number, numerator in enumerate(numerators):
            day = first_on + timedelta(days=number)
            value = numerator / denominator if isinstance(denominator, int) else numerator
            rows.append(
                {
                    **WHOLE, "kpi_code": kpi_code, "period": "day", "period_start_on": day,
                    "period_end_on": day, "numerator": numerator, "denominator": denominator,
                    "value": value, "coverage": "ok", **columns,
                }
            )  # fmt: skip
        self.put(FIGURES, rows)

    def build_as_of(self, day: date | None) -> None:
        """Build the goals as of a day, or of none where the shop has no data."""
        self.sql("delete from intermediate.int_reference__as_of")
        if day:
            self.put("intermediate.int_reference__as_of", [{"as_of_on": day}])
        self._dbt(f"run --select {GOALS}")

    def standing(self, goal_id: str, day: date | None = None) -> dict[str, object]:
        """A goal's row of a day, or its last one."""
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            result = con.execute(
                "select * from marts.goal_progress where goal_id = $1"
                " and case when $2 is null then is_current else progress_on = $2 end",
                [goal_id, day],
            )
            names = [column[0] for column in result.description or ()]
            (row,) = result.fetchall()
        return dict(zip(names, row, strict=True))

    def release(self) -> None:
        """Put the goals where readers look for them, as a release does."""
        released = self.shop.released
        released.parent.mkdir(parents=True, exist_ok=True)
        released.unlink(missing_ok=True)
        with duckdb.connect(str(released)) as con:
            con.execute(f"attach '{self.warehouse}' as warehouse (read_only)")
            con.execute("create schema marts")
            con.execute("create schema meta")
            for mart in ("goal_progress", "goal_proposals", "goal_milestones", "risks"):
                con.execute(f"create table marts.{mart} as from warehouse.marts.{mart}")
            con.execute("create table meta.kpi_catalogue as from warehouse.meta.kpi_catalogue")

    def proposals(self, goal_id: str) -> dict[str, dict[str, object]]:
        """The proposed revisions of a goal by their kind."""
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            result = con.execute("select * from marts.goal_proposals where goal_id = ?", [goal_id])
            names = [column[0] for column in result.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        return {row["proposal"]: row for row in rows}
