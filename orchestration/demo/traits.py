"""What is personal in the demo's people: distributions and shares, as tables that the SQL draws from.

Purchases follow MBG/NBD (Batislam, Denizel and Filiztekin 2007): a rate per week from a gamma
distribution, and a probability to stop after every purchase, the first included, from a beta.
"""

import math
from collections.abc import Callable, Iterator
from itertools import accumulate
from statistics import NormalDist

# Rate: shape r and scale of alpha weeks. Dropout: a and b.
RATE_SHAPE, RATE_WEEKS = 1.2, 9.0
DROPOUT_A, DROPOUT_B = 0.8, 2.4
# Standard deviation of the logarithm of the price level: a coefficient of variation of .4.
PRICE_SIGMA = math.sqrt(math.log(1 + 0.4**2))
FESTIVAL_ONLY, DEAL_SEEKERS = 0.08, 0.25

DRAWS = 4096
_CELLS = 20_000
# Price levels are drawn from steps of a tenth of their logarithm, from a third to three times the mean.
PRICE_STEPS = range(-12, 13)


def _quantiles(density: Callable[[float], float], high: float) -> list[float]:
    """Middle quantiles of a density on [0, high], by numeric integration; one per draw."""
    width = high / _CELLS
    masses = [density((cell + 0.5) * width) for cell in range(_CELLS)]
    below = [0.0, *accumulate(masses)]
    found, cell = [], 0
    for draw in range(DRAWS):
        target = (draw + 0.5) / DRAWS * below[-1]
        while below[cell + 1] < target:
            cell += 1
        found.append((cell + (target - below[cell]) / masses[cell]) * width)
    return found


def rates() -> list[float]:
    """Purchases per week: quantiles of Gamma(r, alpha). Integrated over x**r, which has no pole."""
    powers = _quantiles(lambda y: math.exp(-(y ** (1 / RATE_SHAPE))), 30**RATE_SHAPE)
    return [y ** (1 / RATE_SHAPE) / RATE_WEEKS for y in powers]


def dropouts() -> list[float]:
    """Probabilities to stop after a purchase: quantiles of Beta(a, b). Integrated over x**a."""
    powers = _quantiles(lambda y: (1 - y ** (1 / DROPOUT_A)) ** (DROPOUT_B - 1), 1.0)
    return [y ** (1 / DROPOUT_A) for y in powers]


def price_levels() -> list[float]:
    """What a person's products cost, relative to the mean of 1: quantiles of a log-normal."""
    normal = NormalDist(-(PRICE_SIGMA**2) / 2, PRICE_SIGMA)
    return [math.exp(normal.inv_cdf((draw + 0.5) / DRAWS)) for draw in range(DRAWS)]


def draws() -> list[tuple[int, float, float, float]]:
    """(draw, rate, dropout, price level): a uniform draw picks one row for each of them."""
    columns = zip(rates(), dropouts(), price_levels(), strict=True)
    return [(draw, *row) for draw, row in enumerate(columns)]


def price_steps() -> list[tuple[int, float]]:
    """(step, price level): steps of a tenth of the level's logarithm."""
    return [(step, math.exp(step * 0.1)) for step in PRICE_STEPS]


def tilted(weights: list[float], prices: list[int], level: float) -> list[float]:
    """Weights of products whose mean price is `level` times that of `weights`: times price**x."""
    mean = _mean(weights, prices) * level
    wanted = min(max(mean, min(prices) * 1.1), max(prices) * 0.9)
    low, high = -8.0, 8.0
    for _ in range(30):
        power = (low + high) / 2
        drawn = [w * (p / wanted) ** power for w, p in zip(weights, prices, strict=True)]
        low, high = (power, high) if _mean(drawn, prices) < wanted else (low, power)
    return drawn


def _mean(weights: list[float], values: list[int]) -> float:
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


def calendars(weights: list[float], festive: list[bool], promoted: list[bool]) -> Iterator[tuple]:
    """(name, weight of every day) for each group of people; together they sell what `weights` say."""
    total = sum(weights)
    plain = [weight / total for weight in weights]
    festival = _shares([w if day else 0.0 for w, day in zip(weights, festive, strict=True)])
    deals = _shares([w * (2.2 if day else 1.0) for w, day in zip(weights, promoted, strict=True)])
    rest = [
        max(0.0, day - FESTIVAL_ONLY * feast - DEAL_SEEKERS * deal)
        for day, feast, deal in zip(plain, festival, deals, strict=True)
    ]
    yield "all", plain
    yield "festival", festival
    yield "deals", deals
    yield "plain", rest


def _shares(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [weight / total for weight in weights]
