"""Quasi-likelihood regression of daily orders, and its block bootstrap.

With control shops the model is binomial: of the orders of shop and control on a day, the share of the shop. That is the
Poisson model with one free level per day, so that whatever moves all shops alike drops out. Without control shops it is a
Poisson model of the shop's own orders.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from orchestration.promotions.shop_days import Flags, Floats

SEED = 20_260_601
_STEPS = 25
_DRAW_STEPS = 4
_RIDGE = 1e-3


@dataclass(frozen=True)
class Data:
    """A row per day. `trials` has the orders of shop and control; None for the Poisson model."""

    design: Floats
    orders: Floats
    trials: Floats | None

    def mean_and_weight(self, linear: Floats) -> tuple[Floats, Floats]:
        """Expected orders and their variance without overdispersion; `linear` may have a column per draw."""
        if self.trials is None:
            mean = np.exp(np.clip(linear, -30, 30))
            return mean, mean
        trials = self.trials.reshape((-1,) + (1,) * (linear.ndim - 1))
        share = expit(linear)
        return trials * share, trials * share * (1 - share)


def fit(data: Data) -> Floats:
    """Coefficients by Newton's method; a small ridge bounds columns without information."""
    size = data.design.shape[1]
    found = np.zeros(size)
    if data.trials is None:
        found[0] = np.log(max(data.orders.mean(), 1e-9))
    for _ in range(_STEPS):
        mean, weight = data.mean_and_weight(data.design @ found)
        slope = data.design.T @ (data.orders - mean) - _RIDGE * found
        curve = data.design.T @ (data.design * weight[:, None]) + _RIDGE * np.eye(size)
        step = np.linalg.solve(curve, slope)
        found = found + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return found


def draws(data: Data, blocks: Floats, centre: Floats) -> Floats:
    """Coefficients of each draw, a row per draw, from the weights of the days in each draw (a row per draw).

    Newton's method starts at the estimate `centre`, towards which the ridge pulls columns that a draw does not contain.
    """
    size = data.design.shape[1]
    products = (data.design[:, :, None] * data.design[:, None, :]).reshape(len(data.design), -1)
    found = np.tile(centre, (len(blocks), 1))
    for _ in range(_DRAW_STEPS):
        mean, weight = data.mean_and_weight(data.design @ found.T)
        slope = (blocks * (data.orders[:, None] - mean).T) @ data.design
        slope -= _RIDGE * (found - centre)
        curve = ((blocks * weight.T) @ products).reshape(-1, size, size) + _RIDGE * np.eye(size)
        found = found + np.clip(np.linalg.solve(curve, slope[:, :, None])[:, :, 0], -1, 1)
    return found


def block_weights(days: int, kept: Flags, *, block_days: int, count: int) -> Floats:
    """How often each kept day is in each draw: blocks of consecutive days, drawn with replacement around the circle."""
    random = np.random.Generator(np.random.PCG64(SEED))
    starts = random.integers(0, days, (count, -(-days // block_days)))
    places = (starts[:, :, None] + np.arange(block_days)).reshape(count, -1)[:, :days] % days
    weights = np.zeros((count, days))
    np.add.at(weights, (np.arange(count)[:, None], places), 1)
    return weights[:, kept]


def own_rates(column_sets: Floats, others: Floats) -> Floats:
    """Per column the share of its sum of squares that the other columns of the set and `others` leave unexplained."""
    found = []
    for place in range(column_sets.shape[1]):
        column = column_sets[:, place]
        rest = np.hstack([np.delete(column_sets, place, axis=1), others])
        residual = column - rest @ np.linalg.lstsq(rest, column, rcond=None)[0]
        centred = column - column.mean()
        total = centred @ centred
        found.append(float(residual @ residual / total) if total > 0 else 0.0)
    return np.array(found)
