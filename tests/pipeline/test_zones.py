"""Local time by arithmetic is what the calendar of the zone says."""

import duckdb
import pytest

from orchestration.system.zones import fixed_offset


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Asia/Shanghai", "Asia/Tokyo", "Asia/Kolkata", "Asia/Singapore", "Asia/Kathmandu"],
)
def test_the_offset_is_that_of_the_calendar(zone: str) -> None:
    found = fixed_offset(zone)
    assert found
    minutes, since = found
    with duckdb.connect() as con:
        [(hours, wrong)] = con.execute(
            "select count(*), count(*) filter (timezone($1, timezone('UTC', t)) <> t + to_minutes($2)) "
            "from range(cast($3 as timestamp), timestamp '2095-01-01', interval 7 hour) as hours(t)",
            [zone, minutes, since],
        ).fetchall()
    assert hours > 3 * 365 * 80
    assert wrong == 0


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Asia/Pyongyang"])
def test_a_zone_that_changed_its_clocks_has_none(zone: str) -> None:
    assert fixed_offset(zone) is None
