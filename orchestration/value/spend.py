"""The value of a purchase: Gamma-Gamma where customers differ, else the mean of the shop.

The mean value of a customer's purchases is a noisy measure of the customer. Gamma-Gamma draws it towards the mean of all
customers, the more the fewer purchases there are. Source: Fader, Hardie 2013, "The Gamma-Gamma model of monetary value".
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike

from orchestration.value.histories import Floats, weighted

GAMMA_GAMMA, POPULATION_MEAN, NO_SPEND = "gamma_gamma", "population_mean", "no_spend"


@dataclass(frozen=True)
class Totals:
    """Sums over all values, for the analysis of variance of their logarithms.

    `values` counts them and `customers` their customers; `squares` is Σ z², `between` Σ over customers of (Σ z)² ÷ n,
    `total` Σ z, `counts_squared` Σ n².
    """

    customers: float
    values: float
    squares: float
    between: float
    total: float
    counts_squared: float


@dataclass(frozen=True)
class SpendFit:
    """A fitted value of a purchase.

    `icc` is the share of the variance that lies between customers, with its 95 % interval.
    """

    state: str
    mean: float
    p: float | None = None
    q: float | None = None
    v: float | None = None
    log_likelihood: float | None = None
    icc: float | None = None
    icc_low: float | None = None
    icc_high: float | None = None


def shares_between(totals: Totals, confidence: float = 0.95) -> tuple[float, float, float] | None:
    """Intraclass correlation with its interval, from the one-way analysis of variance; None if not measurable."""
    from scipy.special import fdtri

    between_free, within_free = totals.customers - 1, totals.values - totals.customers
    if between_free < 1 or within_free < 1:
        return None
    grand = totals.total**2 / totals.values
    between = (totals.between - grand) / between_free
    within = (totals.squares - totals.between) / within_free
    if within <= 0:
        return None
    size = (totals.values - totals.counts_squared / totals.values) / between_free
    ratio = between / within
    tail = (1 - confidence) / 2
    bounds = [fdtri(between_free, within_free, level) for level in (0.5, 1 - tail, tail)]
    ratios = [ratio, ratio / bounds[1], ratio / bounds[2]]
    estimate, low, high = ((value - 1) / (value + size - 1) for value in ratios)
    return float(estimate), float(low), float(high)


def fit_gamma_gamma(
    counts: ArrayLike, means: ArrayLike, customers: ArrayLike
) -> tuple[float, float, float, float]:
    """p, q, v and the log-likelihood of mean values of so many purchases each; means are above 0."""
    from scipy.optimize import minimize

    n, m = np.asarray(counts, dtype=float), np.asarray(means, dtype=float)
    weight = np.asarray(customers, dtype=float)
    scale = weighted(weight, m) / float(weight.sum())
    m = m / scale

    def loss(values: Floats) -> tuple[float, Floats]:
        value, gradient = _gamma_gamma(values, n, m, weight)
        return -value / weight.sum(), -gradient / weight.sum()

    found = minimize(
        loss, [log(3.0), log(4.0), 0.0], jac=True, method="L-BFGS-B",
        bounds=[(-5.0, 8.0), (-5.0, 8.0), (-9.0, 9.0)], options={"ftol": 1e-13, "gtol": 1e-8},
    )  # fmt: skip
    p, q, v = (exp(float(value)) for value in found.x)
    value, _ = _gamma_gamma(found.x, n, m, weight)
    return p, q, v * scale, value - float(weight.sum()) * log(scale)


def fit_spend(
    counts: ArrayLike,
    means: ArrayLike,
    customers: ArrayLike,
    totals: Totals,
    *,
    mean: float,
    least_icc: float,
) -> SpendFit:
    """Gamma-Gamma if the whole interval of the share between customers lies above `least_icc`, else the mean."""
    shares = shares_between(totals)
    if shares is None or shares[1] <= least_icc:
        return SpendFit(POPULATION_MEAN, mean, None, None, None, None, *(shares or ()))
    p, q, v, value = fit_gamma_gamma(counts, means, customers)
    # Without a mean over customers there is nothing to draw towards.
    if q <= 1.0:
        return SpendFit(POPULATION_MEAN, mean, p, q, v, value, *shares)
    return SpendFit(GAMMA_GAMMA, mean, p, q, v, value, *shares)


def expected_spend(fitted: SpendFit, counts: Floats, means: Floats) -> Floats:
    """Expected value of the next purchase of customers with so many purchases of this mean value."""
    if fitted.state != GAMMA_GAMMA or fitted.p is None or fitted.q is None or fitted.v is None:
        return np.full(len(counts), fitted.mean)
    bought = np.where(counts > 0, counts * np.maximum(means, 0.0), 0.0)
    return fitted.p * (fitted.v + bought) / (fitted.p * counts + fitted.q - 1)


def _gamma_gamma(values: Floats, n: Floats, m: Floats, weight: Floats) -> tuple[float, Floats]:
    from scipy.special import digamma, gammaln

    p, q, v = np.exp(values)
    shape, total = p * n, v + n * m
    value = weighted(
        weight,
        gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v)
        + (shape - 1) * np.log(m) + shape * np.log(n) - (shape + q) * np.log(total)
    )  # fmt: skip
    by_shape = digamma(shape + q) - digamma(shape) + np.log(m) + np.log(n) - np.log(total)
    gradient = np.array(
        [
            p * weighted(weight, n * by_shape),
            q * weighted(weight, digamma(shape + q) - digamma(q) + np.log(v) - np.log(total)),
            v * weighted(weight, q / v - (shape + q) / total),
        ]
    )
    return float(value), gradient
