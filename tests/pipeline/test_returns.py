"""Returns of advertising: the fit on drawn shops whose effect is known, and the marts of the demo."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from returns_lab import Drawn, Planted, demand_shop, planted_shop
from returns_marts import MARGIN, NET, ReturnsMarts
from shops import Shop

from orchestration.returns.budget import Share, split
from orchestration.returns.effects import Effect
from orchestration.returns.response import Curves
from orchestration.returns.rules import Rules
from orchestration.returns.shop_returns import PlatformReturn, shop_returns

ORDER_MARGIN = 110.0
DOCS = Path(__file__).parents[2] / "docs" / "returns.md"
NEARLY = 3
"""Counts of 100 shops may differ by this number between machines, whose sums are rounded differently."""
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


def _coverage(effect: Planted, seeds: range, level: float, **drawn: float) -> Counter[str]:
    """Per figure the number of seeds whose interval has the truth; refused seeds have none."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        shop, truth = planted_shop(seed, effect, **drawn)
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


def _documented(start: str) -> list[int]:
    """The counts in the row of docs/returns.md that starts with a text."""
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    [row] = [line for line in lines if line.startswith(f"| {start} |")]
    return [
        int(number) for number in re.findall(r"(?<![.\d])\d+(?![.\d]| %)", row.split("|", 2)[2])
    ]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("row", "effect", "drawn"),
    [
        ("decay .5, exponent 1.5", WANXIANG, {}),
        ("decay .3, exponent 1", QIANCHUAN, {}),
        ("decay .5, exponent 1.5, 2.5 orders a day", WANXIANG, {"daily_orders": 2.5}),
        (
            "decay .5, exponent 1.5, demand of a week varies by 15 %",
            WANXIANG,
            {"week_spread": 0.15},
        ),
        ("decay .3, exponent 1, demand of a week varies by 15 %", QIANCHUAN, {"week_spread": 0.15}),
    ],
)
def test_coverage_of_intervals_is_as_documented(
    row: str, effect: Planted, drawn: dict[str, float]
) -> None:
    counts = _coverage(effect, range(100), 0.8, **drawn)
    found = [counts[name] for name in ("shown", "mean_return", "marginal_return")]
    assert min(found) >= 70, counts
    assert found == pytest.approx(_documented(row), abs=NEARLY), counts


@pytest.mark.thorough
def test_demand_followers_have_a_figure_in_10_of_100_at_most() -> None:
    reasons = Counter(_returns(demand_shop(seed))["follower"].reason for seed in range(100))
    steady = Counter(_returns(demand_shop(seed))["steady"].reason for seed in range(100))
    assert reasons[""] <= 10, reasons
    [refused, _] = _documented("spend is a share of the sales of the day, no effect")
    assert 100 - reasons[""] == pytest.approx(refused, abs=NEARLY), reasons
    [refused] = _documented("random levels without pauses, an effect of 12 %")
    assert 100 - steady[""] == pytest.approx(refused, abs=NEARLY), steady


