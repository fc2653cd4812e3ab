"""A fit as one line of text: SQL keeps it, shows its parts, and hands it back for predictions.

Parts are separated by `|`. Shown numbers have eight significant digits, so that both engines keep the same text; the parts
are in `PURCHASE_PARTS` and `SPEND_PARTS`, counted from 1 in SQL.
"""

import numpy as np

from orchestration.value.fitting import Fit
from orchestration.value.models import KINDS, Parameters
from orchestration.value.spend import SpendFit

PURCHASE_PARTS = (
    "model", "state", "r", "alpha", "a", "b", "p", "log_likelihood",
    "ll_no_dropout", "ll_one_p", "ll_beta", "values", "spread",
)  # fmt: skip
SPEND_PARTS = ("state", "mean", "p", "q", "v", "log_likelihood", "icc", "icc_low", "icc_high")


def write_fit(fit: Fit) -> str:
    """The line of a purchase model."""
    found = fit.parameters
    has_dropout = found is not None and len(found.values) > 2
    parts = [
        fit.kind.name,
        fit.state,
        *(_number(value) for value in _shown(found)),
        _number(found.mean_dropout if found and has_dropout else None),
        _number(fit.log_likelihood),
        *(_number(value) for value in (*fit.log_likelihoods, None, None, None)[:3]),
        " ".join(f"{value:.12g}" for value in found.values) if found else "",
        "" if fit.spread is None else " ".join(f"{value:.6g}" for value in fit.spread.ravel()),
    ]
    return "|".join(parts)


def read_fit(text: str) -> Fit:
    """The fit of a line."""
    parts = dict(zip(PURCHASE_PARTS, text.split("|"), strict=True))
    values = tuple(float(word) for word in parts["values"].split())
    if not values:
        return Fit(KINDS[parts["model"]], parts["state"])
    spread = np.array([float(word) for word in parts["spread"].split()])
    return Fit(
        KINDS[parts["model"]],
        parts["state"],
        Parameters(values),
        tuple(float(parts[name]) for name in ("ll_no_dropout", "ll_one_p", "ll_beta")),
        spread.reshape(len(values), len(values)),
    )


def write_spend(fit: SpendFit) -> str:
    """The line of a spend model."""
    numbers = (getattr(fit, name) for name in SPEND_PARTS[1:])
    return "|".join([fit.state, *(_number(value) for value in numbers)])


def read_spend(text: str) -> SpendFit:
    """The spend model of a line."""
    state, *numbers = text.split("|")
    values = [float(word) if word else None for word in numbers]
    mean = values[0]
    return SpendFit(state, 0.0 if mean is None else mean, *values[1:])


def _shown(found: Parameters | None) -> tuple[float | None, ...]:
    return (found.r, found.alpha, found.a, found.b) if found else (None,) * 4


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.8g}"
