"""Daily orders of the demo's shops and promotions, drawn from rates, with the effects that a test plants."""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from shops import REPO

from orchestration.demo import calendar, catalogue
from orchestration.promotions.shop_days import Flags, Floats, Limits, ShopDays, near, read_days

LAST = date(2026, 10, 31)
LIMITS = Limits(
    displacement_days=14, least_run_days=10, least_runs=3, least_orders=50, gap_days=7, block_days=28,
    draws=500, always_on_rate=0.95, least_own_rate=0.1, least_quiet_rate=0.1, needs_control=True,
)  # fmt: skip
SHOPS = {shop[0]: shop[4] for shop in catalogue.SHOPS}
ALWAYS = {"tmall": "C199", "own": "C199", "jd": "C199", "douyin": "C199;LIVE85", "pdd": "BYBT"}


@dataclass(frozen=True)
class Planted:
    """Effects on the logarithm of the orders, by shop and promotion, and of the 7 days after it."""

    uplift: dict[tuple[str, str], float] = field(default_factory=dict)
    after: dict[tuple[str, str], float] = field(default_factory=dict)
    seekers: float = 0.25
    """Share of people who wait for the days with a promotion in any shop."""


@dataclass(frozen=True)
class World:
    """The days of the demo with their weights, festivals and promotions."""

    days: list[date]
    weights: Floats
    phases: list[str]
    runs: dict[str, Flags]

    @property
    def numbers(self) -> np.ndarray:
        """Days since 1970-01-01."""
        return np.array([(day - date(1970, 1, 1)).days for day in self.days])


def demo_world(last: date = LAST) -> World:
    """The world of the demo shop."""
    found = calendar.calendar(last)
    days = [row.day for row in found]
    listed = catalogue.promotion_days([(row.day, row.festival) for row in found])
    runs = {
        code: np.array([(code, day) in set(listed) for day in days])
        for code in ("M300", "KD300", "VIP90")
    }
    return World(days, np.array([row.weight for row in found]), _phases(days), runs)


def running(world: World, shop: str) -> list[str]:
    """The promotions of each day of a shop."""
    own = [
        row[0] for row in catalogue.PROMOTIONS if shop in row[7].split() and row[0] in world.runs
    ]
    return [
        ";".join([ALWAYS[shop], *(code for code in own if world.runs[code][place])])
        for place in range(len(world.days))
    ]


def draw(world: World, planted: Planted, *, daily_orders: float, seed: int) -> dict[str, Floats]:
    """Orders of each shop and day. Days differ by a factor of all shops and one of the shop, both autocorrelated."""
    random = np.random.default_rng(seed)
    promoted = np.any([world.runs["M300"], world.runs["KD300"]], axis=0)
    waiting = world.weights * np.where(promoted, 2.2, 1.0)
    shared = (1 - planted.seekers) * world.weights / world.weights.sum()
    shared += planted.seekers * waiting / waiting.sum()
    shared *= len(world.days) * daily_orders * np.exp(_noise(random, len(shared), 0.10))
    orders = {}
    for shop, share in SHOPS.items():
        rate = shared * share * np.exp(_noise(random, len(shared), 0.05))
        for (planted_shop, code), effect in planted.uplift.items():
            if planted_shop == shop:
                rate *= np.exp(effect * world.runs[code])
        for (planted_shop, code), effect in planted.after.items():
            if planted_shop == shop:
                rate *= np.exp(effect * after_days(world, code))
        orders[shop] = random.poisson(rate).astype(float)
    return orders


def after_days(world: World, code: str) -> Flags:
    """The 7 days after a run."""
    runs = world.runs[code]
    return near(runs, world.numbers, 7, is_before=False) & ~runs


def shop_days(world: World, orders: dict[str, Floats], shop: str, *controls: str) -> ShopDays:
    """The days of a shop with the sum of its control shops."""
    control = np.sum([orders[name] for name in controls], axis=0) if controls else 0 * world.weights
    return read_days(world.numbers, orders[shop], control, world.phases, running(world, shop))


def _noise(random: np.random.Generator, count: int, deviation: float) -> Floats:
    """Normal noise with a correlation of .5 from day to day."""
    steps = random.normal(size=count)
    for place in range(1, count):
        steps[place] = 0.5 * steps[place - 1] + np.sqrt(0.75) * steps[place]
    return deviation * steps


def _phases(days: list[date]) -> list[str]:
    """The festival of each day and whether the day is within it, as the list `festivals` has them."""
    found: dict[date, tuple[bool, int, str]] = {}
    with (REPO / "seeds" / "festivals.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            starts, ends = date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"])
            day = starts - timedelta(days=int(row["lead_days"]))
            while day <= ends + timedelta(days=int(row["aftermath_days"])):
                rank = (starts <= day <= ends, (ends - starts).days, row["festival"])
                found[day] = max(found.get(day, rank), rank)
                day += timedelta(days=1)
    return [
        f"{found[day][2]}|{'within' if found[day][0] else 'around'}" if day in found else ""
        for day in days
    ]
