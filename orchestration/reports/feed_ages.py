"""How old each feed of the release is on a day, measured against its own rhythm.

The rule is in `freshness.py`; the gaps come from `meta.coverage` and the deliveries from
`meta.row_ledger`. Status, notifications and Dagster read the same ages.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb

from orchestration.config.settings import Settings
from orchestration.reports.freshness import (
    ENOUGH_GAPS,
    STATIC,
    UNKNOWN,
    Rhythm,
    age_in_days,
    declared_rhythms,
    grace_days,
    rhythm_of,
)

_FEEDS = f"""
    with deliveries as (
        select distinct feed, source_system, cast(landed_at as date) as landed_on
        from meta.row_ledger
    ),
    gaps as (
        select feed, source_system, date_diff('day', lag(landed_on) over (
            partition by feed, source_system order by landed_on), landed_on) as gap_days
        from deliveries
    ),
    delivery_rhythms as (
        select feed, source_system, median(gap_days) as delivery_gap_days
        from gaps group by all having count(gap_days) >= {ENOUGH_GAPS}
    )
    select feed, en, zh, source_system, shop_id, row_count, first_on, last_on, last_loaded_at,
        cadence, gap_count, usual_gap_days, long_gap_days, delivery_gap_days
    from meta.coverage left join delivery_rhythms using (feed, source_system)
    where is_connected order by feed, source_system, shop_id
"""


@dataclass(frozen=True)
class FeedAge:
    """A connected feed of one source and shop: its days, its age in days, its rhythm.

    A feed whose rows have no date is as old as its last delivery, and judged by its deliveries alone.
    """

    feed: str
    en: str
    zh: str
    source_system: str
    shop_id: str
    row_count: int
    first_on: date | None
    last_on: date | None
    last_loaded_at: datetime | None
    age_days: int | None
    rhythm: Rhythm

    @property
    def is_late(self) -> bool:
        """Whether its data are later than its rhythm allows."""
        return self.rhythm.is_late(self.age_days)

    @property
    def age_since(self) -> str:
        """Whether the age counts from the last day of the data or from the last delivery."""
        return "last day" if self.last_on else "last delivery"

    @property
    def state(self) -> str:
        """static, late, on time, or unknown where no rhythm is known."""
        if self.rhythm in (STATIC, UNKNOWN):
            return self.rhythm.name
        return "late" if self.is_late else "on time"


def today_in(timezone: str) -> date:
    """The present day of the shop."""
    return datetime.now(ZoneInfo(timezone)).date()


def feed_ages(settings: Settings, today: date) -> list[FeedAge]:
    """Every connected feed of the release; none without a release, or with one of an older version."""
    if not settings.released.exists():
        return []
    try:
        with duckdb.connect(str(settings.released), read_only=True) as con:
            return feed_ages_of(con, today)
    except (duckdb.BinderException, duckdb.CatalogException):
        return []


def feed_ages_of(con: duckdb.DuckDBPyConnection, today: date) -> list[FeedAge]:
    """The same from an open release."""
    grace = grace_days()
    rows = con.execute(_FEEDS).fetchall()
    return [_feed_age(row, grace.get(row[0], 0), today) for row in rows]


def feed_rhythms(settings: Settings) -> dict[str, Rhythm]:
    """The rhythm of each feed of the contract: the shortest that was measured, else the declared one."""
    found = declared_rhythms()
    measured: dict[str, Rhythm] = {}
    for age in feed_ages(settings, date.max):
        late, known = age.rhythm.late_after_days, measured.get(age.feed)
        if late is not None and (known is None or late < (known.late_after_days or late)):
            measured[age.feed] = age.rhythm
    return found | measured


def _feed_age(row: tuple, grace: int, today: date) -> FeedAge:
    *facts, cadence, gaps, usual, long, delivered = row
    last_on, loaded_at = facts[-2:]
    if last_on is None and cadence != "static":
        cadence = "on_change"
    rhythm = rhythm_of(
        cadence,
        grace,
        gap_count=gaps,
        usual_gap_days=usual,
        long_gap_days=long,
        delivery_gap_days=delivered,
    )
    age = age_in_days(last_on or (loaded_at.date() if loaded_at else None), today)
    return FeedAge(*facts, age, rhythm)
