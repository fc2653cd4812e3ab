"""Returns as lines of text, with rounded numbers, for the models that read them."""

import numpy as np

from orchestration.returns.effects import Effect, Levels
from orchestration.returns.response import Curves, Floats
from orchestration.returns.rules import Rules
from orchestration.returns.shop_returns import PlatformReturn

_DIGITS = 8
_QUANTILES = (0.5, 0.1, 0.9, 0.025, 0.975)


def return_lines(found: PlatformReturn, rules: Rules) -> list[str]:
    """Lines of one platform: `platform|measure|place|values …`.

    Measures are `state` (reason, pause weeks, weeks), `levels` (present, low and high daily spend), and with an effect
    figures with median, 80 % and 95 % intervals, `curve` (spend, then a figure of the orders per day), and `draws`.
    """
    name = found.platform.name
    plan = [str(part) for part in found.plan] if found.plan else ["", ""]
    rows = [["state", "0", found.reason or "ok", *plan]]
    if found.levels.high > 0:
        now = found.levels
        rows.append(["levels", "0", *(text(x) for x in (now.present, now.low, now.high))])
    if found.found is not None:
        rows += _figures(found.found) + _curve(found.found, found.levels, rules)
        rows.append(["draws", "0", _draws(found.found)])
    return ["|".join([name, *row]) for row in rows]


def _figures(found: Effect) -> list[list[str]]:
    curves = found.curves
    figures = {
        "caused_orders": found.caused_orders,
        "mean_return": found.mean_return,
        "marginal_return": found.marginal_return,
        "decay": curves.decay,
        "half_spend": curves.half * (1 - curves.decay),
    }
    return [[name, "0", *_spread(values)] for name, values in figures.items()]


def _curve(found: Effect, now: Levels, rules: Rules) -> list[list[str]]:
    """Orders per day that the platform causes at constant daily spends within the observed range."""
    spends = np.linspace(now.low, now.high, rules.curve_points)
    return [
        [
            "curve",
            str(place + 1),
            text(spend),
            *_spread(found.orders_without * found.curves.lift(spend)),
        ]
        for place, spend in enumerate(spends)
    ]


def _draws(found: Effect) -> str:
    """The curves that the split of a budget reads: decay, half saturation, exponent and height in orders per day."""
    c = found.curves
    columns = (c.decay, c.half, c.exponent, c.height * found.orders_without)
    return ";".join(":".join(text(x) for x in row) for row in zip(*columns, strict=True))


def figure_line(words: list[str], figures: list[Floats]) -> str:
    """A line of words, and of the median and the intervals of each figure."""
    return "|".join([*words, *(cell for figure in figures for cell in _spread(figure))])


def read_draws(drawn: str) -> Curves:
    """The curves of a text of `draws`; their heights are orders per day."""
    rows = [[float(cell) for cell in row.split(":")] for row in drawn.split(";")]
    decay, half, exponent, height = np.array(rows).T
    return Curves(decay, half, exponent, height)


def _spread(values: Floats) -> list[str]:
    return [text(x) for x in np.quantile(values, _QUANTILES)]


def text(value: float) -> str:
    """Eight significant digits without an exponent. Adding 0 removes the negative zero."""
    number = float(f"{float(value):.{_DIGITS}g}") + 0.0
    return f"{number:.12f}".rstrip("0").rstrip(".")
