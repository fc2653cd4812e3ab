"""Durations in shop.yml: `2 days`, `1 hour`, `30 minutes`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def duration(value: Any) -> timedelta:
    """The duration that a text states; raises ValueError."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d{1,6}) ?(second|minute|hour|day|week)s?", str(value).strip())
    if not found:
        raise ValueError("expected a duration such as 2 days, 1 hour or 30 minutes")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


Duration = Annotated[timedelta, BeforeValidator(duration)]
