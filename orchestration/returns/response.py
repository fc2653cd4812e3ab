"""How spend acts on orders: an adstock that decays by day, and the Hill curve of saturation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]

DECAYS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75)
EXPONENTS = (1.0, 1.5, 2.0, 3.0)
HALVES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Adstock of half saturation, as a multiple of the mean adstock of the days with spend."""


def adstock(spend: Floats, decay: float) -> Floats:
    """Spend of the day plus `decay` times the adstock of the day before: Koyck, "Distributed Lags", 1954."""
    return np.asarray(lfilter([1.0], [1.0, -decay], spend), dtype=float)


def hill(stock: Floats, half: Floats | float, exponent: Floats | float) -> Floats:
    """Share of the possible effect in [0, 1]; one half at an adstock of `half`."""
    return 1 / (1 + (half / np.maximum(stock, 1e-12)) ** exponent)


@dataclass(frozen=True)
class Curves:
    """Response curves of one platform: one curve, or an array of them (draws, or points of a grid).

    A constant daily spend x multiplies the orders of the shop by 1 + height * hill(x / (1 - decay)).
    """

    decay: Floats
    half: Floats
    exponent: Floats
    height: Floats

    def lift(self, spend: Floats | float) -> Floats:
        """Relative lift of the orders at a constant daily spend."""
        stock = np.asarray(spend, dtype=float) / (1 - self.decay)
        return self.height * hill(stock, self.half, self.exponent)

    def slope(self, spend: Floats | float) -> Floats:
        """Change of the relative lift per further unit of daily spend."""
        stock = np.maximum(np.asarray(spend, dtype=float) / (1 - self.decay), 1e-12)
        share = hill(stock, self.half, self.exponent)
        return self.height * self.exponent * share * (1 - share) / stock / (1 - self.decay)

    def daily(self, spend: Floats) -> Floats:
        """A row per curve and a column per day: the relative lift that this history of spend gives."""
        found = np.empty((len(self.decay), len(spend)))
        for decay in np.unique(self.decay):
            rows = np.flatnonzero(self.decay == decay)
            stock = adstock(spend, float(decay))
            share = hill(stock, self.half[rows, None], self.exponent[rows, None])
            found[rows] = self.height[rows, None] * share
        return found

    def take(self, rows: NDArray[np.int64] | slice) -> "Curves":
        """Some of the curves."""
        return Curves(self.decay[rows], self.half[rows], self.exponent[rows], self.height[rows])


def shapes(spend: Floats) -> Curves:
    """Every decay, exponent and half saturation of the grid, with the height that gives a lift of 1 at the mean adstock."""
    decays, exponents, halves = (
        np.ravel(cells) for cells in np.meshgrid(DECAYS, EXPONENTS, HALVES, indexing="ij")
    )
    means = {decay: _mean_stock(adstock(spend, decay), spend) for decay in DECAYS}
    mean = np.array([means[float(decay)] for decay in decays])
    return Curves(decays, halves * mean, exponents, 1 / hill(mean, halves * mean, exponents))


def _mean_stock(stock: Floats, spend: Floats) -> float:
    running = spend > 0
    return float(stock[running].mean()) if running.any() else 1.0
