"""The experiment that would identify the effect of a platform: pauses in weeks that are chosen at random."""

from math import ceil

import numpy as np
from scipy import special

from orchestration.returns.likelihood import starting_means
from orchestration.returns.rules import Rules
from orchestration.returns.series import Series

_WEEK = 7


def weekly_variance(series: Series) -> float:
    """Variance of the orders of a week, relative to the square of their mean, around the baseline."""
    means = starting_means(series.orders, series.base, np.ones(len(series.days)))
    weeks = len(means) // _WEEK
    if weeks < 2:
        return float("nan")
    kept = slice(0, weeks * _WEEK)
    misses = (series.orders - means)[kept].reshape(weeks, _WEEK).sum(axis=1)
    expected = means[kept].reshape(weeks, _WEEK).sum(axis=1)
    freedom = max(1 - series.base.columns.shape[1] / len(means), 0.2)
    # At least the variance of independent orders.
    noise = max(float((misses**2 / expected).mean()) / freedom, 1.0)
    return noise / float(expected.mean())


def pause_plan(
    variance: float, daily_orders: float, daily_spend: float, order_value: float, rules: Rules
) -> tuple[int, int] | None:
    """Pause weeks and all weeks of a plan that finds a platform which just pays for itself; None if there is none.

    Such a platform causes `daily_spend / order_value` orders a day. A pause of a week shows less than the whole effect,
    because earlier spend still acts.
    """
    if min(daily_orders, daily_spend, order_value) <= 0 or not np.isfinite(variance):
        return None
    decay = rules.assumed_decay
    shown = 1 - decay * (1 - decay**_WEEK) / (1 - decay) / _WEEK
    wanted = min(daily_spend / order_value / daily_orders, 1.0) * shown
    quantiles = special.ndtri((1 + rules.confidence) / 2) + special.ndtri(rules.power)
    share = rules.pause_rate
    weeks = ceil((quantiles / wanted) ** 2 * variance / (share * (1 - share)))
    weeks = max(weeks, rules.least_experiment_weeks)
    return None if weeks > rules.most_experiment_weeks else (ceil(weeks * share), weeks)
