"""The morning digest: what an operations lead needs of a release, read from the released file.

`digest_figures.py` reads the figures, `digest_facts.py` has the types, `digest_document.py` makes a message of them in one language.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from orchestration.config.hints import full_command
from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfig
from orchestration.reports.alerts import recent_alerts
from orchestration.reports.digest_facts import Alert, Digest, FeedState, GoalDecision, SegmentMove
from orchestration.reports.digest_figures import read_period
from orchestration.reports.feed_ages import FeedAge, feed_ages_of, today_in
from orchestration.system import faults
from orchestration.system.errors import OperatorError

ALERT_DAYS = 7
_NO_DATA = date(1970, 1, 1)
_SEGMENTS = """
    select names.segment_code, names.en, names.zh, months.month_on, months.end_count, months.entered_count,
        months.left_count
    from meta.segments as names
    inner join marts.segment_months as months on names.segment_code = months.segment_code
    where months.month_on = (select max(month_on) from marts.segment_months)
        and months.end_count + months.entered_count + months.left_count > 0
    order by months.end_count desc, names.segment_code"""
_GOALS = """
select goals.goal_id, goals.en, goals.zh, goals.owners, goals.status, goals.unit, goals.actual,
    goals.target, goals.ends_on, by_target.proposed_target, by_end.proposed_ends_on
from marts.goal_progress as goals
left join marts.goal_proposals as by_target
    on by_target.goal_id = goals.goal_id and by_target.proposal = 'target'
left join marts.goal_proposals as by_end
    on by_end.goal_id = goals.goal_id and by_end.proposal = 'end'
where goals.is_current and goals.needs_revision
order by goals.ends_on, goals.goal_id"""
_CHECKS = """
select count(*), count(*) filter (where not is_passed and severity = 'error'),
    count(*) filter (where not is_passed and severity <> 'error')
from meta.check_results"""
_LABELS = "select label_kind, code, en, zh from meta.code_labels where shop_id = 'all'"


class DigestMissing(OperatorError):
    """There is no release, or one of an earlier version."""


def read_digest(settings: Settings, shop: ShopConfig, today: date | None = None) -> Digest:
    """The digest of the release; `today` is the day of the shop's clock unless given. Raises DigestMissing."""
    if not settings.released.exists():
        raise DigestMissing(
            f"{settings.released} does not exist yet; type `{full_command('run', settings)}` first."
        )
    with faults.opening(settings.released):
        con = duckdb.connect(str(settings.released), read_only=True)
    with con:
        try:
            return _digest(con, settings, shop, today or today_in(shop.shop.timezone))
        except (duckdb.BinderException, duckdb.CatalogException):
            raise DigestMissing(
                "The release is of an earlier version; type "
                f"`{full_command('run --always', settings)}` to make one that has a digest."
            ) from None


def data_until(settings: Settings) -> date | None:
    """The last day of the released data; None where there is none, or where it cannot be read."""
    try:
        with duckdb.connect(str(settings.released), read_only=True) as con:
            return _last_day(con)
    except duckdb.Error:
        return None


def _digest(
    con: duckdb.DuckDBPyConnection, settings: Settings, shop: ShopConfig, today: date
) -> Digest:
    last_on = _last_day(con)
    ages = feed_ages_of(con, today)
    checks = con.execute(_CHECKS).fetchone() or (0, 0, 0)
    made = datetime.fromtimestamp(settings.released.resolve().stat().st_mtime, UTC)
    labels = {(kind, code): (en, zh) for kind, code, en, zh in con.execute(_LABELS).fetchall()}
    return Digest(
        shop_id=shop.shop.id,
        shop_en=shop.shop.name.en,
        shop_zh=shop.shop.name.zh,
        currency=shop.shop.currency,
        timezone=shop.shop.timezone,
        today=today,
        data_until=last_on,
        released_at=made.astimezone(ZoneInfo(shop.shop.timezone)).replace(microsecond=0),
        periods=tuple(read_period(con, *span) for span in _spans(last_on or _NO_DATA)),
        alerts=tuple(_alert(row, last_on) for row in recent_alerts(con, ALERT_DAYS)),
        goals=_goals(con),
        segments=_segments(con),
        late=tuple(_state(age) for age in ages if age.is_late),
        missing=_missing(shop, ages, labels),
        check_count=checks[0],
        failed_check_count=checks[1],
        warning_count=checks[2],
        labels=labels,
    )


def _last_day(con: duckdb.DuckDBPyConnection) -> date | None:
    row = con.execute("select max(day_on) from marts.calendar where days_ago = 0").fetchone()
    return None if row is None or row[0] == _NO_DATA else row[0]


def _spans(last_on: date) -> list[tuple[str, date, date]]:
    """The last day; its week on a Sunday; its month on the last day of a month."""
    spans = [("day", last_on, last_on)]
    if last_on.isoweekday() == 7 and last_on != _NO_DATA:
        spans.append(("week", last_on - timedelta(days=6), last_on))
    if (last_on + timedelta(days=1)).day == 1:
        spans.append(("month", last_on.replace(day=1), last_on))
    return spans


def _alert(row: Mapping[str, Any], last_on: date | None) -> Alert:
    return Alert(
        **{
            name: row[name]
            for name in (
                "alert_type", "en", "zh", "evidence_zh", "unit", "found_on", "last_on", "value",
                "change", "main_dimension", "main_share",
            )
        },
        evidence_en=row["evidence"],
        is_new=row["found_on"] == last_on,
        is_bad=bool(row["is_bad"]),
        expected=row["expected_value"],
        main_value=row["main_dimension_value"],
    )  # fmt: skip


def _state(age: FeedAge) -> FeedState:
    return FeedState(
        age.feed, age.en, age.zh, age.source_system, age.shop_id, age.last_on, age.age_days,
        age.rhythm.name, age.rhythm.zh,
    )  # fmt: skip


def _missing(
    shop: ShopConfig, ages: list[FeedAge], labels: Mapping[tuple[str, str], tuple[str, str]]
) -> tuple[FeedState, ...]:
    """Feeds that shop.yml maps and of which the release has no row."""
    systems = {(age.feed, age.source_system) for age in ages}
    feeds = {age.feed for age in ages}
    mapped = sorted(
        {
            (one.feed, one.source_system)
            for one in shop.mappings
            # The system of a row may be a column of the export.
            if (one.feed not in feeds)
            or ("source_system" not in one.columns and (one.feed, one.source_system) not in systems)
        }
    )
    return tuple(
        FeedState(feed, *labels.get(("feed", feed), (feed, feed)), system, "", None, None, "", "")
        for feed, system in mapped
    )


def _goals(con: duckdb.DuckDBPyConnection) -> tuple[GoalDecision, ...]:
    result = con.execute(_GOALS)
    names = [column[0] for column in result.description or ()]
    return tuple(GoalDecision(**dict(zip(names, row, strict=True))) for row in result.fetchall())


def _segments(con: duckdb.DuckDBPyConnection) -> tuple[SegmentMove, ...]:
    """Segments with a member in the last month; none in a release from before there were segments."""
    try:
        found = con.execute(_SEGMENTS).fetchall()
    except duckdb.CatalogException:
        return ()
    return tuple(SegmentMove(*row) for row in found)
