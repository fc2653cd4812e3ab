"""Whether the history of a platform's spend can show its effect at all, before any curve is fitted.

Spend that follows sales or the calendar, that never changes its level, or that changes together with another platform has
no contrast of its own: any figure would be that of something else.
"""

import numpy as np
from scipy import special

from orchestration.returns.likelihood import starting_means
from orchestration.returns.response import Floats
from orchestration.returns.rules import Rules
from orchestration.returns.series import Platform, Series

_WEEK = 7


def refusal(series: Series, platform: Platform, rules: Rules) -> str:
    """Code of the reason why the effect of a platform is not estimated; empty if it may be."""
    running = np.flatnonzero(platform.spend > 0)
    if len(running) == 0:
        return "no_spend" if platform.known.all() else "spend_gap"
    span = slice(running[0], running[-1] + 1)
    if 1 - platform.known[span].mean() > rules.most_gap_rate:
        return "spend_gap"
    if len(series.days[span]) < rules.least_days or series.orders[span].sum() <= 0:
        return "too_short"
    past = _sales_columns(series)
    if _follows(platform.spend, past, running) > rules.most_sales_rate:
        return "follows_sales"
    left = _residual(platform.spend[span], np.hstack([series.base.columns, past])[span])
    if left.std() < rules.least_residual_cv * platform.spend[span].mean():
        return "follows_calendar"
    return _contrast(series, platform, span, left, rules)


def counted_days(series: Series, rules: Rules) -> Floats:
    """1 on days that count: not on days of unknown spend, nor on the days on which such spend still acts."""
    counted = np.ones(len(series.days))
    for platform in series.platforms:
        for day in np.flatnonzero(~platform.known):
            counted[day : day + 1 + rules.gap_days] = 0
    return counted


def _contrast(series: Series, platform: Platform, span: slice, left: Floats, rules: Rules) -> str:
    """Checks of the levels by week."""
    mean = float(platform.spend[span].mean())
    levels = _by_week(left)
    changes = np.abs(np.diff(levels)) > rules.least_level_cv * mean
    if levels.std() < rules.least_level_cv * mean or changes.sum() < rules.least_level_changes:
        return "no_contrast"
    others = [
        _by_week(_residual(other.spend[span], series.base.columns[span]))
        for other in series.platforms
        if other.name != platform.name and other.spend[span].any()
    ]
    if others and _explained(levels, np.column_stack(others)) > rules.most_shared_rate:
        return "moves_together"
    if _response_p(series, platform, span) < rules.response_p:
        return "responds_to_sales"
    return ""


def _sales_columns(series: Series) -> Floats:
    """Orders and sales of the day, and their means over the last 7 and 28 days."""
    found = []
    for values in (series.orders, series.sales):
        found.append(values)
        for days in (_WEEK, 4 * _WEEK):
            sums = np.concatenate([[0.0], np.cumsum(values)])
            last = np.arange(1, len(values) + 1)
            first = np.maximum(last - days, 0)
            found.append((sums[last] - sums[first]) / (last - first))
    return np.column_stack(found)


def _follows(spend: Floats, past: Floats, running: np.ndarray) -> float:
    """Share of the variance of the spend that sales explain: of amounts or of their logarithms, whichever is larger."""
    plain = _explained(spend[running], past[running])
    logs = _explained(np.log(spend[running]), np.log1p(np.maximum(past[running], 0)))
    return max(plain, logs)


def _explained(values: Floats, columns: Floats) -> float:
    """Adjusted R squared of a regression with an intercept."""
    columns = np.column_stack([np.ones(len(values)), columns])
    freedom = len(values) - columns.shape[1]
    total = float(((values - values.mean()) ** 2).sum())
    if freedom <= 0 or total <= 0:
        return 0.0
    left = float((_residual(values, columns) ** 2).sum())
    return 1 - left / total * (len(values) - 1) / freedom


def _residual(values: Floats, columns: Floats) -> Floats:
    scale = np.maximum(np.abs(columns).max(axis=0), 1e-12)
    found, *_ = np.linalg.lstsq(columns / scale, values, rcond=1e-10)
    return values - (columns / scale) @ found


def _by_week(values: Floats) -> Floats:
    """Means of seven days each; a rest of fewer days is left out."""
    weeks = len(values) // _WEEK
    return values[: weeks * _WEEK].reshape(weeks, _WEEK).mean(axis=1)


def _response_p(series: Series, platform: Platform, span: slice) -> float:
    """P-value of the test that orders of the last two weeks do not change the spend of a week (Granger, 1969)."""
    means = starting_means(series.orders, series.base, np.ones(len(series.days)))
    orders = _by_week(((series.orders - means) / np.sqrt(means))[span])
    spend = _by_week(_residual(platform.spend[span], series.base.columns[span]))
    now, own = spend[2:], np.column_stack([np.ones(len(spend) - 2), spend[1:-1], spend[:-2]])
    both = np.column_stack([own, orders[1:-1], orders[:-2]])
    freedom = len(now) - both.shape[1]
    left, less = (float((_residual(now, columns) ** 2).sum()) for columns in (both, own))
    if freedom <= 0 or left <= 0:
        return 1.0
    return float(special.fdtrc(2, freedom, max(less / left - 1, 0) * freedom / 2))
