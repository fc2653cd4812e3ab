"""Response curves of the ad platforms of one shop: an estimate and draws from its distribution.

Orders of a day have the mean exp(baseline) times 1 + lift for each platform, and a variance in proportion to the mean
(quasi-Poisson: Wedderburn, "Quasi-likelihood functions", 1974). The draws come from the quasi-posterior of the curves. Its
temperature is the variance that a bootstrap of blocks of days finds (Künsch, "The jackknife and the bootstrap for general
stationary observations", 1989), so that noise which lasts for days widens the intervals.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.returns.baseline import Baseline
from orchestration.returns.likelihood import (
    Projection,
    day_weights,
    influence,
    project,
    starting_means,
    working,
)
from orchestration.returns.response import Curves, Floats
from orchestration.returns.search import Search, log_factors

_ROUNDS = 8
_SWEEPS = 8
_RESAMPLES = 1_000
_WEEK = 7
# Of the four numbers of a curve, about two follow the noise of weeks.
_CURVE_FREEDOM = 2
_LEAST_FREEDOM = 0.2


@dataclass(frozen=True)
class Draws:
    """How many curves are drawn, the length of a block in days, and the seed."""

    count: int = 300
    block_days: int = 28
    seed: int = 1


@dataclass(frozen=True)
class Fit:
    """Draws of the curves of each platform; `means` and `lifts` have a row per draw and a column per day."""

    curves: tuple[Curves, ...]
    means: Floats
    lifts: tuple[Floats, ...]
    """Relative lift of the orders by each platform."""
    noise: float
    """Variance of the orders of a day in units of their mean, with noise that lasts for days."""


def fit(orders: Floats, base: Baseline, spends: list[Floats], draws: Draws, counted: Floats) -> Fit:
    """Fit the curves of all platforms together; `counted` is 0 on days that do not count, else 1."""
    means = starting_means(orders, base, counted)
    found: list[Curves] = []
    for _ in range(_ROUNDS):
        projection = project(base, means * counted * day_weights(orders, means, counted))
        target = projection.residual((working(orders, means) * projection.root)[None])
        searches = [Search(spend, projection) for spend in spends]
        found = _best(searches, target)
        logs = _logs(found, spends)
        means = np.exp(projection.logs(working(orders, means)[None] - logs) + logs)[0]
    factor = _inflation(projection, len(spends), influence(orders, means, counted))
    errors = projection.root * (orders - means) / means * factor
    target = projection.residual((working(orders, means) * projection.root)[None])
    sampled = _sample(searches, found, target, errors, draws)
    logs = _logs(sampled, spends)
    base_logs = projection.logs(working(orders, means) - logs)
    noise = _noise(searches, found, errors, draws)
    return Fit(
        tuple(sampled),
        np.exp(base_logs + logs),
        tuple(curves.daily(spend) for curves, spend in zip(sampled, spends, strict=True)),
        float(np.mean(noise)),
    )


def _logs(curves: list[Curves], spends: list[Floats]) -> Floats:
    """Logarithm of the joint factor of all platforms, per draw and day."""
    parts = [log_factors(c.daily(spend)) for c, spend in zip(curves, spends, strict=True)]
    return np.sum(parts, axis=0)


def _inflation(projection: Projection, platforms: int, score: float) -> float:
    """Factor for the errors: of Student's weights (`score`), and of what the model takes up of the noise of whole weeks.

    Levels change by week, so the errors of weeks count. The baseline has a level for each week of a festival, and takes up
    far more of them than of single days.
    """
    days = len(projection.root)
    starts = np.arange(0, days, _WEEK)
    whole = np.add.reduceat(projection.root**2, starts)
    weighted = projection.basis[:days] * projection.root[:, None]
    inside = (np.add.reduceat(weighted, starts, axis=0) ** 2).sum(axis=1)
    left = float((whole - inside).sum()) - _CURVE_FREEDOM * platforms * float(whole.mean())
    return score * float(np.sqrt(whole.sum() / max(left, _LEAST_FREEDOM * float(whole.sum()))))


def _best(searches: list[Search], target: Floats) -> list[Curves]:
    """The best curve of each platform, each in turn given the others."""
    features = [np.zeros_like(target) for _ in searches]
    found: list[Curves] = [search.best(target) for search in searches]
    for _ in range(_SWEEPS if len(searches) > 1 else 0):
        for place, search in enumerate(searches):
            found[place] = search.best(target - _others(features, place))
            features[place] = search.feature(found[place])
    return found


def _sample(
    searches: list[Search], start: list[Curves], target: Floats, errors: Floats, draws: Draws
) -> list[Curves]:
    """Draws of the curves of all platforms: each in turn given the others, as many chains as draws."""
    random = np.random.default_rng(draws.seed)
    noise = _noise(searches, start, errors, draws)
    curves = list(start)
    features = [search.feature(found) for search, found in zip(searches, start, strict=True)]
    for _ in range(_SWEEPS if len(searches) > 1 else 1):
        for place, search in enumerate(searches):
            uniform = random.random((2, draws.count))
            curves[place] = search.draw(target - _others(features, place), noise[place], uniform)
            features[place] = search.feature(curves[place])
    return curves


def _others(features: list[Floats], place: int) -> Floats:
    others = [feature for other, feature in enumerate(features) if other != place]
    return np.asarray(sum(others, np.zeros((1, features[place].shape[1]))))


def _noise(
    searches: list[Search], found: list[Curves], errors: Floats, draws: Draws
) -> list[float]:
    """Per platform the variance of its score over block resamples, per unit of information.

    At least the variance of single days: blocks of few days may show less by chance.
    """
    sampled = errors[_blocks(len(errors), draws)]
    scores = [
        search.feature(curves)[0, : len(errors)]
        for search, curves in zip(searches, found, strict=True)
    ]
    least = float((errors**2).sum() / max((errors != 0).sum(), 1))
    return [
        max(float((sampled @ score).var() / max(score @ score, 1e-12)), least) for score in scores
    ]


def _blocks(days: int, draws: Draws) -> NDArray[np.int64]:
    """Days drawn in blocks of consecutive days, a row per resample; the last day is followed by the first."""
    count = -(-days // draws.block_days)
    starts = np.random.default_rng(draws.seed).integers(0, days, (_RESAMPLES, count))
    return ((starts[:, :, None] + np.arange(draws.block_days)) % days).reshape(_RESAMPLES, -1)[
        :, :days
    ]
