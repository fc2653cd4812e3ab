"""Promotions and coupons: effects on drawn shops, each refusal, and the demo's marts against its files."""

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pytest
from promotion_lab import (
    LAST,
    LIMITS,
    Planted,
    World,
    demo_world,
    draw,
    running,
    shop_days,
)
from scipy import optimize, special
from shops import Shop

from orchestration.demo import world as demo
from orchestration.demo.calendar import calendar
from orchestration.demo.catalogue import promotion_days
from orchestration.engines.dbt_session import register_functions
from orchestration.promotions import regression
from orchestration.promotions.bunching import Zone, filled_orders
from orchestration.promotions.effects import Effect, effects
from orchestration.promotions.shop_days import Floats, Limits, near, read_days

M300 = 0.15
PLANTED = Planted(
    uplift={("tmall", "M300"): np.log(1 + M300)}, after={("tmall", "M300"): np.log(0.95)}
)
ZONE = Zone(bins=20, lowest=0.3, highest=2.5, fill_from=0.75, fill_to=1.1, least_orders=50)


@pytest.fixture(scope="module")
def world() -> World:
    return demo_world()


def found_effects(world: World, orders: dict[str, Floats], shop: str) -> dict[str, Effect]:
    days = shop_days(world, orders, shop, "douyin", "pdd")
    return {effect.promotion: effect for effect in effects(days, LIMITS)}


def covered(effects_found: Sequence[Effect], planted: float, level: int) -> int:
    """How many intervals of 80 % (level 0) or 95 % (level 1) contain the planted uplift."""
    ends = [effect.uplift.ends for effect in effects_found if effect.uplift]
    assert len(ends) == len(effects_found)
    return sum(one[2 * level] <= planted <= one[2 * level + 1] for one in ends)


def assert_aims(world: World, seeds: range, *, least: float, clear: float) -> None:
    """Shares of the draws with the planted uplift inside, without a false effect, and with KD300 refused."""
    found = defaultdict(list)
    for seed in seeds:
        orders = draw(world, PLANTED, daily_orders=90, seed=seed)
        for shop in ("tmall", "own", "jd"):
            for code, effect in found_effects(world, orders, shop).items():
                found[shop, code].append(effect)
    assert covered(found["tmall", "M300"], M300, 0) >= least * len(seeds)
    for shop in ("own", "jd"):
        assert covered(found[shop, "M300"], 0, 1) >= clear * len(seeds), shop
    for shop in ("tmall", "jd"):
        assert {effect.state for effect in found[shop, "KD300"]} == {"only_festivals"}
    assert {effect.state for effect in found["own", "VIP90"]} == {"too_few_days"}


def test_uplift_is_inside_and_festival_runs_are_refused(world: World) -> None:
    assert_aims(world, range(12), least=0.6, clear=0.8)


@pytest.mark.thorough
def test_a_hundred_draws_reach_the_aims(world: World) -> None:
    assert_aims(world, range(100), least=0.75, clear=0.9)


def test_waiting_customers_are_no_uplift(world: World) -> None:
    """A quarter of the customers waits for the days of promotions. Without control shops this looks like an effect."""
    alone = Limits(**{**LIMITS.__dict__, "needs_control": False, "draws": 20})
    rates = defaultdict(list)
    for seed in range(12):
        orders = draw(world, Planted(), daily_orders=90, seed=seed)
        for name, controls, limits in (
            ("compared", ("douyin", "pdd"), LIMITS),
            ("alone", (), alone),
        ):
            found = effects(shop_days(world, orders, "tmall", *controls), limits)
            rates[name] += [one.uplift.value for one in found if one.uplift]
    assert len(rates["compared"]) == len(rates["alone"]) == 12
    assert abs(np.mean(rates["compared"])) < 0.04, rates
    assert np.mean(rates["alone"]) > 0.12, rates


def test_orders_add_up_and_are_those_of_the_uplift(world: World) -> None:
    orders = draw(world, PLANTED, daily_orders=2000, seed=1)
    effect = found_effects(world, orders, "tmall")["M300"]
    assert effect.uplift and effect.gained and effect.before and effect.after and effect.net
    sold = orders["tmall"][world.runs["M300"]].sum()
    rate = effect.uplift.value
    assert effect.gained.value == pytest.approx(sold * (1 - 1 / (1 + rate)))
    parts = effect.gained.value + effect.before.value + effect.after.value
    assert effect.net.value == pytest.approx(parts)
    assert effect.window_days == 7
    assert effect.after.value < 0 < effect.gained.value
    low, high = effect.uplift.ends[:2]
    assert effect.uplift.ends[2] < low < rate < high < effect.uplift.ends[3]


