"""Pairs of channels whose journeys end with an order more or less often than the two channels explain by themselves.

Logistic regression: the odds of an order are the product of a factor per number of touches, one per channel of the
journey, and one per pair of its channels. The last one, the odds ratio of the pair, is 1 where the two do not act together.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr, ndtri

from orchestration.attribution.journeys import Floats, Ints, Journeys

_MOST_TOUCHES = 8
# Normal priors. With a standard deviation of 3, factors stay finite where all journeys end alike. Most pairs have
# no effect, hence .5 for them: a journey of two channels alone could not tell theirs from that of the pair.
_PRECISION, _PAIR_PRECISION = 1 / 9, 1 / 0.25
_STEPS, _CLOSE = 50, 1e-9


@dataclass(frozen=True)
class Pair:
    """Two channels, the journeys with both, their orders, those expected of the channels alone, and the odds ratio."""

    channels: tuple[str, str]
    journeys: int
    orders: int
    expected: float
    ratio: float
    low: float
    high: float


def joint_effects(journeys: Journeys, least_journeys: int, interval_z: float) -> list[Pair]:
    """Every pair with enough journeys of two or more touches; the intervals hold for all pairs at once."""
    presence, orders, totals, touches = _cells(journeys)
    pairs = [
        (one, other, both)
        for one, other in combinations(range(presence.shape[1]), 2)
        if totals[both := presence[:, one] & presence[:, other]].sum() >= least_journeys
    ]
    if not pairs:
        return []
    # All pairs are in one regression: the effect of one would otherwise show in those that share a channel.
    lengths = [touches == count for count in np.unique(touches)]
    columns = np.column_stack([*lengths, presence, *(both for _, _, both in pairs)]).astype(float)
    precision = np.full(columns.shape[1], _PRECISION)
    precision[-len(pairs) :] = _PAIR_PRECISION
    factors, variances = _fit(columns, orders, totals, precision)
    # The chance that a pair without effect is called one is divided among the pairs (Bonferroni).
    z = float(-ndtri(ndtr(-interval_z) / len(pairs)))
    found = []
    for place, (one, other, both) in enumerate(pairs, start=len(factors) - len(pairs)):
        alone = expit(columns[both] @ factors - factors[place])
        spread = z * np.sqrt(variances[place])
        low, ratio, high = np.exp(
            np.clip(factors[place] + spread * np.array([-1.0, 0.0, 1.0]), -30, 30)
        )
        found.append(
            Pair(
                (journeys.channels[one], journeys.channels[other]),
                int(totals[both].sum()), int(orders[both].sum()), float((totals[both] * alone).sum()),
                float(ratio), float(low), float(high),
            )
        )  # fmt: skip
    return found


def _cells(journeys: Journeys) -> tuple[NDArray[np.bool_], Floats, Floats, Ints]:
    """Journeys of two or more touches by their set of channels and number of touches."""
    touches = np.minimum(np.diff(journeys.starts), _MOST_TOUCHES)
    kept = touches > 1
    keys = np.column_stack([journeys.presence(), touches])[kept].astype(np.int64)
    cells, place = np.unique(keys, axis=0, return_inverse=True)
    orders, nulls = (
        np.bincount(place.ravel(), counts[kept], minlength=len(cells)).astype(float)
        for counts in (journeys.orders, journeys.nulls)
    )
    return cells[:, :-1].astype(bool), orders, orders + nulls, cells[:, -1]


def _fit(
    columns: Floats, orders: Floats, totals: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    """Logarithms of the factors and their variances, by Newton's method."""
    factors = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        chance = expit(columns @ factors)
        weights = totals * chance * (1 - chance)
        information = columns.T @ (weights[:, None] * columns) + np.diag(precision)
        gradient = columns.T @ (orders - totals * chance) - precision * factors
        step = np.linalg.solve(information, gradient)
        factors = factors + step
        if np.abs(step).max() < _CLOSE:
            break
    return factors, np.diag(np.linalg.inv(information))
