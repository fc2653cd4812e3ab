"""The returns of all ad platforms of one shop: checks, fit, effects, and the experiment where the effect is unknown."""

from dataclasses import dataclass, replace

import numpy as np

from orchestration.returns.checks import counted_days, refusal
from orchestration.returns.effects import Effect, Levels, effect, imprecise, levels
from orchestration.returns.fit import Draws, Fit, fit
from orchestration.returns.pauses import pause_plan, weekly_variance
from orchestration.returns.response import Floats
from orchestration.returns.rules import Rules
from orchestration.returns.series import Platform, Series

_DAYS_PER_COLUMN = 2


@dataclass(frozen=True)
class PlatformReturn:
    """One platform: the reason without a figure (empty if there is one), the levels, the effect and the experiment."""

    platform: Platform
    reason: str
    levels: Levels
    found: Effect | None
    plan: tuple[int, int] | None


def shop_returns(series: Series, order_value: float, rules: Rules) -> list[PlatformReturn]:
    """Estimate every platform whose spend has a contrast of its own; `order_value` is 0 if unknown."""
    reasons = [refusal(series, platform, rules) for platform in series.platforms]
    kept = [place for place, reason in enumerate(reasons) if not reason]
    if kept and not _has_enough_days(series, kept, rules):
        reasons = [reason or "too_short" for reason in reasons]
        kept = []
    effects: dict[int, Effect] = {}
    if kept:
        fitted = _fit(series, kept, rules)
        for row, place in enumerate(kept):
            spend = series.platforms[place].spend
            now = levels(spend, rules)
            effects[place] = effect(fitted, row, spend, now)
            reasons[place] = imprecise(effects[place], now, order_value, rules)
    variance = weekly_variance(series)
    return [
        _one(series, place, reasons[place], effects.get(place), variance, order_value, rules)
        for place in range(len(series.platforms))
    ]


def _fit(series: Series, kept: list[int], rules: Rules) -> Fit:
    return fit(
        series.orders,
        series.base,
        [series.platforms[place].spend for place in kept],
        Draws(rules.draw_count, rules.block_days, rules.seed),
        _counted(series, kept, rules),
    )


def _counted(series: Series, kept: list[int], rules: Rules) -> Floats:
    return counted_days(
        replace(series, platforms=tuple(series.platforms[place] for place in kept)), rules
    )


def _has_enough_days(series: Series, kept: list[int], rules: Rules) -> bool:
    """Whether enough days count for the number of coefficients."""
    least = max(rules.least_days, _DAYS_PER_COLUMN * series.base.columns.shape[1])
    counted = _counted(series, kept, rules)
    return bool(counted.sum() >= least and (series.orders * counted).sum() > 0)


def _one(
    series: Series,
    place: int,
    reason: str,
    found: Effect | None,
    variance: float,
    order_value: float,
    rules: Rules,
) -> PlatformReturn:
    platform = series.platforms[place]
    if not (platform.spend > 0).any():
        return PlatformReturn(platform, reason, Levels(0.0, 0.0, 0.0), None, None)
    now = levels(platform.spend, rules)
    running = now.present or float(platform.spend[platform.spend > 0].mean())
    plan = pause_plan(variance, float(np.mean(series.orders)), running, order_value, rules)
    return PlatformReturn(
        platform, reason, now, None if reason else found, plan if reason else None
    )
