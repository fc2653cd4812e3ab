"""Days of one shop: orders, sales, festivals, and the spend of each ad platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestration.returns.baseline import Baseline, baseline
from orchestration.returns.response import Floats

_PEAK_DAYS = 1


@dataclass(frozen=True)
class Platform:
    """Daily spend of an ad platform; 0 where it is not known."""

    name: str
    spend: Floats
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class Series:
    """Consecutive days of one shop; every array has an element per day."""

    days: NDArray[np.int64]
    orders: Floats
    sales: Floats
    base: Baseline
    platforms: tuple[Platform, ...]


def read_series(
    days: Any,
    orders: Any,
    sales: Any,
    festivals: Any,
    spend_days: Any,
    platforms: Sequence[str],
    spends: Any,
) -> Series:
    """Lists of days in any order, and lists of spend with a row per day and platform; -1 is an unknown spend.

    Days are numbered from 1970-01-01 and complete. `festivals` has `code:days from the peak`, or an empty text.
    """
    numbers = np.asarray(days, dtype=np.int64)
    order = np.argsort(numbers)
    numbers = numbers[order]
    phases = [_phase(str(festivals[place])) for place in order]
    names = np.asarray(platforms, dtype=str)
    places = np.asarray(spend_days, dtype=np.int64) - (numbers[0] if len(numbers) else 0)
    amounts = np.asarray(spends, dtype=float)
    found = []
    for name in np.unique(names):
        rows = (names == name) & (places >= 0) & (places < len(numbers))
        spend = np.zeros(len(numbers))
        spend[places[rows]] = amounts[rows]
        found.append(Platform(str(name), np.maximum(spend, 0), spend >= 0))
    return Series(
        numbers,
        np.asarray(orders, dtype=float)[order],
        np.asarray(sales, dtype=float)[order],
        baseline(numbers, phases),
        tuple(found),
    )


def _phase(text: str) -> str:
    """Peak of a festival, or its week before or after the peak."""
    if not text:
        return ""
    code, distance = text.rsplit(":", 1)
    day = int(distance)
    return f"{code} peak" if abs(day) <= _PEAK_DAYS else f"{code} {day // 7}"
