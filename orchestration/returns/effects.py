"""What a fitted platform causes: orders, mean and marginal return, and points of its curve, as draws."""

from dataclasses import dataclass

import numpy as np

from orchestration.returns.fit import Fit
from orchestration.returns.response import Curves, Floats
from orchestration.returns.rules import Rules
from orchestration.returns.search import LIFTS

_LEAST_FACTOR = 0.05


@dataclass(frozen=True)
class Levels:
    """Daily spend of a platform on days with spend: the present level and the range that was observed."""

    present: float
    low: float
    high: float


@dataclass(frozen=True)
class Effect:
    """Draws of the effect of a platform; orders per day are means of the window."""

    curves: Curves
    orders_without: Floats
    """Orders per day without the platform."""
    caused_orders: Floats
    mean_return: Floats
    marginal_return: Floats
    most_lift: float
    """High end of the relative lift at the mean adstock."""


def levels(spend: Floats, rules: Rules) -> Levels:
    """Levels of the days with spend; the present level is that of the last days."""
    running = spend[spend > 0]
    last = spend[-rules.present_days :]
    now = last[last > 0]
    low, high = np.quantile(running, [rules.low_quantile, rules.high_quantile])
    return Levels(float(now.mean()) if len(now) else 0.0, float(low), float(high))


def effect(fitted: Fit, place: int, spend: Floats, now: Levels) -> Effect:
    """The effect of a platform whose curves are at this place of the fit.

    The orders that a platform causes are those that its pause would lose while all others go on.
    """
    curves, lifts = fitted.curves[place], np.maximum(fitted.lifts[place], _LEAST_FACTOR - 1)
    without = fitted.means / (1 + lifts)
    caused = (fitted.means - without).sum(axis=1)
    mean = without.mean(axis=1)
    height = curves.lift(spend[spend > 0].mean())
    return Effect(
        curves,
        mean,
        caused,
        caused / spend.sum(),
        mean * curves.slope(now.present) if now.present > 0 else np.zeros(len(mean)),
        float(np.quantile(height, 0.975)),
    )


def imprecise(found: Effect, now: Levels, order_value: float, rules: Rules) -> str:
    """Code of the reason why a fitted effect is not shown; empty if it is precise enough."""
    if now.present <= 0:
        return "not_running"
    if not now.low <= now.present <= now.high:
        return "outside_range"
    if found.most_lift > min(rules.most_lift, float(LIFTS[-1])):
        return "unbounded"
    value = found.marginal_return * (order_value if order_value > 0 else 1.0)
    low, middle, high = np.quantile(value, [0.1, 0.5, 0.9])
    # A return of 1 is the break-even point if the value of an order is its margin.
    if high - low > rules.most_interval_width * max(middle, 1.0):
        return "too_noisy"
    return ""
