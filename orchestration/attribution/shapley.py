"""Shapley values of channels in the game whose value is the order rate of the journeys within a set of channels."""

from math import factorial
from typing import Any

import numpy as np

from orchestration.attribution.journeys import Floats, Journeys


def shapley_rate(journeys: Journeys, *, most_channels: int = 12) -> Floats:
    """Per channel its Shapley value; the values add up to the order rate of all journeys, and may be negative.

    The value of a set of channels is the share of orders among the journeys that touch no other channel. The game has
    2^n sets, so beyond `most_channels` the channels with the fewest journeys play as one, and share its value by
    their journeys.
    """
    presence = journeys.presence()
    weights = journeys.orders + journeys.nulls
    touched = weights @ presence
    players, share = _players(touched, most_channels)
    count = int(players.max(initial=-1)) + 1
    bits = np.zeros(len(presence), dtype=np.int64)
    for channel, player in enumerate(players):
        bits |= presence[:, channel].astype(np.int64) << int(player)
    size = 1 << count
    ordered = _sums_of_subsets(np.bincount(bits, weights=journeys.orders, minlength=size), count)
    all_journeys = _sums_of_subsets(np.bincount(bits, weights=weights, minlength=size), count)
    value = np.divide(ordered, all_journeys, out=np.zeros(size), where=all_journeys > 0)
    return _values(value, count)[players] * share


def _players(touched: Floats, most: int) -> tuple[np.ndarray, Floats]:
    """The player of each channel, and the share of the player's value that the channel has."""
    if len(touched) <= most:
        return np.arange(len(touched)), np.ones(len(touched))
    rank = np.empty(len(touched), dtype=np.int64)
    rank[np.argsort(-touched, kind="stable")] = np.arange(len(touched))
    players = np.minimum(rank, most - 1)
    sums = np.bincount(players, weights=touched)
    return players, touched / np.where(sums > 0, sums, 1)[players]


def _sums_of_subsets(amounts: Any, count: int) -> Floats:
    """For every set, the sum over its subsets."""
    sums = np.asarray(amounts, dtype=float).reshape((2,) * count)
    for axis in range(count):
        sums = np.cumsum(sums, axis=axis)
    return sums.reshape(-1)


def _values(value: Floats, count: int) -> Floats:
    """Shapley values from the values of all sets, which are numbered by their bits."""
    sets = np.arange(1 << count)
    sizes = np.array([int(number).bit_count() for number in sets])
    factors = np.array(
        [factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)]
    )
    found = np.empty(count)
    for player in range(count):
        without = sets[(sets >> player) & 1 == 0]
        gains = value[without | (1 << player)] - value[without]
        found[player] = gains @ factors[sizes[without]]
    return found
