"""Shops with advertising whose effect is known: days, spend and orders that a test draws."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from orchestration.demo.calendar import calendar
from orchestration.returns.response import Curves, Floats, adstock, hill
from orchestration.returns.series import Series, read_series

_LAST = date(2026, 10, 31)
_EPOCH = date(1970, 1, 1)
_FESTIVALS = Path(__file__).parents[2] / "seeds" / "festivals.csv"
_ORDER_VALUE, _VALUE_SPREAD = 180.0, 0.5


@dataclass(frozen=True)
class Planted:
    """Effect of a platform: orders are multiplied by 1 + height * hill(adstock); `half` in mean adstocks."""

    decay: float = 0.5
    exponent: float = 1.5
    height: float = 2 / 3
    half: float = 1.0


@dataclass(frozen=True)
class Drawn:
    """A drawn shop; the base is the mean orders per day without the platform."""

    days: np.ndarray
    festivals: list[str]
    orders: Floats
    sales: Floats
    spends: dict[str, Floats]
    base: Floats

    def series(self) -> Series:
        """The shop as the fit reads it."""
        names = sorted(self.spends)
        return read_series(
            self.days,
            self.orders,
            self.sales,
            self.festivals,
            np.tile(self.days, len(names)),
            [name for name in names for _ in self.days],
            np.concatenate([self.spends[name] for name in names]),
        )


@cache
def _calendar() -> tuple[np.ndarray, Floats, list[str]]:
    days = calendar(_LAST)
    weights = np.array([day.weight for day in days])
    numbers = np.array([(day.day - _EPOCH).days for day in days])
    known = _festival_days()
    return numbers, weights / weights.mean(), [known.get(day.day, "") for day in days]


def _festival_days() -> dict[date, str]:
    """The rule of `int_reference__festival_days`: festival days before quiet days, long festivals before short ones."""
    found: dict[date, tuple[bool, int, str]] = {}
    with _FESTIVALS.open(encoding="utf-8") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["festival"], reverse=True)
    for row in rows:
        start, peak, end = (
            date.fromisoformat(row[f"{name}_on"]) for name in ("starts", "peak", "ends")
        )
        first = start - timedelta(int(row["lead_days"]))
        for step in range((end - first).days + int(row["aftermath_days"]) + 1):
            day = first + timedelta(step)
            entry = (
                start <= day <= end,
                (end - start).days,
                f"{row['festival']}:{(day - peak).days}",
            )
            if day not in found or entry[:2] >= found[day][:2]:
                found[day] = entry
    return {day: text for day, (_, _, text) in found.items()}


def weekly_levels(
    random: np.random.Generator, *, spread: float = 0.5, pauses: float = 0.2, mean: float = 100
) -> Floats:
    """Daily spend whose level changes each week at random, with pauses of a week."""
    days = len(_calendar()[0])
    levels = mean * random.lognormal(-(spread**2) / 2, spread, days // 7 + 2)
    levels[random.random(len(levels)) < pauses] = 0
    start = random.integers(0, 7)
    return np.repeat(levels, 7)[start : start + days]


def planted_shop(
    seed: int, effect: Planted, *, daily_orders: float = 25, week_spread: float = 0
) -> tuple[Drawn, Curves]:
    """A shop with one platform whose weekly spend is drawn at random, and the true curve of that platform.

    Demand of a week varies by `week_spread` for reasons that no list names.
    """
    random = np.random.default_rng(seed)
    days, weights, festivals = _calendar()
    spend = weekly_levels(random)
    stock = adstock(spend, effect.decay)
    half = effect.half * float(stock.mean())
    share = hill(stock, half, effect.exponent)
    base = weights * daily_orders / (1 + effect.height * share.mean())
    means = base * (1 + effect.height * share)
    if week_spread:
        weeks = random.lognormal(-(week_spread**2) / 2, week_spread, len(days) // 7 + 1)
        means = means * weeks.repeat(7)[: len(days)]
    orders = random.poisson(means).astype(float)
    truth = Curves(*(np.array([x]) for x in (effect.decay, half, effect.exponent, effect.height)))
    spends = {"planted": spend}
    return Drawn(days, festivals, orders, _sales(random, orders), spends, base), truth


def demand_shop(seed: int, *, daily_orders: float = 25, noise: float = 0.2) -> Drawn:
    """A shop whose platform `follower` spends a share of the sales of the day and has no effect.

    Platform `steady` has random weekly levels without pauses, and an effect.
    """
    random = np.random.default_rng(seed)
    days, weights, festivals = _calendar()
    steady = weekly_levels(random, spread=0.4, pauses=0)
    stock = adstock(steady, 0.4)
    base = weights * daily_orders
    orders = random.poisson(base * (1 + 0.25 * hill(stock, float(stock.mean()), 1.0))).astype(float)
    sales = _sales(random, orders)
    follower = 0.05 * sales * random.uniform(1 - noise, 1 + noise, len(sales))
    return Drawn(days, festivals, orders, sales, {"follower": follower, "steady": steady}, base)


def _sales(random: np.random.Generator, orders: Floats) -> Floats:
    """Sales of each day; the amounts of orders differ."""
    amounts = random.lognormal(np.log(_ORDER_VALUE), _VALUE_SPREAD, int(orders.sum()))
    return np.add.reduceat(
        np.append(amounts, 0), np.concatenate([[0], np.cumsum(orders)[:-1]]).astype(int)
    ) * (orders > 0)
