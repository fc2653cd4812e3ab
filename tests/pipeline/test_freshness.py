"""Is data late by the rhythm of its own feed, and by nothing else?"""

from datetime import date

import pytest

from orchestration.reports.freshness import age_in_days, declared_rhythms, rhythm_of


@pytest.mark.parametrize(
    ("gap_days", "name", "in_time", "late"),
    [(1, "daily", 2, 3), (2, "every few days", 3, 4), (7, "weekly", 10, 12), (30, "monthly", 40, 50)],
)  # fmt: skip
def test_a_feed_is_late_by_its_own_rhythm(
    gap_days: int, name: str, in_time: int, late: int
) -> None:
    rhythm = rhythm_of(
        "on_change", 7, gap_count=20, usual_gap_days=gap_days, long_gap_days=gap_days
    )
    assert rhythm.name == name
    assert not rhythm.is_late(in_time)
    assert rhythm.is_late(late)


def test_a_static_list_is_never_late() -> None:
    assert not rhythm_of("static", 60).is_late(578)
    assert not declared_rhythms()["erp.promotions"].is_late(578)


def test_weekly_deliveries_of_daily_data_are_late_in_time() -> None:
    rhythm = rhythm_of(
        "daily", 1, gap_count=300, usual_gap_days=1, long_gap_days=1, delivery_gap_days=7
    )
    assert rhythm.name == "weekly"
    assert not rhythm.is_late(9)
    assert rhythm.is_late(15)


def test_a_declared_rhythm_counts_until_one_is_known() -> None:
    assert rhythm_of("daily", 2).is_late(4)
    assert not rhythm_of("daily", 2).is_late(3)
    assert not rhythm_of("on_change", 7, gap_count=2, usual_gap_days=1, long_gap_days=1).is_late(90)


def test_a_day_in_the_future_is_not_old() -> None:
    assert age_in_days(date(2026, 3, 2), date(2026, 3, 1)) == 0
    assert age_in_days(None, date(2026, 3, 1)) is None
