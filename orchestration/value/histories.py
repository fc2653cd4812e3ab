"""Purchase histories of customers, grouped: what every model of this room is fitted to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def weighted(weight: Floats, values: Floats | Ints) -> float:
    """Σ weight · value, added up in one order; a matrix product splits its sum among threads, and so among engines."""
    return float(np.sum(weight * values))


@dataclass(frozen=True)
class Histories:
    """One element per distinct history, sorted.

    `repeats` are purchase days after the first one, `last` and `age` the weeks from the first purchase to the
    last one and to the end of observation. `customers` counts the customers with the history, and `log_gaps` is the
    sum of the logarithms of their weeks between purchases, which only the models of regular buyers use.
    """

    repeats: Ints
    last: Floats
    age: Floats
    customers: Floats
    log_gaps: Floats

    @property
    def count(self) -> float:
        """Number of customers."""
        return float(self.customers.sum())


def group(
    repeats: ArrayLike,
    last: ArrayLike,
    age: ArrayLike,
    customers: ArrayLike | None = None,
    log_gaps: ArrayLike | None = None,
) -> Histories:
    """Group equal histories.

    The result does not depend on the order of the input, so that two engines fit the same numbers.
    """
    x = np.asarray(repeats, dtype=np.int64)
    tx, t = np.asarray(last, dtype=float), np.asarray(age, dtype=float)
    weight = np.ones(len(x)) if customers is None else np.asarray(customers, dtype=float)
    gaps = np.zeros(len(x)) if log_gaps is None else np.asarray(log_gaps, dtype=float)
    order = np.lexsort((gaps, weight, t, tx, x))
    x, tx, t, weight, gaps = x[order], tx[order], t[order], weight[order], gaps[order]
    is_first = np.ones(len(x), dtype=bool)
    is_first[1:] = (x[1:] != x[:-1]) | (tx[1:] != tx[:-1]) | (t[1:] != t[:-1])
    starts = np.flatnonzero(is_first)
    if len(starts) == 0:
        return Histories(x, tx, t, weight, gaps)
    return Histories(
        x[starts],
        tx[starts],
        t[starts],
        np.add.reduceat(weight, starts),
        np.add.reduceat(gaps, starts),
    )


def coarsened(data: Histories, most: int) -> Histories:
    """At most about so many histories: those of one cell of time are replaced by their mean.

    Cells are as narrow as the number allows, one week at first. The mean has the same first-order effect on a likelihood
    as its members, so that only the squared width of a cell, relative to the time that a rate needs, is lost.
    """
    width = 1.0
    found = data
    while len(found.age) > most:
        found = _in_cells(data, width)
        width *= 2
    return found


def _in_cells(data: Histories, width: float) -> Histories:
    last, age = (np.floor(values / width).astype(np.int64) for values in (data.last, data.age))
    order = np.lexsort((age, last, data.repeats))
    keys = np.stack([data.repeats[order], last[order], age[order]])
    starts = np.flatnonzero(np.concatenate(([True], (keys[:, 1:] != keys[:, :-1]).any(axis=0))))
    weight = data.customers[order]
    customers = np.add.reduceat(weight, starts)
    last_mean, age_mean = (
        np.add.reduceat(weight * values[order], starts) / customers
        for values in (data.last, data.age)
    )
    return Histories(
        keys[0, starts],
        last_mean,
        age_mean,
        customers,
        np.add.reduceat(data.log_gaps[order], starts),
    )
