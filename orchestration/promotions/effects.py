"""The effect of each promotion of a shop on its orders, or the reason why it is not identifiable.

The promotions of a shop are fitted together. The columns of the model are weekday, a smooth trend, the phases of festivals, the days of each
promotion, and the windows before and after its runs, in which orders may be missing that were postponed or pulled forward.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.interpolate import BSpline
from scipy.stats import t as student

from orchestration.promotions import regression
from orchestration.promotions.shop_days import Flags, Floats, Limits, ShopDays, covered_days, near

_TREND_DAYS = 90
_PHASE_DAYS = 7
_SHORTEST_WINDOW = 3
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


@dataclass(frozen=True)
class _Plan:
    """The columns of promotions and windows: for each, the promotion and its role."""

    columns: list[Flags] = field(default_factory=list)
    roles: list[tuple[int, str]] = field(default_factory=list)


def effects(days: ShopDays, limits: Limits) -> list[Effect]:
    """One effect per promotion that ran on a day."""
    covered = covered_days(days, limits)
    states, kept = _judged(days, covered, limits)
    chosen = [place for place, state in enumerate(states) if state == "ok"]
    window, plan = _windows(days, kept, chosen, limits)
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


def _judged(days: ShopDays, covered: Flags, limits: Limits) -> tuple[list[str], Flags]:
    """The state of each promotion before the fit, and the days of the fit.

    Of a promotion that is refused, the days on which it runs are left out, or those on which it does not if these are fewer. The
    others are judged again by the days that remain.
    """
    states, kept = ["ok"] * len(days.promotions), covered
    while True:
        judged = _states(days.select(kept), states, limits)
        if judged == states:
            return states, kept
        for place, (old, new) in enumerate(zip(states, judged, strict=True)):
            if old != new:
                runs = days.running[:, place]
                kept = kept & (runs == (runs[covered].mean() >= 0.5))
        states = judged


def _states(days: ShopDays, states: list[str], limits: Limits) -> list[str]:
    """`ok`, or why the effect of a promotion is not identifiable; a refused promotion stays refused."""
    states = [
        _state(days, days.running[:, place], limits) if state == "ok" else state
        for place, state in enumerate(states)
    ]
    chosen = [place for place, state in enumerate(states) if state == "ok"]
    if chosen:
        own = regression.own_rates(days.running[:, chosen].astype(float), _nuisance(days))
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
    return "too_few_orders" if days.orders[runs].sum() < limits.least_orders else "ok"


def _windows(
    days: ShopDays, kept: Flags, chosen: list[int], limits: Limits
) -> tuple[int | None, _Plan]:
    """The longest window that leaves quiet days, and the columns of the chosen promotions; None if no window does."""
    changing = days.running.mean(axis=0) < limits.always_on_rate
    busy = days.running[:, changing].any(axis=1)
    window = limits.displacement_days
    while chosen and window >= min(_SHORTEST_WINDOW, limits.displacement_days):
        plan = _Plan()
        for place in chosen:
            runs = days.running[:, place]
            plan.columns.append(runs)
            plan.roles.append((place, "run"))
            sides = [
                near(runs, days.numbers, window, is_before=side) & ~busy for side in (True, False)
            ]
            if all((side & kept).sum() >= limits.least_run_days for side in sides):
                plan.columns.extend(sides)
                plan.roles.extend([(place, "before"), (place, "after")])
        near_runs = np.any([
            near(days.running[:, place], days.numbers, window, is_before=side)
            for place in chosen for side in (True, False)
        ], axis=0)  # fmt: skip
        quiet = kept & ~busy & ~near_runs
        if quiet.sum() >= limits.least_quiet_rate * kept.sum():
            return window, _separable(days, kept, plan, limits)
        window //= 2
    return None, _Plan()


def _separable(days: ShopDays, kept: Flags, plan: _Plan, limits: Limits) -> _Plan:
    """Without the windows of promotions whose windows other columns nearly explain."""
    own = regression.own_rates(
        np.column_stack(plan.columns)[kept].astype(float), _nuisance(days.select(kept))
    )
    weak = {
        promotion
        for (promotion, role), rate in zip(plan.roles, own, strict=True)
        if role != "run" and rate < limits.least_own_rate
    }
    stays = [role == "run" or promotion not in weak for promotion, role in plan.roles]
    return _Plan(
        [column for column, stay in zip(plan.columns, stays, strict=True) if stay],
        [role for role, stay in zip(plan.roles, stays, strict=True) if stay],
    )


def _fitted(days: ShopDays, kept: Flags, plan: _Plan, limits: Limits) -> tuple[Floats, Floats]:
    """Coefficients of the columns of the plan: the estimate, and a row per draw."""
    own = days.select(kept)
    columns = np.column_stack(plan.columns)[kept].astype(float)
    trials = own.orders + own.control if own.control.any() else None
    data = regression.Data(np.hstack([_nuisance(own), columns]), own.orders, trials)
    estimate = regression.fit(data)
    weights = regression.block_weights(
        len(kept), kept, block_days=limits.block_days, count=limits.draws
    )
    drawn = regression.draws(data, weights, estimate)
    return estimate[-columns.shape[1] :], drawn[:, -columns.shape[1] :]


def _estimates(
    days: ShopDays,
    covered: Flags,
    plan: _Plan,
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
    low, high = np.quantile(drawn, [0.158655, 0.841345])
    error = (high - low) / 2
    ends = []
    for level in LEVELS:
        reach = student.ppf((1 + level) / 2, blocks - 1) * error
        ends += [value - reach, value + reach]
    return Estimate(float(value), tuple(ends))


def _nuisance(days: ShopDays) -> Floats:
    """Intercept with trend, weekdays and phases of festivals; phases of a few days are one."""
    weekday = days.numbers % 7
    names, counts = np.unique(days.phases[~days.is_plain], return_counts=True)
    common = names[counts >= _PHASE_DAYS]
    rare = ~days.is_plain & ~np.isin(days.phases, common)
    columns = [weekday == day for day in range(1, 7)]
    columns += [days.phases == name for name in common]
    columns += [rare] if rare.any() else []
    return np.hstack([_trend(days), np.column_stack(columns).astype(float)])


def _trend(days: ShopDays) -> Floats:
    """Cubic B-splines with a knot every 90 days or so; they add up to 1 and stand for the intercept."""
    length = days.numbers[-1] - days.numbers[0]
    inner = max(1, round(length / _TREND_DAYS)) + 1
    place = (days.numbers - days.numbers[0]) / max(length, 1)
    knots = np.r_[[0.0] * 3, np.linspace(0, 1, inner), [1.0] * 3]
    return BSpline.design_matrix(place, knots, 3).toarray()