def test_same_days_give_the_same_figures(world: World) -> None:
    orders = draw(world, PLANTED, daily_orders=60, seed=3)
    once, again = (found_effects(world, orders, "own") for _ in range(2))
    assert once == again
    days = shop_days(world, orders, "own", "douyin", "pdd")
    turned = np.random.default_rng(1).permutation(len(days.numbers))
    listed = running(world, "own")
    shuffled = read_days(
        days.numbers[turned], days.orders[turned], days.control[turned],
        [world.phases[place] for place in turned], [listed[place] for place in turned],
    )  # fmt: skip
    assert {one.promotion: one for one in effects(shuffled, LIMITS)} == once


@pytest.mark.parametrize("has_control", [True, False])
def test_coefficients_equal_the_greatest_likelihood(has_control: bool) -> None:
    random = np.random.default_rng(5)
    design = np.column_stack([np.ones(200), random.normal(size=200), random.random(200) < 0.3])
    trials = random.poisson(40, 200).astype(float) if has_control else None
    share = special.expit(design @ [-0.4, 0.2, 0.3])
    orders = (
        random.binomial(trials.astype(int), share) if trials is not None else random.poisson(share * 30)
    ).astype(float)  # fmt: skip

    def loss(chosen: Floats) -> float:
        linear = design @ chosen
        if trials is None:
            return float((np.exp(linear) - orders * linear).sum())
        return float((trials * np.logaddexp(0, linear) - orders * linear).sum())

    found = regression.fit(regression.Data(design, orders, trials))
    assert found == pytest.approx(optimize.minimize(loss, np.zeros(3), tol=1e-10).x, abs=1e-3)


def test_draws_of_all_days_once_are_the_estimate() -> None:
    random = np.random.default_rng(6)
    design = np.column_stack([np.ones(84), random.random(84) < 0.4])
    data = regression.Data(
        design, random.poisson(9, 84).astype(float), random.poisson(30, 84) + 20.0
    )
    estimate = regression.fit(data)
    assert regression.draws(data, np.ones((2, 84)), estimate) == pytest.approx(
        np.tile(estimate, (2, 1)), abs=1e-3
    )


def test_blocks_are_consecutive_days_around_the_circle() -> None:
    weights = regression.block_weights(60, np.ones(60, dtype=bool), block_days=28, count=50)
    assert weights.sum(axis=1).tolist() == [60] * 50
    changes = np.abs(np.diff(weights, axis=1, append=weights[:, :1])) > 0
    assert changes.sum(axis=1).max() <= 6  # three blocks have six edges


def test_windows_are_days_near_a_run() -> None:
    numbers = np.arange(20)
    runs = np.isin(numbers, [8, 9, 15])
    for is_before, expected in ((True, {6, 7, 8, 13, 14}), (False, {9, 10, 11, 16, 17})):
        found = near(runs, numbers, 2, is_before=is_before)
        assert set(numbers[found].tolist()) == expected
    assert not near(np.zeros(20, dtype=bool), numbers, 2, is_before=True).any()


def _state(
    runs: Floats,
    *,
    orders: float = 20,
    control: float = 20,
    phases: Sequence[str] | None = None,
    others: Sequence[str] | None = None,
) -> str:
    """The state of a promotion on days without festivals, unless `phases` name them, beside `others`."""
    random = np.random.default_rng(2)
    count = len(runs)
    codes = ["P" if one else "" for one in runs]
    found = effects(
        read_days(
            np.arange(20_000, 20_000 + count),
            random.poisson(orders, count),
            random.poisson(control, count),
            phases or [""] * count,
            [f"{one};{other}" for one, other in zip(codes, others or codes, strict=True)],
        ),
        LIMITS,
    )
    return {effect.promotion: effect.state for effect in found}["P"]


def test_each_reason_refuses_an_effect() -> None:
    days = np.arange(360)
    monthly = days % 60 < 7
    festival = ["sale" if runs else "" for runs in monthly]
    assert _state(monthly) == "ok"
    assert _state(days >= 5) == "always_on"
    assert _state(monthly, phases=festival) == "only_festivals"
    assert _state(days % 60 < 1) == "too_few_days"
    assert _state(days % 180 < 20) == "too_few_runs"
    assert _state(days % 40 >= 3, phases=["x" if day % 40 < 2 else "" for day in days]) == (
        "too_few_other_days"
    )
    assert _state(monthly, others=["Q" if runs else "" for runs in monthly]) == "coincides"
    assert _state(monthly, orders=0.5) == "too_few_orders"
    assert _state(monthly, control=0) == "no_control"
    assert _state(days % 7 < 4) == "coincides"
    assert _state(np.random.default_rng(4).random(360) < 0.5) == "no_quiet_days"


