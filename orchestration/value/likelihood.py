"""The log-likelihood of grouped histories and its gradient."""

from math import lgamma, log

import numpy as np

from orchestration.value.histories import Floats, Histories, weighted
from orchestration.value.models import Kind, Parameters, dropout_tables


class Likelihood:
    """The log-likelihood of one model on one set of histories.

    What does not depend on parameters is computed once: rows that share an age or a number of repeats share its
    logarithms.
    """

    def __init__(self, kind: Kind, data: Histories) -> None:
        self.kind, self.data = kind, data
        self.last, self.last_row = np.unique(data.last, return_inverse=True)
        self.age, self.age_row = np.unique(data.age, return_inverse=True)
        self.size = int(data.repeats.max(initial=0)) + 1
        self.stage_count = kind.stages * data.repeats
        x_total = weighted(data.customers, data.repeats)
        gaps = float(data.log_gaps.sum())
        # The density of the single gaps: it has no parameter, but differs between numbers of stages.
        self.constant = (kind.stages - 1) * gaps - lgamma(kind.stages) * x_total

    def total(self, parameters: Parameters) -> float:
        """The log-likelihood of all customers."""
        return self.value_and_gradient(parameters)[0]

    def value_and_gradient(self, parameters: Parameters) -> tuple[float, Floats]:
        """The log-likelihood and its derivatives by the working parameters."""
        data, k = self.data, self.kind.stages
        r, alpha, weight = parameters.r, parameters.alpha, data.customers
        steps = np.arange(k * self.size)
        rise = np.concatenate(([0.0], np.cumsum(np.log(r + steps))))[: len(steps)][::k]
        slope = np.concatenate(([0.0], np.cumsum(1 / (r + steps))))[: len(steps)][::k]
        dropped_table, alive_table, dropped_by, alive_by = dropout_tables(
            parameters, self.size, drops_at_first=self.kind.drops_at_first
        )
        x, shape = data.repeats, r + self.stage_count
        log_last = np.log(alpha + self.last)[self.last_row]
        log_age = np.log(alpha + self.age)[self.age_row]
        stages, by_r, by_alpha = self._stages(shape, alpha)
        dropped = dropped_table[x] - shape * log_last
        alive = alive_table[x] - shape * log_age + np.log(stages)
        both = np.logaddexp(dropped, alive)
        is_alive = np.exp(alive - both)
        value = weighted(weight, rise[x] + both) + weight.sum() * r * log(alpha) + self.constant
        was_alive, was_dropped = weight * is_alive, weight * (1 - is_alive)
        gradient = np.empty(len(parameters.values))
        gradient[0] = r * float(
            weighted(weight, slope[x])
            + weight.sum() * log(alpha)
            - weighted(was_dropped, log_last)
            + weighted(was_alive, by_r / stages - log_age)
        )
        gradient[1] = alpha * float(
            weight.sum() * r / alpha
            - weighted(was_dropped, shape / (alpha + data.last))
            + weighted(was_alive, by_alpha / stages - shape / (alpha + data.age))
        )
        # Sums per number of repeats first: the tables are short.
        per_alive = np.bincount(x, was_alive, self.size)
        per_dropped = np.bincount(x, was_dropped, self.size)
        gradient[2:] = (dropped_by[2:] * per_dropped + alive_by[2:] * per_alive).sum(axis=1)
        return value, gradient

    def _stages(self, shape: Floats, alpha: float) -> tuple[Floats, Floats, Floats]:
        """Σ over the stages passed since the last purchase, and its derivatives by r and α."""
        return stage_sum(self.kind.stages, shape, self.data.last, self.data.age, alpha)


def stage_sum(
    stages: int, shape: Floats, last: Floats, age: Floats, alpha: float
) -> tuple[Floats, Floats, Floats]:
    """Σ_j u^j Γ(shape + j) / (Γ(shape) j!) with u = (age - last) / (α + age), and its derivatives by shape and α."""
    total, by_shape, by_alpha = np.ones_like(age), np.zeros_like(age), np.zeros_like(age)
    if stages > 1:
        u = (age - last) / (alpha + age)
        term, slope = np.ones_like(age), np.zeros_like(age)
        for j in range(1, stages):
            term = term * u * (shape + j - 1) / j
            slope = slope + 1 / (shape + j - 1)
            total = total + term
            by_shape = by_shape + term * slope
            by_alpha = by_alpha - j * term / (alpha + age)
    return total, by_shape, by_alpha
