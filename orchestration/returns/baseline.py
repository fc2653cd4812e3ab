"""Orders without a change of advertising: level, trend, weekday and festival, as columns of a log-linear model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from orchestration.returns.response import Floats

_KNOT_DAYS = 56
_DEGREE = 3
# Festival levels are shrunk towards the plain day: their logarithms vary with this standard deviation.
_FESTIVAL_SPREAD = 0.7


@dataclass(frozen=True)
class Baseline:
    """Columns per day, and the precision with which each coefficient is drawn towards 0."""

    columns: Floats
    precision: Floats


def baseline(days: NDArray[np.int64], festivals: Sequence[str]) -> Baseline:
    """The baseline of consecutive days, numbered from 1970-01-01; `festivals` names the phase, empty on plain days."""
    parts = [_trend(days), _weekdays(days), _phases(festivals)]
    precision = [np.zeros(part.shape[1]) for part in parts[:2]]
    precision.append(np.full(parts[2].shape[1], 1 / _FESTIVAL_SPREAD**2))
    return Baseline(np.hstack(parts), np.concatenate(precision))


def _trend(days: NDArray[np.int64]) -> Floats:
    """Cubic splines with a knot every eight weeks; they add up to 1, so they include the level."""
    inner = max(round(len(days) / _KNOT_DAYS), 1)
    edges = np.linspace(days[0], max(days[-1], days[0] + 1), inner + 1)
    knots = np.concatenate([[edges[0]] * _DEGREE, edges, [edges[-1]] * _DEGREE])
    return BSpline.design_matrix(days.astype(float), knots, _DEGREE).toarray()


def _weekdays(days: NDArray[np.int64]) -> Floats:
    return np.equal.outer(days % 7, np.arange(1, 7)).astype(float)


def _phases(festivals: Sequence[str]) -> Floats:
    texts = np.asarray(festivals, dtype=str)
    names = np.array([name for name in np.unique(texts) if name], dtype=str)
    return np.equal.outer(texts, names).astype(float)
