"""Weighted least squares in the baseline: the step of a quasi-Poisson fit, for fixed weights."""

from dataclasses import dataclass

import numpy as np

from orchestration.returns.baseline import Baseline
from orchestration.returns.response import Floats

_DEGREES = 5.0
_ROUNDS = 12
_SCALE_ROUNDS = 20
# Keeps columns that few days have from making the problem singular.
_LEAST_PRECISION = 1e-6


@dataclass(frozen=True)
class Projection:
    """Least squares in the baseline. `rows` are the weighted columns per day, then the rows that shrink coefficients."""

    columns: Floats
    root: Floats
    rows: Floats
    basis: Floats

    def residual(self, values: Floats) -> Floats:
        """What the baseline leaves of weighted values; a row per set of values, a column per row of the problem."""
        padded = np.zeros((len(values), len(self.rows)))
        padded[:, : values.shape[1]] = values
        return padded - (padded @ self.basis) @ self.basis.T

    def logs(self, values: Floats) -> Floats:
        """The baseline that fits each row of values, which are logarithms of orders, per day."""
        inside = (values * self.root) @ self.basis[: values.shape[1]]
        upper = self.basis.T @ self.rows
        return np.linalg.solve(upper, inside.T).T @ self.columns.T


def project(base: Baseline, weights: Floats) -> Projection:
    """The problem of these weights per day."""
    root = np.sqrt(weights)
    shrunk = np.diag(np.sqrt(np.maximum(base.precision, _LEAST_PRECISION)))
    rows = np.vstack([base.columns * root[:, None], shrunk])
    return Projection(base.columns, root, rows, np.linalg.qr(rows)[0])


def working(orders: Floats, means: Floats) -> Floats:
    """Working response of a log-linear model (McCullagh and Nelder, "Generalized Linear Models", 2.5)."""
    return np.log(means) + (orders - means) / means


def starting_means(orders: Floats, base: Baseline, counted: Floats) -> Floats:
    """Mean orders per day without advertising in the model."""
    means = np.full(len(orders), max(float(orders[counted > 0].mean()), 1e-3))
    for _ in range(_ROUNDS):
        response = np.log(means) + np.clip((orders - means) / means, -1, 3)
        means = np.exp(project(base, means * counted).logs(response[None]))[0]
    return means


def day_weights(orders: Floats, means: Floats, counted: Floats) -> Floats:
    """Weights of Student's t with five degrees of freedom: days that the model does not explain count less."""
    squares, scale = _squares(orders, means, counted)
    return (_DEGREES + 1) / (_DEGREES + squares / scale)


def influence(orders: Floats, means: Floats, counted: Floats) -> float:
    """Factor by which fixed weights understate errors: mean weight over mean slope of Student's score."""
    squares, scale = _squares(orders, means, counted)
    ratio = squares / scale
    slope = (_DEGREES + 1) * (_DEGREES - ratio) / (_DEGREES + ratio) ** 2
    weights = day_weights(orders, means, counted)
    return float((weights * counted).sum() / max((slope * counted).sum(), 1e-3 * counted.sum()))


def _squares(orders: Floats, means: Floats, counted: Floats) -> tuple[Floats, float]:
    """Squared Pearson residuals, and the scale that maximises the likelihood of Student's t."""
    squares = (orders - means) ** 2 / means
    scale = 1.0
    for _ in range(_SCALE_ROUNDS):
        weights = (_DEGREES + 1) / (_DEGREES + squares / scale)
        scale = max(float((weights * squares * counted).sum() / counted.sum()), 1e-6)
    return squares, scale
