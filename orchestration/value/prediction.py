"""What a fitted model predicts for a history: whether the customer is still active, and its next purchases."""

import numpy as np

from orchestration.value.fitting import Fit
from orchestration.value.histories import Floats, Ints
from orchestration.value.likelihood import stage_sum
from orchestration.value.models import WEEK_DAYS, Kind, Parameters, dropout_tables

# Terms of the series below this probability are left out.
_SMALL = 1e-9
# Below e to this power a double is 0.
_LOG_TINY = -600.0
_MOST_TERMS = 20_000
# More weeks than any shop has existed: repeats and age are one number.
_AGES = 65_536.0
_MOST_MEMORIES = 512
# Weeks of a cell, and more cells than any shop has existed.
_CELL, _CELLS = 1.0, 32_768
# So many known pairs of repeats and age make a shop large.
_MANY = 5_000


def p_alive(fitted: Fit, repeats: Ints, last: Floats, age: Floats) -> Floats:
    """Probability that customers are still active; NaN without parameters."""
    if fitted.parameters is None:
        return np.full(len(age), np.nan)
    return _p_alive(fitted.kind, fitted.parameters, repeats, last, age)


def expected_purchases(
    fitted: Fit, repeats: Ints, last: Floats, age: Floats, weeks: float
) -> Floats:
    """Expected number of purchase days in the next weeks; NaN without parameters."""
    if fitted.parameters is None:
        return np.full(len(age), np.nan)
    return _expected(fitted.kind, fitted.parameters, repeats, last, age, weeks)


def standard_error(fitted: Fit, repeats: Ints, last: Floats, age: Floats, weeks: float) -> Floats:
    """Standard error of the expectation, from the spread of the parameters alone.

    Half the difference between the expectations at either end of each direction of the spread; squares add up.
    """
    if fitted.parameters is None or fitted.spread is None:
        return np.full(len(age), np.nan)
    center = np.asarray(fitted.parameters.values)
    squares = np.zeros(len(age))
    for direction in fitted.spread.T:
        high, low = (
            _expected(fitted.kind, Parameters(tuple(map(float, values))), repeats, last, age, weeks)
            for values in (center + direction, center - direction)
        )
        squares += ((high - low) / 2) ** 2
    return np.sqrt(squares)