def test_a_gap_of_the_export_is_no_day_without_orders() -> None:
    random = np.random.default_rng(9)
    days = np.arange(360)
    orders, control = random.poisson(20, 360), random.poisson(20, 360)
    runs = ["P" if day % 60 < 7 else "" for day in days]
    orders[70:110] = 0
    [found] = effects(read_days(days, orders, control, [""] * 360, runs), LIMITS)
    assert found.uplift is not None
    assert found.uplift.ends[2] < 0 < found.uplift.ends[3]
    assert found.run_days == sum(code == "P" for code in runs[:70] + runs[110:])


def test_sql_function_gives_the_figures_of_the_estimates(world: World) -> None:
    orders = draw(world, PLANTED, daily_orders=90, seed=0)
    days = shop_days(world, orders, "tmall", "douyin", "pdd")
    limits = Limits(**{**LIMITS.__dict__, "draws": 50})
    with duckdb.connect() as con:
        register_functions(con)
        [(text,)] = con.execute(
            "select promotion_effects(14, 10, 3, 50, 7, 28, 50, 0.95, 0.1, 0.1, true, ?, ?, ?, ?, ?)",
            [
                days.numbers.tolist(), days.orders.astype(int).tolist(), days.control.astype(int).tolist(),
                world.phases, running(world, "tmall"),
            ],
        ).fetchall()  # fmt: skip
    lines = {line.split("|")[0]: line.split("|") for line in text.split("\n")}
    found = {effect.promotion: effect for effect in effects(days, limits)}
    assert lines["KD300"][1] == "only_festivals" and set(lines["KD300"][4:]) == {""}
    uplift = found["M300"].uplift
    assert uplift is not None
    assert [float(cell) for cell in lines["M300"][4:9]] == pytest.approx(
        [uplift.value, *uplift.ends], abs=6e-5
    )


def _filled_of_world(seed: int, folder: Path) -> list[tuple[int, float, float, float]]:
    """Of a drawn demo shop: orders that were truly filled up, the estimate, and the ends of its interval of 95 %."""
    con = demo.connect(seed, folder)
    demo.prepare(con, 5000, LAST, 3)
    for step in demo.STEPS[: demo.STEPS.index("3_money") + 1]:
        demo.run(con, step)
    rows = con.execute(
        """with running as (
            select day, bool_or(code = 'M300') as m300, bool_or(code = 'KD300') as kd300
            from promotion_days group by day
        ),
        sales as (
            select orders.platform, orders.promotion_id, filler_no is not null as is_filled,
                (orders.list_amount * 20 // 30000)::int as bin,
                coalesce(m300, false) as m300, coalesce(kd300, false) as kd300
            from orders inner join promoted using (order_no) left join running using (day)
            where is_sale and orders.platform in ('tmall', 'own', 'jd')
        )
        select platform, code, bin,
            count(*) filter (where if(code = 'M300', m300, kd300)),
            count(*) filter (where not m300 and not kd300),
            count(*) filter (where is_filled and promotion_id = code)
        from sales cross join (values ('M300'), ('KD300')) as codes (code)
        where platform <> 'own' or code = 'M300' group by all order by all"""
    ).fetchall()
    found = []
    for key in {row[:2] for row in rows}:
        own = np.array([row[2:] for row in rows if row[:2] == key], dtype=float)
        estimate = filled_orders(own[:, 0].astype(np.int64), own[:, 1], own[:, 2], ZONE)
        assert estimate is not None
        found.append((int(own[:, 3].sum()), estimate.value, *estimate.ends[2:]))
    return found


def test_filled_up_orders_are_those_of_the_drawn_shops() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = [row for seed in range(3) for row in _filled_of_world(seed, Path(folder))]
    assert len(found) == 15
    inside = sum(low <= truth <= high for truth, _, low, high in found)
    assert inside >= 13, found
    truths, estimates = (sum(row[place] for row in found) for place in (0, 1))
    assert estimates == pytest.approx(truths, rel=0.2)


def test_popular_prices_alone_are_no_filled_up_orders() -> None:
    """Twice as many baskets just above the threshold on all days."""
    numbers = np.arange(60)
    shape = np.exp(-numbers / 15) * np.where((numbers >= 20) & (numbers < 22), 2, 1)
    random = np.random.default_rng(8)
    counts, others = random.poisson(400 * shape), random.poisson(300 * shape)
    found = filled_orders(numbers, counts.astype(float), others.astype(float), ZONE)
    assert found is not None
    assert found.ends[2] < 0 < found.ends[3]
    assert filled_orders(numbers, counts * 0.0, others.astype(float), ZONE) is None


def _demo_rows(shop: Shop, *columns: str) -> dict[tuple[str, str], tuple]:
    return {
        row[:2]: row[2:]
        for row in shop.ask(
            f"select shop_id, promotion_id, {', '.join(columns)} from marts.promotion_results"
        )
    }


