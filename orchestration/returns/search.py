"""The response curve of one platform, searched on a grid of shapes and heights."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orchestration.returns.likelihood import Projection
from orchestration.returns.response import Curves, Floats, shapes

LIFTS = np.concatenate([np.linspace(-0.4, 0.4, 17), np.geomspace(0.45, 4, 15)])
"""Relative lift of the orders at the mean adstock. Negative lifts keep the estimate of a platform without effect unbiased."""

_LEAST_FACTOR = 0.05


def log_factors(lifts: Floats) -> Floats:
    """Logarithm of the factor by which lifts multiply the orders."""
    return np.log(np.maximum(1 + lifts, _LEAST_FACTOR))


class Search:
    """The grid of one platform in the problem of given weights."""

    def __init__(self, spend: Floats, projection: Projection) -> None:
        self.spend, self.projection = spend, projection
        self.shapes = shapes(spend)
        units = self.shapes.daily(spend)
        lifts = LIFTS[None, :, None] * units[:, None, :]
        self._features = (log_factors(lifts) * projection.root).reshape(-1, len(spend))
        inside = self._features @ projection.basis[: len(spend)]
        self._sizes = (self._features**2).sum(axis=1) - (inside**2).sum(axis=1)
        self._steps = np.log(np.tile(np.gradient(LIFTS), len(self.shapes.decay)))

    def best(self, target: Floats) -> Curves:
        """The curve of the grid that fits one row of residuals best."""
        return self._curves(self._losses(target).argmin(axis=1), np.array([0.5]))

    def draw(self, targets: Floats, noise: float, uniform: Floats) -> Curves:
        """A curve per row, drawn in proportion to exp(-loss / 2 noise).

        All shapes, and all lifts of equal width, have the same weight before the data. `uniform` has two numbers in
        [0, 1) per draw. One row of targets serves all draws.
        """
        logs = self._steps - self._losses(targets) / (2 * noise)
        sums = np.cumsum(np.exp(logs - logs.max(axis=1, keepdims=True)), axis=1)
        wanted = uniform[0] * sums[:, -1]
        if len(sums) == 1:
            found = np.searchsorted(sums[0], wanted)
        else:
            found = (sums < wanted[:, None]).sum(axis=1)
        return self._curves(np.minimum(found, sums.shape[1] - 1), uniform[1])

    def feature(self, curves: Curves) -> Floats:
        """What each curve adds to the residuals."""
        return self.projection.residual(
            log_factors(curves.daily(self.spend)) * self.projection.root
        )

    def _losses(self, targets: Floats) -> Floats:
        return self._sizes - 2 * targets[:, : len(self.spend)] @ self._features.T

    def _curves(self, found: NDArray[np.int64], within: Floats) -> Curves:
        """The curves of cells of the grid; `within` is the place in the cell, between the middles of its neighbours."""
        shape, place = np.divmod(found, len(LIFTS))
        below = LIFTS[np.maximum(place - 1, 0)]
        above = LIFTS[np.minimum(place + 1, len(LIFTS) - 1)]
        middle = LIFTS[place]
        lift = np.where(
            within < 0.5,
            middle - (middle - below) * (0.5 - within),
            middle + (above - middle) * (within - 0.5),
        )
        curves = self.shapes.take(shape)
        return replace(curves, height=curves.height * lift)
