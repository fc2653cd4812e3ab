"""How old each feed of the release is today, measured against its own rhythm.

The rule is in `freshness.py`; the gaps come from `meta.coverage` and the deliveries from `meta.files`.
"""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb

from orchestration.freshness import Rhythm, age_in_days, declared_rhythms, rhythm_of
from orchestration.settings import PROJECT, Settings

_FEEDS = """
    with days as (
        select distinct feed, source_system, shop_id, cast(landed_at as date) as landed_on
        from meta.files where status = 'landed'
    ),
    gaps as (
        select feed, source_system, shop_id, landed_on - lag(landed_on) over (
            partition by feed, source_system, shop_id order by landed_on) as gap_days
        from days
    ),
    deliveries as (
        select feed, source_system, shop_id, median(gap_days) as delivery_gap_days
        from gaps group by all having count(gap_days) >= 5
    )
    select feed, en, zh, source_system, shop_id, last_on, cadence, gap_count, usual_gap_days,
        long_gap_days, delivery_gap_days
    from meta.coverage left join deliveries using (feed, source_system, shop_id)
    where is_connected order by all
"""


@dataclass(frozen=True)
class FeedAge:
    """A connected feed of one source and shop: its last business day, its age today, its rhythm."""

    feed: str
    en: str
    zh: str
    source_system: str
    shop_id: str
    last_on: date | None
    age_days: int | None
    rhythm: Rhythm

    @property
    def is_late(self) -> bool:
        """Whether its data are later than its rhythm allows."""
        return self.rhythm.is_late(self.age_days)


def today_in(timezone: str) -> date:
    """The present day of the shop."""
    return datetime.now(ZoneInfo(timezone)).date()


def feed_ages(settings: Settings, today: date) -> list[FeedAge]:
    """Every connected feed of the release; none without a release, or with one of an older version."""
    if not settings.released.exists():
        return []
    try:
        with duckdb.connect(str(settings.released), read_only=True) as con:
            rows = con.execute(_FEEDS).fetchall()
    except (duckdb.BinderException, duckdb.CatalogException):
        return []
    grace = _grace_days()
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


def _grace_days() -> dict[str, int]:
    with (PROJECT / "seeds" / "feeds.csv").open(encoding="utf-8", newline="") as handle:
        return {row["feed"]: int(row["grace_days"]) for row in csv.DictReader(handle)}


def _feed_age(row: tuple, grace_days: int, today: date) -> FeedAge:
    *labels, last_on, cadence, gaps, usual, long, delivered = row
    rhythm = rhythm_of(
        cadence,
        grace_days,
        gap_count=gaps,
        usual_gap_days=usual,
        long_gap_days=long,
        delivery_gap_days=delivered,
    )
    return FeedAge(*labels, last_on, age_in_days(last_on, today), rhythm)
