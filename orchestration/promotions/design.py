"""The columns of the model: weekdays, trend and festivals, and the days and windows of the promotions."""

from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import BSpline

from orchestration.promotions import regression
from orchestration.promotions.shop_days import Flags, Floats, Limits, ShopDays, near

_TREND_DAYS = 90
_PHASE_DAYS = 7
_SHORTEST_WINDOW = 3


@dataclass(frozen=True)
class Plan:
    """The columns of promotions and windows: for each, the promotion and its role."""

    columns: list[Flags] = field(default_factory=list)
    roles: list[tuple[int, str]] = field(default_factory=list)


def windows(
    days: ShopDays, kept: Flags, chosen: list[int], limits: Limits
) -> tuple[int | None, Plan]:
    """The longest window that leaves quiet days, and the columns of the chosen promotions; None if no window does."""
    changing = days.running.mean(axis=0) < limits.always_on_rate
    busy = days.running[:, changing].any(axis=1)
    window = limits.displacement_days
    while chosen and window >= min(_SHORTEST_WINDOW, limits.displacement_days):
        plan = Plan()
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
    return None, Plan()


def _separable(days: ShopDays, kept: Flags, plan: Plan, limits: Limits) -> Plan:
    """Without the windows of promotions whose windows other columns nearly explain."""
    own = regression.own_rates(
        np.column_stack(plan.columns)[kept].astype(float), nuisance(days.select(kept))
    )
    weak = {
        promotion
        for (promotion, role), rate in zip(plan.roles, own, strict=True)
        if role != "run" and rate < limits.least_own_rate
    }
    stays = [role == "run" or promotion not in weak for promotion, role in plan.roles]
    return Plan(
        [column for column, stay in zip(plan.columns, stays, strict=True) if stay],
        [role for role, stay in zip(plan.roles, stays, strict=True) if stay],
    )


def nuisance(days: ShopDays) -> Floats:
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
