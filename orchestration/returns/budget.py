"""Split of an unchanged total budget over platforms, at which the expected value is largest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.returns.response import Curves, Floats
from orchestration.returns.rules import Rules

_STEPS = 200


@dataclass(frozen=True)
class Share:
    """One platform of the split: its curves in orders per day, the value of an order, and its daily spend."""

    curves: Curves
    order_value: float
    present: float
    low: float
    high: float

    def orders(self, spend: Floats | float) -> Floats:
        """Orders per day at a constant daily spend; a row per spend, a column per draw."""
        return self.curves.lift(np.atleast_1d(np.asarray(spend, dtype=float))[:, None])


def split(shares: list[Share], rules: Rules) -> Floats:
    """Daily spend per platform with the same total.

    The expected value is the mean over the draws. Spend stays within the observed range and within `most_change_rate` of
    the present. The search is exact on steps of 1/200 of the total: at its result no step from one platform to another
    pays, so marginal returns are equal wherever no limit binds.
    """
    present = np.array([share.present for share in shares])
    step = present.sum() / _STEPS
    if len(shares) < 2 or step <= 0:
        return present
    moves = [_moves(share, step, rules) for share in shares]
    gains = [
        share.order_value * share.orders(share.present + steps * step).mean(axis=1)
        for share, steps in zip(shares, moves, strict=True)
    ]
    return present + _best(moves, gains) * step


def _moves(share: Share, step: float, rules: Rules) -> NDArray[np.int64]:
    lowest = max(share.low, share.present * (1 - rules.most_change_rate))
    highest = min(share.high, share.present * (1 + rules.most_change_rate))
    down = int(max(share.present - lowest, 0) / step + 1e-9)
    up = int(max(highest - share.present, 0) / step + 1e-9)
    return np.arange(-down, up + 1)


def _best(moves: list[NDArray[np.int64]], gains: list[Floats]) -> NDArray[np.int64]:
    """The steps that add up to 0 with the largest sum of gains, platform by platform (dynamic programming)."""
    width = sum(int(np.abs(steps).max()) for steps in moves)
    best = np.full(2 * width + 1, -np.inf)
    best[width] = 0.0
    choices = []
    for steps, gain in zip(moves, gains, strict=True):
        options = np.full((len(steps), 2 * width + 1), -np.inf)
        for row, (step, value) in enumerate(zip(steps, gain, strict=True)):
            source = slice(max(-step, 0), 2 * width + 1 - max(step, 0))
            target = slice(max(step, 0), 2 * width + 1 + min(step, 0))
            options[row, target] = best[source] + value
        choices.append(options.argmax(axis=0))
        best = options.max(axis=0)
    place, found = width, np.zeros(len(moves), dtype=np.int64)
    for number in reversed(range(len(moves))):
        found[number] = moves[number][choices[number][place]]
        place -= found[number]
    return found
