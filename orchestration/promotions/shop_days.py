"""The days of one shop as arrays: its orders, those of the control shops, festivals and running promotions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Limits:
    """Thresholds of the list `promotion_policy`."""

    displacement_days: int
    """Longest window before and after a run in which orders may be missing."""
    least_run_days: int
    """Days outside of festivals with the promotion, and as many without it."""
    least_runs: int
    """Runs of consecutive days, which other causes of single weeks do not share."""
    least_orders: int
    """Orders of the shop on the days of the promotion."""
    gap_days: int
    """A longer stretch without orders is a gap of the export."""
    block_days: int
    """Days of a block of the bootstrap."""
    draws: int
    """Draws of the bootstrap."""
    always_on_rate: float
    """Share of the days from which a promotion always runs."""
    least_own_rate: float
    """Least share of the variation of a promotion that nothing else in the model explains."""
    least_quiet_rate: float
    """Least share of the days without a promotion and outside of all windows."""
    needs_control: bool
    """Whether a shop without control shops is refused."""


@dataclass(frozen=True)
class ShopDays:
    """Consecutive days of a shop.

    `numbers` counts days from any Thursday (days since 1970-01-01 do), `running` has a row per day and a column per promotion,
    `phases` names the festival and phase of each day and is empty on other days.
    """

    numbers: Ints
    orders: Floats
    control: Floats
    phases: NDArray[np.str_]
    promotions: tuple[str, ...]
    running: Flags

    @property
    def is_plain(self) -> Flags:
        """Days without a festival."""
        return self.phases == ""

    def select(self, kept: Flags) -> "ShopDays":
        """The days that are kept."""
        return ShopDays(
            self.numbers[kept], self.orders[kept], self.control[kept], self.phases[kept],
            self.promotions, self.running[kept],
        )  # fmt: skip


def read_days(
    numbers: Sequence[int] | Ints,
    orders: Sequence[float] | Floats,
    control: Sequence[float] | Floats,
    phases: Sequence[str],
    running: Sequence[str],
) -> ShopDays:
    """Read one element per day, in any order; `running` holds codes of promotions that `;` separates."""
    order = np.argsort(np.asarray(numbers, dtype=np.int64), kind="stable")
    codes = [set(filter(None, running[place].split(";"))) for place in order]
    promotions = tuple(sorted(set().union(*codes)))
    return ShopDays(
        np.asarray(numbers, dtype=np.int64)[order],
        np.asarray(orders, dtype=float)[order],
        np.asarray(control, dtype=float)[order],
        np.asarray(phases, dtype=str)[order],
        promotions,
        np.array([[code in found for code in promotions] for found in codes], dtype=bool).reshape(
            len(codes), len(promotions)
        ),
    )


def covered_days(days: ShopDays, limits: Limits) -> Flags:
    """Days outside of gaps: long stretches without an order of the shop, or without one of the control shops."""
    gaps = _long_stretches(days.orders == 0, limits.gap_days)
    if days.control.any():
        gaps |= _long_stretches(days.control == 0, limits.gap_days)
    return ~gaps


def near(flags: Flags, numbers: Ints, days: int, *, is_before: bool) -> Flags:
    """Days that lie at most so many days before (or after) a day of `flags`."""
    marked = np.sort(numbers[flags])
    if not len(marked):
        return np.zeros(len(numbers), dtype=bool)
    if is_before:
        place = np.searchsorted(marked, numbers, side="right")
        distance = np.append(marked, np.iinfo(np.int64).max)[place] - numbers
    else:
        place = np.searchsorted(marked, numbers, side="left")
        distance = numbers - np.insert(marked, 0, np.iinfo(np.int64).min // 2)[place]
    return (distance > 0) & (distance <= days)


def _long_stretches(flags: Flags, longest: int) -> Flags:
    """Flagged days of stretches of more than `longest` days."""
    edges = np.flatnonzero(np.diff(np.r_[0, flags.astype(int), 0]))
    found = np.zeros(len(flags), dtype=bool)
    for first, last in edges.reshape(-1, 2):
        found[first:last] = last - first > longest
    return found
