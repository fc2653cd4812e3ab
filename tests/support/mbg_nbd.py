"""MBG/NBD by its likelihood (Batislam, Denizel and Filiztekin 2007), an oracle for what the demo plants."""

from collections.abc import Callable, Sequence
from math import exp, lgamma, log

Buyer = tuple[int, float, float]
"""Repeat purchases, time of the last one and time observed, both since the first purchase."""


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def log_likelihood(r: float, alpha: float, a: float, b: float, buyers: Sequence[Buyer]) -> float:
    """The probability of the purchases of `buyers`, as a logarithm."""
    total = 0.0
    for x, last, observed in buyers:
        stopped = _log_beta(a + 1, b + x) - (r + x) * log(alpha + last)
        active = _log_beta(a, b + x + 1) - (r + x) * log(alpha + observed)
        high = max(stopped, active)
        total += high + log(exp(stopped - high) + exp(active - high)) + lgamma(r + x)
    return total + len(buyers) * (r * log(alpha) - lgamma(r) - _log_beta(a, b))


def fit(buyers: Sequence[Buyer]) -> tuple[float, float, float, float]:
    """r, alpha, a and b of the highest likelihood."""

    def loss(point: Sequence[float]) -> float:
        r, alpha, a, b = (exp(min(max(value, -9.0), 9.0)) for value in point)
        return -log_likelihood(r, alpha, a, b, buyers)

    r, alpha, a, b = (exp(value) for value in _least(loss, [0.0, 2.0, 0.0, 0.5]))
    return r, alpha, a, b


def _least(loss: Callable[[Sequence[float]], float], start: list[float]) -> list[float]:
    """The point of the least loss by Nelder and Mead."""
    points = [start] + [
        [value + (0.5 if place == step else 0) for place, value in enumerate(start)]
        for step in range(len(start))
    ]
    simplex = sorted((loss(point), point) for point in points)
    while simplex[-1][0] - simplex[0][0] > 1e-4:
        worst, others = simplex[-1], simplex[:-1]
        middle = [sum(values) / len(others) for values in zip(*(p for _, p in others), strict=True)]

        def moved(by: float, middle: list[float] = middle, worst: list[float] = worst[1]) -> tuple:
            point = [m + by * (m - w) for m, w in zip(middle, worst, strict=True)]
            return loss(point), point

        new = moved(1.0)
        if new[0] < simplex[0][0]:
            new = min(new, moved(2.0))
        elif new[0] >= others[-1][0]:
            new = moved(0.5) if new[0] < worst[0] else moved(-0.5)
        if new[0] < worst[0]:
            simplex = sorted([*others, new])
        else:
            best = simplex[0][1]
            halved = [[(v + w) / 2 for v, w in zip(best, p, strict=True)] for _, p in simplex[1:]]
            simplex = sorted([simplex[0], *((loss(point), point) for point in halved)])
    return simplex[0][1]
