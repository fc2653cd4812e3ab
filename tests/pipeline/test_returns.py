"""Returns of advertising: the fit on drawn shops whose effect is known, and the marts of the demo."""

from collections import Counter

import numpy as np
import pytest
from returns_lab import Drawn, Planted, demand_shop, planted_shop

from orchestration.returns.effects import Effect
from orchestration.returns.response import Curves
from orchestration.returns.rules import Rules
from orchestration.returns.shop_returns import PlatformReturn, shop_returns

ORDER_MARGIN = 110.0
WANXIANG, QIANCHUAN = Planted(), Planted(decay=0.3, exponent=1.0)


def _true_figures(shop: Drawn, truth: Curves, present: float) -> dict[str, float]:
    spend = shop.spends["planted"]
    caused = float((shop.base * truth.daily(spend)[0]).sum())
    return {
        "caused_orders": caused,
        "mean_return": caused / float(spend.sum()),
        "marginal_return": float(shop.base.mean() * truth.slope(present)[0]),
    }


def _returns(shop: Drawn) -> dict[str, PlatformReturn]:
    found = shop_returns(shop.series(), ORDER_MARGIN, Rules())
    return {one.platform.name: one for one in found}


def _covered(found: Effect, true: dict[str, float], level: float) -> dict[str, bool]:
    tails = [(1 - level) / 2, (1 + level) / 2]
    result = {}
    for name, value in true.items():
        low, high = np.quantile(getattr(found, name), tails)
        result[name] = bool(low <= value <= high)
    return result


def _coverage(effect: Planted, seeds: range, level: float) -> Counter[str]:
    """Per figure the number of seeds whose interval has the truth; refused seeds have none."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        shop, truth = planted_shop(seed, effect)
        one = _returns(shop)["planted"]
        if one.found is not None:
            true = _true_figures(shop, truth, one.levels.present)
            counts.update(name for name, hit in _covered(one.found, true, level).items() if hit)
        counts[one.reason or "shown"] += 1
    return counts


def test_planted_returns_lie_in_their_intervals() -> None:
    counts = _coverage(WANXIANG, range(10), 0.95) + _coverage(QIANCHUAN, range(10), 0.95)
    assert counts["shown"] >= 18, counts
    for name in ("caused_orders", "mean_return", "marginal_return"):
        assert counts[name] >= 16, counts


def test_spend_that_follows_demand_is_not_identifiable() -> None:
    for noise in (0.2, 0.5):
        for daily_orders in (2.5, 25):
            shop = demand_shop(1, daily_orders=daily_orders, noise=noise)
            reason = _returns(shop)["follower"].reason
            assert reason in {"follows_sales", "no_contrast"}, (noise, daily_orders, reason)


@pytest.mark.thorough
@pytest.mark.parametrize("effect", [WANXIANG, QIANCHUAN])
def test_coverage_of_80_percent_intervals(effect: Planted) -> None:
    counts = _coverage(effect, range(100), 0.8)
    for name in ("mean_return", "marginal_return"):
        assert counts[name] >= 70, counts


@pytest.mark.thorough
def test_no_figure_for_demand_followers_in_90_of_100() -> None:
    reasons = Counter(_returns(demand_shop(seed))["follower"].reason for seed in range(100))
    assert reasons[""] <= 10, reasons
