"""Orders that were filled up to a threshold: the excess of baskets just above it, against days without a promotion.

Prices have popular values, so that the density of baskets is not smooth, also without a promotion. Its ratio to the density of other days is: it
follows a binomial model with a polynomial of the logarithm of the amount. The bins from which baskets are filled
up, and those just above the threshold, are left out of the fit. Bunching with such a zone is the method of Chetty et al., "Adjustment costs, firm
responses and micro vs. macro labor supply elasticities", 2011.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from orchestration.promotions.effects import LEVELS, Estimate
from orchestration.promotions.shop_days import Floats, Ints

_DEGREE = 2
_STEPS = 50


@dataclass(frozen=True)
class Zone:
    """Bins as shares of the threshold: those of the fit, and those within them that are left out.

    `bins` is the number of bins from 0 to the threshold. Baskets are filled up from `fill_from` to less than `fill_to`.
    """

    bins: int
    lowest: float
    highest: float
    fill_from: float
    fill_to: float
    least_orders: int


def filled_orders(
    numbers: Ints, counts: Floats, other_counts: Floats, zone: Zone
) -> Estimate | None:
    """Excess of orders from the threshold to `fill_to`.

    `numbers` are the bins with an order: bin `zone.bins` begins at the threshold. `counts` are orders on days of the promotion and
    `other_counts` on days without one. None if either has fewer orders than `least_orders` in the bins of the fit.
    """
    first, last, lows, tops = (
        round(zone.bins * share)
        for share in (zone.lowest, zone.highest, zone.fill_from, zone.fill_to)
    )
    free = (numbers >= first) & (numbers < last) & ((numbers < lows) | (numbers >= tops))
    if min(counts[free].sum(), other_counts[free].sum()) < zone.least_orders:
        return None
    middle, width = np.log(zone.bins), np.log(max(last, 2)) - np.log(max(first, 1))
    design = np.vander((np.log(numbers + 0.5) - middle) / width, _DEGREE + 1, increasing=True)
    chosen, dispersion, covariance = _binomial(design[free], counts[free], other_counts[free])
    above = (numbers >= zone.bins) & (numbers < tops)
    ratio = np.exp(design[above] @ chosen)
    expected = other_counts[above] * ratio
    slope = expected @ design[above]
    # Three errors: of the orders on other days, of the ratio, and of the orders that were not filled up.
    variance = dispersion * (expected.sum() + (expected * ratio).sum()) + slope @ covariance @ slope
    value = float(counts[above].sum() - expected.sum())
    reaches = [norm.ppf((1 + level) / 2) * np.sqrt(variance) for level in LEVELS]
    return Estimate(value, tuple(float(value + s * r) for r in reaches for s in (-1, 1)))


def _binomial(design: Floats, counts: Floats, others: Floats) -> tuple[Floats, float, Floats]:
    """Coefficients of the logarithm of the ratio, its dispersion, and the covariance of the coefficients."""
    found = np.zeros(design.shape[1])
    trials = counts + others
    ridge = 1e-6 * np.eye(len(found))
    for _ in range(_STEPS):
        share = expit(design @ found)
        curve = design.T @ (design * (trials * share * (1 - share))[:, None]) + ridge
        step = np.linalg.solve(curve, design.T @ (counts - trials * share))
        found = found + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    share = expit(design @ found)
    spread = np.maximum(trials * share * (1 - share), 1e-9)
    residual = ((counts - trials * share) ** 2 / spread).sum()
    dispersion = max(1.0, float(residual / max(len(counts) - design.shape[1], 1)))
    return found, dispersion, dispersion * np.linalg.inv(curve)
