"""Removal effects of channels in a Markov chain of touches, in closed form.

A chain of order k remembers the last k channels. Its transition probabilities are relative frequencies of the journeys.
The removal of a channel redirects every transition into it to "no order". The removal effect is the share of the orders
that is then lost: Anderl et al., "Mapping the customer journey", 2016.
"""

import numpy as np

from orchestration.attribution.journeys import Floats, Ints, Journeys


def removal_effects(journeys: Journeys, *, order: int = 1) -> Floats:
    """Per channel the share of orders lost without it, in [0, 1]; zeros if no journey has an order."""
    count = len(journeys.channels)
    codes = _states(journeys, order)
    found = np.flatnonzero(np.bincount(codes, minlength=(count + 1) ** order))
    number = np.zeros((count + 1) ** order, dtype=np.int64)
    number[found] = np.arange(len(found))
    between, ordered, begun = _transitions(journeys, number[codes], len(found))
    whole = _order_rate(between, ordered, begun, np.ones(len(found), dtype=bool))
    if whole <= 0:
        return np.zeros(count)
    # A state contains the channels that its code has as digits; 0 stands for no touch.
    digits = np.column_stack(
        [found // (count + 1) ** place % (count + 1) for place in range(order)]
    )
    kept = [(digits != channel + 1).all(axis=1) for channel in range(count)]
    return np.array([1 - _order_rate(between, ordered, begun, keep) / whole for keep in kept])


def _states(journeys: Journeys, order: int) -> Ints:
    """The state after each step as a number, whose digits are the channel and the `order - 1` channels before it."""
    base = len(journeys.channels) + 1
    codes = journeys.steps + 1
    position = np.arange(len(codes)) - np.repeat(journeys.starts[:-1], np.diff(journeys.starts))
    for back in range(1, order):
        earlier = np.where(position >= back, np.roll(journeys.steps + 1, back), 0)
        codes = codes + earlier * base**back
    return codes


def _transitions(journeys: Journeys, states: Ints, count: int) -> tuple[Floats, Floats, Floats]:
    """Probabilities from state to state, from state to the order, and from the start to a state."""
    weights = (journeys.orders + journeys.nulls)[journeys.paths]
    first, last = journeys.starts[:-1], journeys.starts[1:] - 1
    is_last = np.zeros(len(states), dtype=bool)
    is_last[last] = True
    leaving = np.bincount(states, weights=weights, minlength=count)
    moves = states[:-1] * count + states[1:]
    inside = ~is_last[:-1]
    between = np.bincount(moves[inside], weights=weights[:-1][inside], minlength=count * count)
    ordered = np.bincount(states[last], weights=journeys.orders, minlength=count)
    begun = np.bincount(states[first], weights=journeys.orders + journeys.nulls, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        between = np.nan_to_num(between.reshape(count, count) / leaving[:, None])
        ordered = np.nan_to_num(ordered / leaving)
    return between, ordered, begun / begun.sum()


def _order_rate(between: Floats, ordered: Floats, begun: Floats, keep: np.ndarray) -> float:
    """Probability that a journey ends with an order, over the states that are kept."""
    inner = np.eye(int(keep.sum())) - between[np.ix_(keep, keep)]
    return float(begun[keep] @ np.linalg.solve(inner, ordered[keep]))
