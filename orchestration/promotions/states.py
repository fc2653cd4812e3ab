"""The state of a promotion before its effect is fitted: `ok`, or why it is not identifiable."""

import numpy as np

from orchestration.promotions import regression
from orchestration.promotions.design import nuisance
from orchestration.promotions.shop_days import Flags, Limits, ShopDays


def judged(days: ShopDays, covered: Flags, limits: Limits) -> tuple[list[str], Flags]:
    """The state of each promotion before the fit, and the days of the fit.

    Of a promotion that is refused, the days on which it runs are left out, or those on which it does not if these are fewer. The
    others are judged again by the days that remain.
    """
    states, kept = ["ok"] * len(days.promotions), covered
    while True:
        found = _states(days.select(kept), states, limits)
        if kept is not covered:
            # What the other promotions leave of its days is all or nothing.
            found = [
                "coincides" if old == "ok" and new in ("not_run", "always_on") else new
                for old, new in zip(states, found, strict=True)
            ]
        if found == states:
            return states, kept
        for place, (old, new) in enumerate(zip(states, found, strict=True)):
            if old != new:
                runs = days.running[:, place]
                kept = kept & (runs == (runs[covered].mean() >= 0.5))
        states = found


def _states(days: ShopDays, states: list[str], limits: Limits) -> list[str]:
    """`ok`, or why the effect of a promotion is not identifiable; a refused promotion stays refused."""
    states = [
        _state(days, days.running[:, place], limits) if state == "ok" else state
        for place, state in enumerate(states)
    ]
    chosen = [place for place, state in enumerate(states) if state == "ok"]
    if chosen:
        own = regression.own_rates(days.running[:, chosen].astype(float), nuisance(days))
        for place, rate in zip(chosen, own, strict=True):
            if rate < limits.least_own_rate:
                states[place] = "coincides"
    return states


def _state(days: ShopDays, runs: Flags, limits: Limits) -> str:
    count, plain = int(runs.sum()), int((runs & days.is_plain).sum())
    if count == 0:
        return "not_run"
    if count >= limits.always_on_rate * len(runs):
        return "always_on"
    if limits.needs_control and not days.control.any():
        return "no_control"
    if count < limits.least_run_days:
        return "too_few_days"
    if plain < limits.least_run_days:
        return "only_festivals" if 2 * plain < count else "too_few_days"
    if int((~runs & days.is_plain).sum()) < limits.least_run_days:
        return "too_few_other_days"
    starts = np.diff(runs.astype(int), prepend=0) > 0
    if len(np.unique(np.cumsum(starts)[runs & days.is_plain])) < limits.least_runs:
        return "too_few_runs"
    return "too_few_orders" if days.orders[runs].sum() < limits.least_orders else "ok"