class RelativeErrors:
    """Standard errors as a share of the expectation, by cells of a week.

    The share changes slowly with the days of a history, so that the middle of a cell stands for its histories. What is
    computed is kept.
    """

    def __init__(self, fitted: Fit, weeks: float) -> None:
        self.fitted, self.weeks = fitted, weeks
        self.known: tuple[Ints, Floats] = (np.empty(0, np.int64), np.empty(0))

    def of(self, repeats: Ints, last: Floats, age: Floats) -> Floats:
        """The share for each history."""
        last_cell, age_cell = (np.floor(values / _CELL).astype(np.int64) for values in (last, age))
        asked = (repeats * _CELLS + last_cell) * _CELLS + age_cell
        keys, values = self.known
        place = np.searchsorted(keys, asked)
        is_new = np.append(keys, -1)[place] != asked
        if is_new.any():
            fresh = np.unique(asked[is_new])
            keys, values = np.append(keys, fresh), np.append(values, self._computed(fresh))
            order = np.argsort(keys)
            keys, values = keys[order], values[order]
            self.known = keys, values
            place = np.searchsorted(keys, asked)
        return values[place]

    def _computed(self, cells: Ints) -> Floats:
        repeats = cells // _CELLS**2
        last = np.where(repeats > 0, (cells // _CELLS % _CELLS + 0.5) * _CELL, 0.0)
        history = repeats, last, (cells % _CELLS + 0.5) * _CELL
        error = standard_error(self.fitted, *history, self.weeks)
        return error / expected_purchases(self.fitted, *history, self.weeks)


def _p_alive(
    kind: Kind, parameters: Parameters, repeats: Ints, last: Floats, age: Floats
) -> Floats:
    size = int(repeats.max(initial=0)) + 1
    dropped, alive, _, _ = dropout_tables(parameters, size, drops_at_first=kind.drops_at_first)
    shape = parameters.r + kind.stages * repeats
    stages, _, _ = stage_sum(kind.stages, shape, last, age, parameters.alpha)
    log_odds = (
        alive[repeats]
        - dropped[repeats]
        + np.log(stages)
        + shape * (np.log(parameters.alpha + last) - np.log(parameters.alpha + age))
    )
    return 1 / (1 + np.exp(-log_odds))


def _expected(
    kind: Kind,
    parameters: Parameters,
    repeats: Ints,
    last: Floats,
    age: Floats,
    weeks: float,
) -> Floats:
    """P(active) · Σ over the stages that may have passed since the last purchase of their probability · purchases."""
    shape = parameters.r + kind.stages * repeats
    u = (age - last) / (parameters.alpha + age)
    chance = np.ones_like(age)
    total, chances = np.zeros_like(age), np.zeros_like(age)
    for passed in range(kind.stages):
        if passed:
            chance = chance * u * (shape + passed - 1) / passed
        chances += chance
        total += chance * _memory(kind, parameters, weeks, passed).purchases(repeats, age)
    return _p_alive(kind, parameters, repeats, last, age) * total / chances


class _Memory:
    """Purchases of active customers by repeats and age.

    They do not depend on the day of the last purchase, so that many histories share them, and engines ask for few
    histories at a time.
    """

    def __init__(self, kind: Kind, parameters: Parameters, weeks: float, passed: int) -> None:
        self.of = kind, parameters, weeks, passed
        self.known: tuple[Floats, Floats] = (np.empty(0), np.empty(0))

    def purchases(self, repeats: Ints, age: Floats) -> Floats:
        """Those of each row; what is new is computed once and kept."""
        asked = repeats * _AGES + age
        keys, values = self.known
        place = np.searchsorted(keys, asked)
        is_new = np.append(keys, np.nan)[place] != asked
        if is_new.any():
            new_repeats, new_age = repeats[is_new], age[is_new]
            if len(keys) > _MANY:
                new_repeats, new_age = _with_all_days(new_repeats, new_age)
            fresh, first = np.unique(new_repeats * _AGES + new_age, return_index=True)
            is_unknown = ~np.isin(fresh, keys)
            fresh, first = fresh[is_unknown], first[is_unknown]
            keys = np.append(keys, fresh)
            values = np.append(values, _purchases(*self.of, new_repeats[first], new_age[first]))
            order = np.argsort(keys)
            keys, values = keys[order], values[order]
            # Replaced at once, because an engine calls from several threads.
            self.known = keys, values
            place = np.searchsorted(keys, asked)
        return values[place]


def _with_all_days(repeats: Ints, age: Floats) -> tuple[Ints, Floats]:
    """The pairs, and those repeats with every other whole day: a large shop asks for most of them, a few at a time."""
    days = np.arange(np.ceil(age.max() * WEEK_DAYS) + 1) / WEEK_DAYS
    distinct = np.unique(repeats)
    return (
        np.concatenate([repeats, np.repeat(distinct, len(days))]),
        np.concatenate([age, np.tile(days, len(distinct))]),
    )


_MEMORIES: dict[tuple, _Memory] = {}
"""A cache of the standard library would not travel to the workers of a cluster."""


def _memory(kind: Kind, parameters: Parameters, weeks: float, passed: int) -> _Memory:
    key = kind, parameters, weeks, passed
    if len(_MEMORIES) > _MOST_MEMORIES:
        _MEMORIES.clear()
    return _MEMORIES.setdefault(key, _Memory(*key))


def _purchases(
    kind: Kind, parameters: Parameters, weeks: float, passed: int, repeats: Ints, age: Floats
) -> Floats:
    """Σ over m of P(m-th purchase falls into the horizon) · P(the customer survives the m - 1 before it).

    The stages that pass in the horizon are negative binomial with `shape` and `q`. The recursion of its probabilities
    starts at (1 - q)^shape, which is 0 for a very frequent buyer: there the tail is the incomplete beta function.
    """
    shape = parameters.r + kind.stages * repeats + passed
    q = weeks / (parameters.alpha + age + weeks)
    survived = repeats + (1 if kind.drops_at_first else 0)
    total = np.zeros_like(q)
    rows = np.arange(len(q))
    log_first = shape * np.log1p(-q)
    slow = log_first < _LOG_TINY
    probability = np.exp(log_first)
    tail, survival = 1.0 - probability, np.ones_like(q)
    for stage in range(_MOST_TERMS):
        if stage:
            probability = probability * (q * (shape + stage - 1) / stage)
            tail = tail - probability
            if slow.any():
                from scipy.special import betainc

                tail[slow] = betainc(stage + 1.0, shape[slow], q[slow])
        if (stage + 1 + passed) % kind.stages == 0:
            total[rows] += survival * tail
            number = (stage + 1 + passed) // kind.stages
            survival = survival * _survives(parameters, survived + (number - 1))
        if stage % 16 == 15:
            keep = (tail * survival > _SMALL) | (stage < shape * q / (1 - q))
            columns = (rows, shape, q, survived, probability, tail, survival, slow)
            rows, shape, q, survived, probability, tail, survival, slow = (
                column[keep] for column in columns
            )
            if len(rows) == 0:
                break
    return total


def _survives(parameters: Parameters, survived: Floats | Ints) -> Floats | float:
    """Mean probability of staying active after a purchase, for customers that survived so many."""
    a, b = parameters.a, parameters.b
    if a is None or b is None:
        return 1.0 - parameters.mean_dropout
    return (b + survived) / (a + b + survived)
