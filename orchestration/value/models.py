"""The family of models and the parameters of a fitted one.

Purchases of an active customer follow stages of rate λ; each purchase needs `stages` of them (1: Poisson purchases;
2 to 4: more regular ones). λ is Gamma(r, α) over customers. A customer becomes inactive with probability p after
a purchase, in the MBG models also after the first one; p is Beta(a, b) over customers.
Sources: Fader, Hardie, Lee 2005 (BG/NBD); Batislam, Denizel, Filiztekin 2007 (MBG/NBD); Reutterer, Platzer, Schröder
2021 (MBG/CNBD-k).
"""

from dataclasses import dataclass
from math import exp, log, log1p

import numpy as np

from orchestration.value.histories import Floats

WEEK_DAYS = 7
OK, HOMOGENEOUS, NO_DROPOUT, TOO_LITTLE = (
    "ok",
    "homogeneous_dropout",
    "no_dropout",
    "too_little",
)


@dataclass(frozen=True)
class Kind:
    """A model of the family."""

    name: str
    stages: int
    drops_at_first: bool


KINDS = {
    kind.name: kind
    for kind in (
        Kind("bg_nbd", 1, False),
        Kind("mbg_nbd", 1, True),
        Kind("mbg_cnbd_2", 2, True),
        Kind("mbg_cnbd_3", 3, True),
        Kind("mbg_cnbd_4", 4, True),
    )
}


@dataclass(frozen=True)
class Parameters:
    """Working parameters: ln r, ln α, and with dropout logit of its mean, and with heterogeneous dropout ln(a + b).

    Two values mean no dropout, three the same p for all customers, four p ~ Beta(a, b).
    """

    values: tuple[float, ...]

    @property
    def r(self) -> float:
        """Shape of the purchase rates."""
        return exp(self.values[0])

    @property
    def alpha(self) -> float:
        """Rate of the purchase rates, in weeks."""
        return exp(self.values[1])

    @property
    def mean_dropout(self) -> float:
        """Mean probability of becoming inactive after a purchase; 0 without dropout."""
        if len(self.values) < 3:
            return 0.0
        return 1 / (1 + exp(-self.values[2]))

    @property
    def log_precision(self) -> float | None:
        """ln(a + b), or None if p does not vary."""
        return self.values[3] if len(self.values) == 4 else None

    @property
    def a(self) -> float | None:
        """First parameter of the beta distribution of p, or None if p does not vary."""
        return self._beta(self.mean_dropout)

    @property
    def b(self) -> float | None:
        """Second parameter of the beta distribution of p, or None if p does not vary."""
        return self._beta(1 - self.mean_dropout)

    def _beta(self, mean: float) -> float | None:
        return None if self.log_precision is None else mean * exp(self.log_precision)


def from_beta(r: float, alpha: float, a: float, b: float) -> Parameters:
    """Parameters in the notation of the papers."""
    return Parameters((log(r), log(alpha), log(a) - log(b), log(a + b)))


def dropout_tables(parameters: Parameters, size: int, *, drops_at_first: bool) -> tuple:
    """Ln E[p (1-p)^n] and ln E[(1-p)^m] for x = 0 … size - 1, and their derivatives by the working parameters.

    n and m are the purchases that a customer with x repeats survived when it dropped out, or is still active. BG has no
    dropout at the first purchase: its tables are those of MBG, one purchase later. Shapes: (size,), (size,),
    (parameters, size), (parameters, size).
    """
    dropped, alive, dropped_by, alive_by = _tables(parameters, size)
    if not drops_at_first:
        dropped = np.concatenate(([-np.inf], dropped[:-1]))
        alive = np.concatenate(([0.0], alive[:-1]))
        dropped_by, alive_by = (
            np.concatenate((np.zeros((len(parameters.values), 1)), by[:, :-1]), axis=1)
            for by in (dropped_by, alive_by)
        )
    return dropped, alive, dropped_by, alive_by


def _tables(parameters: Parameters, size: int) -> tuple[Floats, Floats, Floats, Floats]:
    x = np.arange(size, dtype=float)
    dropped_by = np.zeros((len(parameters.values), size))
    alive_by = np.zeros_like(dropped_by)
    if len(parameters.values) == 2:
        return np.full(size, -np.inf), np.zeros(size), dropped_by, alive_by
    p = parameters.mean_dropout
    a, b = parameters.a, parameters.b
    if a is None or b is None:
        survived = -log1p(exp(parameters.values[2]))
        dropped_by[2], alive_by[2] = 1 - p - x * p, -(x + 1) * p
        return log(p) + x * survived, (x + 1) * survived, dropped_by, alive_by
    # ln of rising factorials as running sums: exact also where a and b are large.
    rise_b = np.concatenate(([0.0], np.cumsum(np.log(b + x))))
    rise_ab = np.concatenate(([0.0], np.cumsum(np.log(a + b + x))))
    slope_b = np.concatenate(([0.0], np.cumsum(1 / (b + x))))
    slope_ab = np.concatenate(([0.0], np.cumsum(1 / (a + b + x))))
    # The derivatives by a and b, turned into those by logit of the mean and by ln(a + b).
    dropped_a, dropped_b = 1 / a - slope_ab[1:], slope_b[:-1] - slope_ab[1:]
    alive_a, alive_b = -slope_ab[1:], slope_b[1:] - slope_ab[1:]
    turn = (a + b) * p * (1 - p)
    dropped_by[2], dropped_by[3] = turn * (dropped_a - dropped_b), a * dropped_a + b * dropped_b
    alive_by[2], alive_by[3] = turn * (alive_a - alive_b), a * alive_a + b * alive_b
    return log(a) + rise_b[:-1] - rise_ab[1:], rise_b[1:] - rise_ab[1:], dropped_by, alive_by
