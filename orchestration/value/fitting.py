"""Fits by maximum likelihood, and the state that says what the data can identify."""

from dataclasses import dataclass
from math import log

import numpy as np

from orchestration.value.histories import Floats, Histories, coarsened, weighted
from orchestration.value.likelihood import Likelihood
from orchestration.value.models import (
    HOMOGENEOUS,
    KINDS,
    NO_DROPOUT,
    OK,
    TOO_LITTLE,
    Kind,
    Parameters,
)

# Wider than any shop: a parameter that reaches its bound is not identified.
_BOUNDS = ((-7.0, 7.0), (-7.0, 12.0), (-9.0, 9.0), (-6.0, 14.0))
# Starts of ln(a + b); the likelihood is flat towards large values.
_PRECISIONS = (1.0, 4.0)
# Above so many distinct histories, the ascent takes those of one cell of time as one.
_MOST_HISTORIES = 50_000


@dataclass(frozen=True)
class Fit:
    """A fitted model: its state, its parameters, and the spread of the working parameters.

    `log_likelihoods` are those without dropout, with one p for all customers, and with p ~ Beta. `spread` has one column
    per parameter: the covariance is spread · spreadᵀ.
    """

    kind: Kind
    state: str
    parameters: Parameters | None = None
    log_likelihoods: tuple[float, ...] = ()
    spread: Floats | None = None

    @property
    def log_likelihood(self) -> float | None:
        """That of the parameters."""
        return self.log_likelihoods[len(self.parameters.values) - 2] if self.parameters else None


def fit(name: str, data: Histories, *, critical: float = 3.84) -> Fit:
    """Fit a model and the two simpler ones that it contains.

    A richer model counts only if twice the gain of the log-likelihood reaches `critical`, the 95 % quantile of χ² with
    one degree of freedom.
    """
    kind = KINDS[name]
    bought_again = data.repeats > 0
    if not bought_again.any() or not (data.age[bought_again] > 0).any():
        return Fit(kind, TOO_LITTLE)
    coarse = coarsened(data, _MOST_HISTORIES)
    likelihood = Likelihood(kind, coarse)
    plain = _climb(likelihood, [_start(kind, data)])
    same = _climb(likelihood, [(*plain.values, log(0.1 / 0.9))])
    varied = _climb(likelihood, [(*same.values, precision) for precision in _PRECISIONS])
    found = (plain, same, varied)
    lls = tuple(likelihood.total(parameters) for parameters in found)
    if 2 * (lls[2] - lls[1]) >= critical and 2 * (lls[2] - lls[0]) >= critical:
        state, place = OK, 2
    elif 2 * (lls[1] - lls[0]) >= critical:
        state, place = HOMOGENEOUS, 1
    else:
        state, place = NO_DROPOUT, 0
    chosen = found[place]
    spread = _spread(likelihood, chosen)
    if spread is None or _at_bound(chosen):
        return Fit(kind, TOO_LITTLE, log_likelihoods=lls)
    whole = likelihood if coarse is data else Likelihood(kind, data)
    polished, value = _polished(whole, chosen, spread)
    lls = lls if coarse is data else tuple(whole.total(parameters) for parameters in found)
    return Fit(kind, state, polished, (*lls[:place], value, *lls[place + 1 :]), spread)


def _polished(
    likelihood: Likelihood, start: Parameters, spread: Floats
) -> tuple[Parameters, float]:
    """Two steps of Newton with the spread of the cells, and the log-likelihood before the second one.

    They lead from the maximum of the cells to that of all histories, and from where an ascent stops to its maximum.
    """
    values, value = np.asarray(start.values), 0.0
    for _ in range(2):
        value, gradient = likelihood.value_and_gradient(Parameters(tuple(map(float, values))))
        values = values + spread @ (spread.T @ gradient)
    return Parameters(tuple(map(float, values))), value


def _start(kind: Kind, data: Histories) -> tuple[float, float]:
    """Ln r and ln α of the mean rate, for rates that vary as much as is common."""
    repeats = weighted(data.customers, data.repeats)
    weeks = max(weighted(data.customers, data.age), 1e-9)
    return log(0.5), log(0.5) - log(kind.stages * repeats / weeks)


def _climb(likelihood: Likelihood, starts: list[tuple[float, ...]]) -> Parameters:
    """The maximum that the best start reaches."""
    return Parameters(max(_ascend(likelihood, start) for start in starts)[1])


def _ascend(likelihood: Likelihood, start: tuple[float, ...]) -> tuple[float, tuple[float, ...]]:
    # Imported here, because each start of dbt reads this module and few runs fit.
    from scipy.optimize import minimize

    count = likelihood.data.count

    def loss(values: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood.value_and_gradient(Parameters(tuple(map(float, values))))
        return -value / count, -gradient / count

    bounds = _BOUNDS[: len(start)]
    inside = [min(max(value, low), high) for value, (low, high) in zip(start, bounds, strict=True)]
    found = minimize(
        loss,
        inside,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-11, "gtol": 1e-6},
    )
    return -float(found.fun), tuple(map(float, found.x))


def _at_bound(parameters: Parameters) -> bool:
    return any(
        min(abs(value - low), abs(value - high)) < 1e-6
        for value, (low, high) in zip(parameters.values, _BOUNDS, strict=False)
    )


def _spread(likelihood: Likelihood, parameters: Parameters) -> Floats | None:
    """A root of the inverse information, from differences of the gradient; None if it is not positive."""
    size = len(parameters.values)
    information = np.empty((size, size))
    for row in range(size):
        step = np.zeros(size)
        step[row] = 1e-4
        sides = [
            likelihood.value_and_gradient(Parameters(tuple(np.asarray(parameters.values) + side)))[
                1
            ]
            for side in (step, -step)
        ]
        information[row] = (sides[1] - sides[0]) / 2e-4
    information = (information + information.T) / 2
    try:
        return np.asarray(np.linalg.cholesky(np.linalg.inv(information)), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
