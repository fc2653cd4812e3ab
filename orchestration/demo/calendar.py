"""The demo shop's year: how much a day sells, festivals included.

Only weights of days and hours live here; who buys and what is in `sql/`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

MONTHS = 18
BUCKETS = 20_000

_NEW_YEAR = {
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 3),
}
_WEEKDAY = (0.98, 0.96, 0.97, 0.99, 1.02, 1.06, 1.10)
_HOURS = (20, 11, 6, 4, 3, 4, 8, 16, 30, 44, 52, 46, 44, 42, 42, 43, 42, 38, 42, 58, 74, 78, 64, 40)

_PARTS = (("morning", 5, 10), ("noon", 11, 16), ("evening", 17, 21))


@dataclass(frozen=True)
class Day:
    """One shop-local day: its weight relative to a plain day, and the festival that explains it."""

    day: date
    weight: float
    festival: str


def first_day(last: date) -> date:
    """The first day of the period of 18 calendar months that ends in the month of `last`."""
    months = last.year * 12 + last.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def quarters(last: date) -> list[date]:
    """The first days of the quarters that the period touches."""
    first = first_day(last)
    day = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    found = []
    while day <= last:
        found.append(day)
        day = date(day.year + (day.month == 10), (day.month + 2) % 12 + 1, 1)
    return found


def _festival(day: date) -> tuple[str, float]:
    """Name and strength of the festival that a day belongs to."""
    number = day.month * 100 + day.day
    if 1101 <= number <= 1111:
        return "double_11", 4.6 if number >= 1110 else 2.4 if number <= 1103 else 1.35
    if 601 <= number <= 620:
        return "618", 3.6 if 616 <= number <= 618 else 1.9 if number <= 603 else 1.25
    if number in (1211, 1212):
        return "double_12", 1.9
    if 305 <= number <= 308:
        return "womens_day", 1.7
    if 1112 <= number <= 1118 or 621 <= number <= 626:
        return "", 0.68
    new_year = _NEW_YEAR.get(day.year)
    if new_year is not None:
        distance = (day - new_year).days
        if -4 <= distance <= 7:
            return "new_year", 0.36
        if -25 <= distance < -4:
            return "new_year_goods", 1.4
    return "", 1.0


def calendar(last: date) -> list[Day]:
    """Every day of the period up to `last`, with growth of about 2 % a month, weekdays and festivals."""
    first = first_day(last)
    days = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        festival, strength = _festival(day)
        weight = strength * _WEEKDAY[day.weekday()] * 1.02 ** (offset / 30.4)
        days.append(Day(day, round(weight, 6), festival))
    return days


def spread(weights: list[float], buckets: int) -> Iterator[tuple[int, int]]:
    """(bucket, index) pairs that turn a uniform number into an index drawn by weight."""
    total = sum(weights)
    edges = [edge / total * buckets for edge in accumulate(weights)]
    index = 0
    for bucket in range(buckets):
        while index < len(edges) - 1 and bucket >= edges[index]:
            index += 1
        yield bucket, index


def hour_group(hour: int) -> str:
    """The part of the day that an hour belongs to."""
    return next((name for name, start, end in _PARTS if start <= hour <= end), "night")


def hours() -> list[tuple[str, int, int]]:
    """(group, bucket, hour): 200 buckets over a day for all people, and for those of each part of it.

    Four of five orders of a group are in its part of the day. Groups are as large as the parts
    sell, so that all groups together have the hours of the shop.
    """
    rows = [("all", *pair) for pair in spread([float(hour) for hour in _HOURS], 200)]
    total = sum(_HOURS)
    for group in ("morning", "noon", "evening", "night"):
        inside = sum(w for hour, w in enumerate(_HOURS) if hour_group(hour) == group)
        weights = [
            w * (0.2 / total + (0.8 / inside if hour_group(hour) == group else 0))
            for hour, w in enumerate(_HOURS)
        ]
        rows += [(group, *pair) for pair in spread(weights, 200)]
    return rows
