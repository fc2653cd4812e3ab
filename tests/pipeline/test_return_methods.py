"""The parts of the returns of advertising, each against an independent computation."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from returns_lab import Planted, planted_shop, weekly_levels
from scipy import optimize

from orchestration.returns.budget import Share, split
from orchestration.returns.likelihood import project, starting_means
from orchestration.returns.lines import read_draws, return_lines
from orchestration.returns.pauses import pause_plan, weekly_variance
from orchestration.returns.response import Curves, adstock
from orchestration.returns.rules import Rules, read_rules
from orchestration.returns.search import LIFTS, Search
from orchestration.returns.shop_returns import shop_returns
from orchestration.returns.sql_functions import ad_returns

SHOP, _ = planted_shop(7, Planted())


def _curve(*values: float) -> Curves:
    return Curves(*(np.array([value]) for value in values))


def test_adstock_adds_the_rest_of_earlier_days() -> None:
    found = adstock(np.array([100.0, 0, 0, 50]), 0.5)
    assert found.tolist() == [100, 50, 25, 62.5]


def test_slope_is_the_difference_of_nearby_lifts() -> None:
    curve = _curve(0.4, 120, 1.7, 0.8)
    for spend in (5.0, 80.0, 400.0):
        step = 1e-4
        wanted = (curve.lift(spend + step) - curve.lift(spend - step))[0] / (2 * step)
        assert abs(curve.slope(spend)[0] - wanted) < 1e-7, spend


def test_baseline_is_the_most_likely_one() -> None:
    """Penalised Poisson likelihood, maximised by scipy."""
    base = SHOP.series().base
    means = starting_means(SHOP.orders, base, np.ones(len(SHOP.orders)))

    def loss(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        logs = base.columns @ coefficients
        shrunk = base.precision * coefficients
        value = float((np.exp(logs) - SHOP.orders * logs).sum() + coefficients @ shrunk / 2)
        return value, base.columns.T @ (np.exp(logs) - SHOP.orders) + shrunk

    found = optimize.minimize(
        loss, np.zeros(base.columns.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-5}
    )
    assert np.allclose(means, np.exp(base.columns @ found.x), rtol=1e-3)


def test_best_cell_of_the_grid_is_that_of_least_squares() -> None:
    base = SHOP.series().base
    spend = SHOP.spends["planted"]
    random = np.random.default_rng(3)
    projection = project(base, random.uniform(5, 30, len(spend)))
    values = random.normal(0, 0.2, len(spend)) + 0.3 * (spend > 0)
    search = Search(spend, projection)
    target = projection.residual((values * projection.root)[None])
    found = search.best(target)

    def loss(curves: Curves) -> float:
        factors = np.log(np.maximum(1 + curves.daily(spend)[0], 0.05))
        weighted = np.zeros(len(projection.rows))
        weighted[: len(spend)] = (values - factors) * projection.root
        rest = np.linalg.lstsq(projection.rows, weighted, rcond=None)[1]
        return float(rest[0])

    best = loss(found)
    for place in random.integers(0, len(search.shapes.decay), 15):
        one = search.shapes.take(slice(int(place), int(place) + 1))
        for lift in LIFTS[::3]:
            other = Curves(one.decay, one.half, one.exponent, one.height * lift)
            assert loss(other) >= best - 1e-8, (place, lift)


def test_split_of_a_budget_is_the_best_of_all_splits() -> None:
    curves = [_curve(0.5, 200, 1.5, 12), _curve(0.2, 90, 1, 9), _curve(0, 300, 2, 20)]
    presents = [100.0, 60.0, 140.0]
    shares = [
        Share(c, value, now, 0.75 * now, 1.2 * now)
        for c, value, now in zip(curves, (50.0, 80.0, 40.0), presents, strict=True)
    ]
    rules = Rules(most_change_rate=0.3)
    found = split(shares, rules)
    assert abs(found.sum() - 300) < 1e-9

    def value(spends: tuple[float, ...]) -> float:
        return sum(
            s.order_value * float(s.orders(x).mean()) for s, x in zip(shares, spends, strict=True)
        )

    # The step is 1/200 of the total.
    grids = [
        [now + 1.5 * k for k in range(-60, 61) if 0.75 * now <= now + 1.5 * k <= 1.2 * now]
        for now in presents
    ]
    best = max(
        value((a, b, 300 - a - b)) for a, b in product(*grids[:2]) if 105 <= 300 - a - b <= 168
    )
    assert abs(value(tuple(found)) - best) < 1e-9, (found, best)
    assert value(tuple(found)) > value(tuple(presents))


def test_one_platform_keeps_its_budget() -> None:
    share = Share(_curve(0.5, 200, 1.5, 12), 50, 100, 50, 150)
    assert split([share], Rules()).tolist() == [100]


def test_pause_plan_has_its_power() -> None:
    """Weeks with Poisson orders and a platform that just pays for itself, found by a two-sided test of 5 %."""
    rules = Rules(assumed_decay=1e-9)
    plan = pause_plan(1 / (7 * 20), 20.0, 200.0, 100.0, rules)
    assert plan is not None
    pauses, weeks = plan
    random = np.random.default_rng(5)
    on = random.poisson(7 * 20.0, (4_000, weeks - pauses))
    off = random.poisson(7 * 18.0, (4_000, pauses))
    error = np.sqrt(on.mean(axis=1) / (weeks - pauses) + off.mean(axis=1) / pauses)
    power = ((on.mean(axis=1) - off.mean(axis=1)) / error > 1.96).mean()
    assert 0.76 <= power <= 0.86, (power, plan)


def test_a_small_effect_has_no_experiment() -> None:
    variance = weekly_variance(SHOP.series())
    assert pause_plan(variance, 25, 10, 110, Rules()) is None
    assert pause_plan(variance, 25, 300, 0, Rules()) is None


def test_lines_do_not_depend_on_the_order_of_the_lists() -> None:
    spend = SHOP.spends["planted"]
    order = np.random.default_rng(1).permutation(len(spend))

    def lines(days: np.ndarray, cells: np.ndarray) -> str:
        column = [
            ["least_days=180;most_interval_width=2"],
            [110.0],
            [SHOP.days[days].tolist()],
            [SHOP.orders[days].astype(int).tolist()],
            [SHOP.sales[days].tolist()],
            [[SHOP.festivals[day] for day in days]],
            [SHOP.days[cells].tolist()],
            [["planted"] * len(spend)],
            [spend[cells].tolist()],
        ]
        return ad_returns(*(pa.array(values) for values in column))[0].as_py()

    same = np.arange(len(spend))
    assert lines(same, same) == lines(order, order[::-1])


def test_draws_survive_their_text() -> None:
    [found] = shop_returns(SHOP.series(), 110, Rules())
    assert found.found is not None
    [text] = [line.split("|")[3] for line in return_lines(found, Rules()) if "|draws|" in line]
    drawn = read_draws(text)
    wanted = found.found.orders_without * found.found.curves.lift(80.0)
    assert np.allclose(drawn.lift(80.0), wanted, rtol=1e-6)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("days", [1, 2, 6, 8, 20, 57, 190])
def test_odd_histories_have_a_state_and_no_broken_number(days: int) -> None:
    """Short windows, shops without orders, platforms without spend, unknown spend, spend of a million."""
    random = np.random.default_rng(days)
    for _ in range(8):
        orders = random.poisson(random.choice([0, 0.05, 30, 2_000]), days)
        levels = random.lognormal(0, 1, (2, days // 7 + 1)) * (
            random.random((2, days // 7 + 1)) > 0.3
        )
        spend = random.choice([0, 1e-3, 1e6], (2, 1)) * levels.repeat(7, axis=1)[:, :days]
        spend[random.random(spend.shape) < random.choice([0, 0.1])] = -1
        numbers = list(range(20_000, 20_000 + days))
        column = [
            [f"least_days={random.choice([1, 180])}"],
            [float(random.choice([0, 100]))],
            [numbers],
            [orders.tolist()],
            [(orders * 100.0).tolist()],
            [["fair:-1" if day % 9 == 0 else "" for day in numbers]],
            [numbers * 2],
            [["a"] * days + ["b"] * days],
            [spend.ravel().tolist()],
        ]
        text = ad_returns(*(pa.array(values) for values in column))[0].as_py()
        states = [line.split("|")[3] for line in text.split("\n") if "|state|" in line]
        assert len(states) == 2 and all(states), text
        assert "nan" not in text and "inf" not in text, text


def test_rules_keep_whole_numbers_whole() -> None:
    rules = read_rules("least_days=90.0;power=0.9")
    assert (rules.least_days, rules.power, rules.seed) == (90, 0.9, 1)


def test_weekly_levels_pause_in_whole_weeks() -> None:
    spend = weekly_levels(np.random.default_rng(0))
    changes = np.flatnonzero(np.diff(spend))
    assert (np.diff(changes) % 7 == 0).all()