def test_days_of_the_demo_are_those_of_its_calendar(demo_shop: Shop) -> None:
    [(last,)] = demo_shop.ask("select data_until_on from meta.shop")
    days = [(row.day, row.festival) for row in calendar(last)]
    planned = Counter(
        code for code, day in promotion_days(days) if (last - day).days < 548
    )  # fmt: skip
    found = _demo_rows(demo_shop, "run_days", "evidence", "state")
    for key, (run_days, evidence, _) in found.items():
        assert evidence == "periods"
        if key[1] in planned:
            assert run_days == planned[key[1]], key
    states = {key: state for key, (_, _, state) in found.items()}
    assert states["tmall_flagship", "KD300"] == states["jd_flagship", "KD300"] == "only_festivals"
    assert states["douyin_store", "LIVE85"] == states["pdd_store", "BYBT"] == "always_on"
    assert states["tmall_flagship", "M300"] == states["own_store", "M300"] == "ok"


def test_only_states_with_an_effect_show_one(demo_shop: Shop) -> None:
    for state, uplift, advice, advice_zh in demo_shop.ask(
        "select state, uplift_rate, advice_en, advice_zh from marts.promotion_results"
    ):
        assert (uplift is not None) == (state == "ok")
        assert (advice is None) == (advice_zh is None)
        assert (advice is None) == (state in ("ok", "not_run", "too_few_orders"))


def test_discounts_and_participants_equal_the_orders(demo_shop: Shop) -> None:
    expected: dict = defaultdict(lambda: [0, Decimal(0), Decimal(0), Decimal(0)])
    [(last,)] = demo_shop.ask("select data_until_on from meta.shop")
    for shop, code, merchant, platform, net, day in demo_shop.ask(
        "select shop_id, promotion_id, merchant_discount_amount, platform_discount_amount, net_amount, ordered_on"
        " from marts.orders where is_sale and promotion_id is not null"
    ):
        if (last - day).days < 548:
            row = expected[shop, code]
            row[0] += 1
            for place, amount in enumerate((merchant, platform, net), start=1):
                row[place] += amount
    found = _demo_rows(
        demo_shop, "participant_count", "merchant_discount_amount", "platform_discount_amount", "net_amount"
    )  # fmt: skip
    assert {key: list(row) for key, row in found.items() if row[0]} == dict(expected)


def test_filled_up_orders_of_the_demo_match_its_truth(demo_shop: Shop) -> None:
    truth = {
        row[:2]: row[2]
        for row in demo_shop.ask(
            f"from read_parquet('{demo_shop.home}/private/truth/filled_orders.parquet')"
        )
    }
    found = _demo_rows(demo_shop, "filled_orders", "filled_orders_high_80")
    shown = [key for key in truth if found[key][0] is not None]
    assert len(shown) >= 3
    errors = [(found[key][1] - found[key][0]) / 1.2816 for key in shown]
    difference = sum(found[key][0] - truth[key] for key in shown)
    assert abs(difference) < 3 * np.sqrt(np.square(errors).sum()), (found, truth)


def test_coupons_equal_a_count_of_the_files(demo_shop: Shop) -> None:
    batches = {row["券批次编号"]: row for row in _rows(demo_shop, "优惠券批次")}
    used = defaultdict(list)
    for row in _rows(demo_shop, "优惠券核销_*"):
        used[row["券批次编号"]].append(row)
    found = demo_shop.ask(
        "select coupon_id, issued_count, redeemed_count, redemption_rate, discount_amount, merchant_discount_amount,"
        " median_use_days, state, valid_to_on from marts.coupon_results"
    )
    [(last,)] = demo_shop.ask("select data_until_on from meta.shop")
    assert {row[0] for row in found} == set(batches)
    for code, issued, redeemed, rate, discount, merchant, days, state, ends_on in found:
        mine = used[code]
        assert (issued, redeemed) == (int(batches[code]["发放数量"]), len(mine))
        assert rate == pytest.approx(redeemed / issued)
        assert discount == merchant == sum(Decimal(row["优惠金额"]) for row in mine)
        assert days == median((_day(row["核销时间"]) - _day(row["领取时间"])).days for row in mine)
        assert state == ("running" if ends_on >= last else "ok")


def test_coupon_discounts_are_part_of_the_promotion(demo_shop: Shop) -> None:
    """The demo's coupons are one promotion, so both marts have the same money."""
    [(coupons,)] = demo_shop.ask("select sum(discount_amount) from marts.coupon_results")
    [(orders,)] = demo_shop.ask(
        "select sum(merchant_discount_amount) from marts.orders where promotion_id = 'C199' and is_paid"
    )
    assert coupons == orders


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _rows(shop: Shop, name: str) -> list[dict[str, str]]:
    found = []
    for file in sorted((shop.home / "inbox" / "erp").glob(f"{name}.csv")):
        with file.open(encoding="gb18030") as handle:
            found += csv.DictReader(handle)
    return found
