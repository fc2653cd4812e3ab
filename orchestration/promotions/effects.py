"""The effect of each promotion of a shop on its orders, or the reason why it is not identifiable.

The promotions of a shop are fitted together. The columns of the model are weekday, a smooth trend, the phases of festivals, the days of each
promotion, and the windows before and after its runs, in which orders may be missing that were postponed or pulled forward.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from orchestration.promotions import regression
from orchestration.promotions.design import Plan, nuisance, windows
from orchestration.promotions.shop_days import Flags, Floats, Limits, ShopDays, covered_days
from orchestration.promotions.states import judged

LEVELS = (0.8, 0.95)


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its intervals at LEVELS."""

    value: float
    ends: tuple[float, ...]


@dataclass(frozen=True)
class Effect:
    """What is known of a promotion. Estimates are None where the state does not allow them.

    `uplift` is relative to the orders without the promotion. The other estimates are orders: gained on the days of the promotion,
    displaced in the window before (postponed) and after (pulled forward), negative if orders are missing, and their sum.
    """

    promotion: str
    state: str
    run_days: int = 0
    window_days: int | None = None
    uplift: Estimate | None = None
    gained: Estimate | None = None
    before: Estimate | None = None
    after: Estimate | None = None
    net: Estimate | None = None


def effects(days: ShopDays, limits: Limits) -> list[Effect]:
    """One effect per promotion that ran on a day."""
    covered = covered_days(days, limits)
    states, kept = judged(days, covered, limits)
    chosen = [place for place, state in enumerate(states) if state == "ok"]
    window, plan = windows(days, kept, chosen, limits)
    if window is None:
        states = ["no_quiet_days" if state == "ok" else state for state in states]
    found = [
        Effect(code, state, int(days.running[covered, place].sum()))
        for place, (code, state) in enumerate(zip(days.promotions, states, strict=True))
    ]
    if window is None or not chosen:
        return found
    estimate, drawn = _fitted(days, kept, plan, limits)
    blocks = max(2, round(kept.sum() / limits.block_days))
    for place in chosen:
        rows = [row for row, (promotion, _) in enumerate(plan.roles) if promotion == place]
        found[place] = replace(
            found[place],
            **_estimates(days, covered, plan, rows, (estimate, drawn), blocks),
            window_days=window if len(rows) > 1 else None,
        )
    return found


def _fitted(days: ShopDays, kept: Flags, plan: Plan, limits: Limits) -> tuple[Floats, Floats]:
    """Coefficients of the columns of the plan: the estimate, and a row per draw."""
    own = days.select(kept)
    columns = np.column_stack(plan.columns)[kept].astype(float)
    trials = own.orders + own.control if own.control.any() else None
    data = regression.Data(np.hstack([nuisance(own), columns]), own.orders, trials)
    estimate = regression.fit(data)
    weights = regression.block_weights(
        len(kept), kept, block_days=limits.block_days, count=limits.draws
    )
    drawn = regression.draws(data, weights, estimate)[:, -columns.shape[1] :]
    # A draw without a day of a column says nothing about it.
    drawn[weights @ columns == 0] = np.nan
    return estimate[-columns.shape[1] :], drawn


def _estimates(
    days: ShopDays,
    covered: Flags,
    plan: Plan,
    rows: list[int],
    coefficients: tuple[Floats, Floats],
    blocks: int,
) -> dict[str, Estimate]:
    """Uplift and orders of one promotion, whose columns are `rows`."""
    estimate, drawn = coefficients
    run = _spread(estimate[rows[0]], drawn[:, rows[0]], blocks)
    found = {"uplift": Estimate(np.expm1(run.value), tuple(np.expm1(run.ends)))}
    parts = []
    for row in rows:
        sold = days.orders[plan.columns[row] & covered].sum()
        parts.append((sold * -np.expm1(-estimate[row]), sold * -np.expm1(-drawn[:, row])))
        name = {"run": "gained"}.get(plan.roles[row][1], plan.roles[row][1])
        found[name] = _spread(*parts[-1], blocks)
    if len(rows) > 1:
        found["net"] = _spread(sum(p[0] for p in parts), sum(p[1] for p in parts), blocks)
    return found


def _spread(value: float, drawn: Floats, blocks: int) -> Estimate:
    """Student's intervals with a standard error from the middle 68 % of the draws and the blocks as observations."""
    low, high = np.nanquantile(drawn, [0.158655, 0.841345])
    error = (high - low) / 2
    ends = []
    for level in LEVELS:
        reach = student.ppf((1 + level) / 2, blocks - 1) * error
        ends += [value - reach, value + reach]
    return Estimate(float(value), tuple(ends))