def _no_effect(seeds: range) -> Counter[str]:
    """Marginal returns of a platform without effect: refused, or whether their 80 % interval contains 0."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        shop, _ = planted_shop(seed, Planted(height=0.0))
        one = _returns(shop)["planted"]
        if one.found is None:
            counts[one.reason] += 1
        else:
            hit = _covered(one.found, {"marginal_return": 0.0}, 0.8)["marginal_return"]
            counts["holds 0" if hit else "claims an effect"] += 1
    return counts


def test_a_platform_without_effect_claims_none() -> None:
    counts = _no_effect(range(10))
    assert counts["claims an effect"] <= 2, counts


@pytest.mark.thorough
def test_few_platforms_without_effect_claim_one() -> None:
    counts = _no_effect(range(100))
    assert counts["claims an effect"] <= 20, counts
    refused, held, shown, _ = _documented("random levels with pauses, no effect")
    found = [100 - counts["holds 0"] - counts["claims an effect"], counts["holds 0"]]
    assert found == pytest.approx([refused, held], abs=NEARLY), counts
    assert refused + shown == 100


def _budget(seed: int) -> tuple[float, float, float, float] | None:
    """Expected change of margin of a proposal with its 80 % interval, and the true change; None if none is proposed."""
    shares, truths = [], []
    for place, planted in enumerate((WANXIANG, QIANCHUAN)):
        shop, truth = planted_shop(2 * seed + place, planted)
        one = _returns(shop)["planted"]
        if one.found is None:
            return None
        curves, now = one.found.curves, one.levels
        heights = curves.height * one.found.orders_without
        shares.append(
            Share(replace(curves, height=heights), ORDER_MARGIN, now.present, now.low, now.high)
        )
        truths.append((truth, float(shop.base.mean())))
    found = split(shares, Rules())
    change = np.sum(
        [
            ORDER_MARGIN * (s.orders(x) - s.orders(s.present))[0]
            for s, x in zip(shares, found, strict=True)
        ],
        axis=0,
    )
    true = sum(
        ORDER_MARGIN * base * float((curve.lift(x) - curve.lift(s.present))[0])
        for s, x, (curve, base) in zip(shares, found, truths, strict=True)
    )
    low, middle, high = np.quantile(change, [0.1, 0.5, 0.9])
    return (float(middle), float(low), float(high), true) if low > 0 else None


@pytest.mark.thorough
def test_proposed_budgets_gain_as_documented() -> None:
    proposed = [found for seed in range(100) if (found := _budget(seed)) is not None]
    gained = sum(true > 0 for *_, true in proposed)
    held = sum(low <= true <= high for _, low, high, true in proposed)
    changed, _, documented, covered = _documented("budgets of two platforms with an effect")
    assert [len(proposed), gained, held] == pytest.approx(
        [changed, documented, covered], abs=NEARLY
    )
    assert gained >= 0.9 * len(proposed)


def _changed(shop: Drawn, **spends: np.ndarray) -> PlatformReturn:
    """The planted platform of the shop with other spends."""
    return _returns(replace(shop, spends={**shop.spends, **spends}))["planted"]


def test_spend_without_a_contrast_is_not_identifiable() -> None:
    shop, _ = planted_shop(4, WANXIANG)
    spend = shop.spends["planted"]
    random = np.random.default_rng(2)
    days = len(spend)
    weekly = shop.base[: days // 7 * 7].reshape(-1, 7).mean(axis=1).repeat(7)
    calendar = np.append(weekly, np.full(days - len(weekly), weekly[-1]))
    cases = {
        "follows_calendar": (100 + 30 * (shop.days % 7 == 2)) * random.uniform(0.98, 1.02, days),
        "no_contrast": calendar * random.uniform(0.7, 1.3, days),
        "no_spend": np.zeros(days),
        "too_short": np.where(np.arange(days) < days - 100, 0, spend),
        "not_running": np.where(np.arange(days) > days - 60, 0, spend),
    }
    for reason, other in cases.items():
        assert _changed(shop, planted=other).reason == reason
    twin = spend * random.uniform(0.9, 1.1, days)
    assert _changed(shop, twin=twin).reason == "moves_together"


def test_spend_that_answers_last_weeks_sales_is_refused() -> None:
    shop, _ = planted_shop(4, Planted(height=0.0))
    # Demand of a week rises and falls by chance; the next week spends a share of its sales.
    random = np.random.default_rng(8)
    weeks = len(shop.days) // 7 + 1
    demand = np.exp(random.normal(0, 0.4, weeks)).repeat(7)[: len(shop.days)]
    orders = random.poisson(shop.base * demand).astype(float)
    sales = orders * 180
    earlier = np.array([sales[max(7 * w - 7, 0) : max(7 * w, 7)].mean() for w in range(weeks)])
    spend = (
        0.05
        * earlier.repeat(7)[: len(sales)]
        * random.uniform(0.8, 1.2, weeks).repeat(7)[: len(sales)]
    )
    changed = replace(shop, orders=orders, sales=sales)
    assert _changed(changed, planted=spend).reason in {"responds_to_sales", "follows_sales"}


def test_unknown_spend_is_a_gap() -> None:
    shop, _ = planted_shop(4, WANXIANG)
    spend = shop.spends["planted"].copy()
    spend[100:150] = -1
    assert _changed(shop, planted=spend).reason == "spend_gap"
    spend = shop.spends["planted"].copy()
    spend[100:103] = -1
    found = _changed(shop, planted=spend)
    assert found.reason == "", found.reason
    assert (~found.platform.known).sum() == 3


@pytest.fixture(scope="module")
def marts(demo_shop: Shop) -> ReturnsMarts:
    """Marts of three drawn shops; the spend of `demand` follows its sales."""
    tmall, _ = planted_shop(1, WANXIANG)
    douyin, _ = planted_shop(2, QIANCHUAN)
    return ReturnsMarts(demo_shop, {"tmall": tmall, "douyin": douyin, "demand": demand_shop(3)})


def test_marts_have_the_figures_of_the_fit(marts: ReturnsMarts) -> None:
    row = marts.rows("channel_returns")["tmall planted"]
    shop, _ = planted_shop(1, WANXIANG)
    rounded = {name: np.round(spend, 4) for name, spend in shop.spends.items()}
    [one] = shop_returns(
        replace(shop, spends=rounded, sales=shop.orders * NET).series(), MARGIN, Rules()
    )
    assert row["state"] == "ok" and one.found is not None
    for column, draws, value in (
        ("caused_orders", one.found.caused_orders, 1.0),
        ("mean_return", one.found.mean_return, NET),
        ("marginal_margin_return", one.found.marginal_return, MARGIN),
    ):
        for end, share in (("", 0.5), ("_low_80", 0.1), ("_high_80", 0.9), ("_low_95", 0.025)):
            wanted = float(np.quantile(draws, share)) * value
            assert abs(row[column + end] - wanted) < 1e-4 * max(wanted, 1), (column, end)
    assert float(row["caused_net_amount"]) == pytest.approx(row["caused_orders"] * NET, rel=1e-6)


def test_a_refused_platform_has_no_figure_in_the_marts(marts: ReturnsMarts) -> None:
    row = marts.rows("channel_returns")["demand follower"]
    assert (row["state"], row["reason"]) == ("not_identifiable", "follows_sales")
    figures = {name for name, value in row.items() if "return" in name or "caused" in name if value}
    assert not figures, figures
    assert row["experiment_en"].startswith("Pause the platform in "), row["experiment_en"]
    assert marts.con.execute(
        "select distinct shop_id from marts.return_curves order by all"
    ).fetchall() == [("douyin",), ("tmall",)]


def test_proposed_budgets_keep_total_and_observed_range(marts: ReturnsMarts) -> None:
    proposals, returns = marts.rows("budget_proposals"), marts.rows("channel_returns")
    assert sum(row["proposed_spend_amount"] for row in proposals.values()) == pytest.approx(
        sum(row["present_spend_amount"] for row in proposals.values())
    )
    changed = [name for name, row in proposals.items() if row["state"] == "change"]
    assert sorted(changed) == ["douyin planted", "tmall planted"]
    for name in changed:
        spend = proposals[name]["proposed_spend_amount"]
        assert returns[name]["low_spend_amount"] <= spend <= returns[name]["high_spend_amount"]
        assert proposals[name]["total_value_change_low_80"] > 0
    kept = proposals["demand follower"]
    assert (kept["state"], kept["order_change"]) == ("keep", None)
    assert kept["proposed_spend_amount"] == kept["present_spend_amount"]
    assert "Spend follows sales" in kept["reason_en"]
    assert {row["goal_budget_left_amount"] for row in proposals.values()} == {600}


def test_curves_stay_inside_the_observed_range(marts: ReturnsMarts) -> None:
    found = marts.con.execute(
        """select count(*), count(*) filter (
                where curves.spend_amount between returns.low_spend_amount and returns.high_spend_amount
                    and curves.caused_orders_low_80 <= curves.caused_orders
                    and curves.caused_orders <= curves.caused_orders_high_80
            )
        from marts.return_curves as curves
        inner join marts.channel_returns as returns using (shop_id, ad_platform)"""
    ).fetchone()
    assert found == (18, 18)


def test_every_platform_of_the_demo_has_a_figure_or_a_reason(demo_shop: Shop) -> None:
    rows = demo_shop.ask(
        """select ad_platform, state, reason_en, reason_zh, marginal_return, caused_orders, experiment_en
        from marts.channel_returns order by ad_platform"""
    )
    assert [row[0] for row in rows] == ["google", "juguang", "qianchuan", "wanxiang"]
    for platform, state, *reasons, marginal, caused, experiment in rows:
        assert all(reasons), platform
        known = (marginal is not None, caused is not None, experiment is None)
        assert known == ((state == "ok",) * 3), (platform, state)
    # Its spend is a share of the sales of the day.
    assert rows[0][1] == "not_identifiable"
