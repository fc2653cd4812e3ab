"""Sets, rules, pairs and candidates of baskets equal plain Python: on the demo shop, real baskets and drawn ones."""

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import basket_oracle as oracle
import pytest
from basket_lab import AS_OF, Basket, BasketLab, rule_of
from basket_oracle import Policy
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shops import Shop, real_data

from orchestration.demo import catalogue, world

ONE_PERCENT = Policy(
    least_rate=Fraction(1, 100), least_count=1, least_confidence=Fraction(1, 2), popular=100
)


@pytest.fixture(scope="module")
def lab(demo_shop: Shop) -> BasketLab:
    return BasketLab(demo_shop)


@pytest.fixture(scope="module")
def names(demo_shop: Shop) -> dict[str, str]:
    """Product key → id and name, which identify the product in all shops."""
    products = demo_shop.ask("select product_key, product_id, product_name from marts.products")
    return {key: f"{product_id}|{name}" for key, product_id, name in products}


@pytest.fixture(scope="module")
def demo_baskets(demo_shop: Shop, names: dict[str, str]) -> list[Basket]:
    """What the customers of the demo shop chose in 365 days, from the mart of order lines."""
    [(as_of,)] = demo_shop.ask("select data_until_on from meta.shop")
    chosen = defaultdict(set)
    for order, product, customer, shop, day in demo_shop.ask(
        """select order_key, product_key, if(is_anonymous, null, customer_id), shop_id, ordered_on
           from marts.order_lines
           where is_sale and not is_gift and line_kind = 'goods' and quantity > 0"""
    ):
        if as_of - timedelta(days=365) < day <= as_of:
            chosen[order, customer, shop, day].add(names[product])
    return [
        Basket(frozenset(products), customer, day, shop)
        for (_, customer, shop, day), products in chosen.items()
    ]


@pytest.fixture(scope="module")
def demo_rules(demo_baskets: list[Basket]) -> dict[tuple[frozenset[str], str], oracle.Rule]:
    return oracle.rules(oracle.frequent(demo_baskets, Policy()), len(demo_baskets), Policy())


def _rows(shop: Shop, mart: str) -> list[dict[str, Any]]:
    columns = [name for (name,) in shop.ask(f"select column_name from (describe marts.{mart})")]
    return [dict(zip(columns, row, strict=True)) for row in shop.ask(f"from marts.{mart}")]


def _assert_figures(row: dict[str, Any], rule: oracle.Rule, policy: Policy) -> None:
    assert (
        row["basket_count"], row["antecedent_basket_count"], row["consequent_basket_count"],
        row["all_basket_count"],
    ) == (rule.together, rule.antecedent, rule.consequent, rule.total), row  # fmt: skip
    expected = {
        "support_rate": rule.together / rule.total,
        "confidence_rate": rule.together / rule.antecedent,
        "lift": rule.lift,
        "conviction": rule.conviction,
    }
    low, high = oracle.wilson(rule.together, rule.antecedent, policy.interval_z)
    expected |= {"confidence_low_rate": low, "confidence_high_rate": high}
    assert {name: row[name] for name in expected} == pytest.approx(expected, abs=1e-9), row
    ends = rule.lift_ends(policy.interval_z)
    assert (row["lift_low"], row["lift_high"]) == pytest.approx(ends, abs=1e-6), row
    assert row["conviction_gap"] == ("confidence is 1" if rule.conviction is None else None)
    assert row["conviction_gap_zh"] == ("置信度为 1" if rule.conviction is None else None)


def test_rules_of_the_demo_shop_equal_plain_python(
    demo_shop: Shop, names: dict[str, str], demo_rules: dict
) -> None:
    rows = {}
    for row in _rows(demo_shop, "basket_rules"):
        keys = [row[f"antecedent_{n}_key"] for n in (1, 2, 3)]
        antecedents = frozenset(names[key] for key in keys if key)
        assert row["antecedent_size"] == len(antecedents) and row["shop_id"] == "all"
        rows[antecedents, names[row["consequent_key"]]] = row
    assert set(rows) == set(demo_rules) and len(rows) > 10
    for key, row in rows.items():
        _assert_figures(row, demo_rules[key], Policy())


def test_planted_sets_of_the_demo_shop_are_rules(demo_shop: Shop) -> None:
    truth = demo_shop.home / "private" / "truth" / "itemsets.parquet"
    planted = {
        frozenset(products)
        for (products,) in demo_shop.ask(f"select product_ids from '{truth}' where kind = 'set'")
    }
    found = {
        frozenset(filter(None, row))
        for row in demo_shop.ask(
            """select a.product_id, b.product_id, c.product_id, d.product_id
            from marts.basket_rules
            left join marts.products as a on a.product_key = antecedent_1_key
            left join marts.products as b on b.product_key = antecedent_2_key
            left join marts.products as c on c.product_key = antecedent_3_key
            left join marts.products as d on d.product_key = consequent_key
            where lift_low > 5"""
        )
    }
    assert len(planted) == 7 and planted <= found, planted - found


def test_the_repelling_pair_of_the_demo_is_found(lab: BasketLab, tmp_path: Path) -> None:
    with world.connect(360, tmp_path) as con:
        world.prepare(con, 20_000, AS_OF, 3)
        for step in world.STEPS[: world.STEPS.index("3_money") + 1]:
            world.run(con, step)
        rows = con.execute(
            "select day, list(distinct product_no::varchar) from lines"
            " inner join orders using (order_no) where is_sale and not is_gift group by order_no, day"
        ).fetchall()
    lab.build([Basket(frozenset(products), None, day) for day, products in rows])
    certain = {pair for pair, is_certain in _repelling(lab).items() if is_certain}
    assert frozenset(map(str, catalogue.REPELLING)) in certain


def test_most_rules_of_the_demo_shop_are_planted(demo_rules: dict) -> None:
    """The demo plants that a basket holds the product with the next number, and sets of products."""
    sets = [{f"SC{1000 + number}" for number in numbers} for numbers in catalogue.PLANTED_SETS]
    steps = Counter(
        abs(int(consequent[2:6]) - int(next(iter(antecedents))[2:6]))
        for (antecedents, consequent), rule in demo_rules.items()
        if len(antecedents) == 1
        and rule.lift_ends(1.96)[0] > 1
        and not any({consequent[:6], next(iter(antecedents))[:6]} <= products for products in sets)
    )
    assert steps[1] + steps[143] >= 0.9 * steps.total() > 10, steps


def test_pairs_by_month_and_segment_equal_plain_python(
    demo_shop: Shop, names: dict[str, str], demo_baskets: list[Basket]
) -> None:
    periods = defaultdict(list)
    for customer, *period in demo_shop.ask(
        "select customer_id, segment_code, entered_on, left_on from marts.segment_members"
    ):
        periods[customer].append(period)
    kept = oracle.frequent(demo_baskets, Policy(most_size=2))
    totals: Counter[tuple] = Counter()
    singles: Counter[tuple] = Counter()
    pairs: Counter[tuple] = Counter()
    for basket in demo_baskets:
        before = basket.on - timedelta(days=1)
        member = {
            code
            for code, entered, left in periods[basket.customer]
            if entered <= before and (left is None or before < left)
        }
        for slice_ in ((basket.on.replace(day=1), code) for code in ("all", *member)):
            totals[slice_] += 1
            singles.update((slice_, product) for product in basket.products)
            for pair in map(frozenset, combinations(basket.products, 2)):
                if pair in kept:
                    pairs[slice_, pair] += 1
    found = {}
    for row in _rows(demo_shop, "basket_pairs"):
        slice_ = (row["month_on"], row["segment_code"])
        one, other = names[row["product_1_key"]], names[row["product_2_key"]]
        found[slice_, frozenset((one, other))] = row["basket_count"]
        counts = (
            singles[slice_, one], singles[slice_, other], totals[slice_]
        )  # fmt: skip
        stated = [row[f"{name}_basket_count"] for name in ("product_1", "product_2", "all")]
        assert tuple(stated) == counts
        ends = oracle.lift_ends(row["basket_count"], *counts, 1.96)
        assert (row["lift_low"], row["lift_high"]) == pytest.approx(ends, abs=1e-6)
    assert found == dict(pairs)
    assert len({code for (_, code), _ in found}) > 2


def test_candidates_of_the_demo_shop_equal_plain_python(
    demo_shop: Shop, demo_baskets: list[Basket], demo_rules: dict
) -> None:
    found = defaultdict(list)
    for row in sorted(_rows(demo_shop, "cross_sell_candidates"), key=lambda r: r["candidate_rank"]):
        found[row["customer_id"]].append((row["confidence_low_rate"], row["lift"]))
    expected = oracle.candidates(demo_baskets, demo_rules, Policy())
    assert set(found) == set(expected) and len(found) > 20
    for customer, offers in found.items():
        assert [figure for offer in offers for figure in offer] == pytest.approx(
            [figure for offer in expected[customer] for figure in offer]
        )


@pytest.fixture(scope="module")
def groceries() -> list[Basket]:
    """9,835 baskets of a month of a grocery."""
    text = (real_data("baskets") / "groceries.csv").read_text(encoding="utf-8")
    return [Basket(frozenset(line.split(","))) for line in text.splitlines() if line.strip()]


def test_groceries_have_15_rules_with_lift_up_to_3(lab: BasketLab, groceries: list[Basket]) -> None:
    assert len(groceries) == 9_835
    lab.build(groceries, least_rate=0.01, least_count=1, least_confidence=0.5)
    sets = oracle.frequent(groceries, ONE_PERCENT)
    assert lab.itemsets() == sets
    assert min(sets.values()) >= 99 and Counter(map(len, sets)) == {1: 88, 2: 213, 3: 32}
    rows = {rule_of(row): row for row in lab.rows("basket_rules")}
    expected = oracle.rules(sets, len(groceries), ONE_PERCENT)
    assert set(rows) == set(expected) and len(rows) == 15
    assert max(row["lift"] for row in rows.values()) == pytest.approx(3.03, abs=0.005)
    for key, row in rows.items():
        _assert_figures(row, expected[key], ONE_PERCENT)
    assert _repelling(lab) == oracle.repelling(groceries, ONE_PERCENT)


def test_groceries_have_known_numbers_of_sets_at_10_baskets(
    lab: BasketLab, groceries: list[Basket]
) -> None:
    lab.build(groceries, marts=False, least_rate=0, least_count=10, least_confidence=1)
    sizes = Counter(map(len, lab.itemsets()))
    assert (sizes[2], sizes[3], sizes[4]) == (2_981, 6_831, 3_137)


def _repelling(lab: BasketLab) -> dict[frozenset[str], bool]:
    return {
        frozenset((row["product_1_name"], row["product_2_name"])): row["is_certain"]
        for row in lab.rows("repelling_pairs")
    }


_baskets = st.lists(
    st.builds(
        Basket,
        st.frozensets(st.sampled_from("abcdef"), min_size=1),
        st.sampled_from([None, "c1", "c2", "c3"]),
        st.sampled_from([0, 30, 364, 365]).map(lambda days: AS_OF - timedelta(days=days)),
        st.sampled_from(["s", "t"]),
    ),
    max_size=40,
)
_policies = st.builds(
    Policy,
    least_rate=st.sampled_from([Fraction(0), Fraction(7, 100), Fraction(1, 10), Fraction(1, 2)]),
    least_count=st.integers(1, 4),
    least_confidence=st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(7, 10), Fraction(1)]),
    most_size=st.integers(2, 4),
    candidates=st.integers(1, 3),
    popular=st.integers(2, 6),
)


@settings(
    max_examples=80,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(baskets=_baskets, policy=_policies, is_by_shop=st.booleans())
def test_drawn_baskets_equal_plain_python(
    lab: BasketLab, baskets: list[Basket], policy: Policy, is_by_shop: bool
) -> None:
    lab.build(
        baskets,
        is_by_shop=is_by_shop,
        least_rate=float(policy.least_rate),
        least_count=policy.least_count,
        least_confidence=float(policy.least_confidence),
        most_size=policy.most_size,
        candidates_per_customer=policy.candidates,
        repelling_products=policy.popular,
    )
    recent = [basket for basket in baskets if basket.on > AS_OF - timedelta(days=365)]
    compared = {"all": recent}
    if is_by_shop:
        compared = {name: [b for b in recent if b.shop == name] for name in ("s", "t")}
    rows = {(row["shop_id"], *rule_of(row)): row for row in lab.rows("basket_rules")}
    expected = {
        (shop, *key): rule
        for shop, mine in compared.items()
        for key, rule in oracle.rules(oracle.frequent(mine, policy), len(mine), policy).items()
    }
    assert set(rows) == set(expected)
    for key, row in rows.items():
        _assert_figures(row, expected[key], policy)
    for shop, mine in compared.items():
        # Of equally frequent products, the smaller key is the more frequent one in both.
        stated = {
            frozenset((row["product_1_name"], row["product_2_name"])): row["is_certain"]
            for row in lab.rows("repelling_pairs")
            if row["shop_id"] == shop
        }
        assert stated == oracle.repelling(mine, policy)
    if not is_by_shop:
        rules = {key[1:]: rule for key, rule in expected.items()}
        offers = oracle.candidates(recent, rules, policy)
        counts = Counter(row["customer_id"] for row in lab.rows("cross_sell_candidates"))
        assert counts == {customer: len(mine) for customer, mine in offers.items()}


_PRODUCTS = [f"p{number:02}" for number in range(40)]
_TRIPLE, _QUADRUPLE = frozenset(("p20", "p21", "p22")), frozenset(("p30", "p31", "p32", "p33"))
_RIVALS = frozenset(("p00", "p01"))


def _drawn(seed: int) -> list[Basket]:
    """4,000 baskets with a triple and a quadruple in 60 baskets each; the two best sellers replace each other."""
    draw = random.Random(seed)
    weights = [12 if number < 5 else 2 for number in range(40)]
    baskets = []
    for number in range(4_000):
        products = set(draw.choices(_PRODUCTS, weights, k=draw.choice([1, 2, 2, 3, 4, 5])))
        if number < 120:
            products |= _TRIPLE if number < 60 else _QUADRUPLE
        if products >= _RIVALS:
            products.remove(draw.choice(sorted(_RIVALS)))
        day = AS_OF - timedelta(days=draw.randrange(365))
        baskets.append(Basket(frozenset(products), None, day, draw.choice("st")))
    return baskets


@pytest.mark.parametrize("seed", range(3))
def test_planted_sets_and_a_repelling_pair_are_found(lab: BasketLab, seed: int) -> None:
    lab.build(_drawn(seed), least_count=50)
    sets = lab.itemsets()
    large = {products for products in sets if len(products) > 2}
    planted = {_TRIPLE, _QUADRUPLE, *map(frozenset, combinations(_QUADRUPLE, 3))}
    assert large == planted
    best = sorted(lab.rows("basket_rules"), key=lambda row: -row["lift_low"])
    assert all({*rule_of(row)[0], row["consequent_name"]} <= _QUADRUPLE for row in best[:4])
    assert {pair for pair, is_certain in _repelling(lab).items() if is_certain} == {_RIVALS}


def test_products_of_two_shops_do_not_repel(lab: BasketLab) -> None:
    draw = random.Random(1)
    baskets = [
        Basket(frozenset(draw.sample(own, 2)), None, AS_OF - timedelta(days=number % 300), shop)
        for shop, own in (("s", "abcdefgh"), ("t", "ijklmnop"))
        for number in range(1_000)
    ]
    lab.build(baskets)
    assert _repelling(lab) == {}


def test_products_of_other_months_do_not_repel(lab: BasketLab) -> None:
    draw = random.Random(1)
    baskets = [
        Basket(frozenset(draw.sample(own, 2)), None, first + timedelta(days=number % 28))
        for first, own in ((date(2026, 1, 1), "abcdefgh"), (date(2026, 5, 1), "ijklmnop"))
        for number in range(1_000)
    ]
    lab.build(baskets)
    assert _repelling(lab) == {}


def test_a_shop_without_sales_has_empty_marts(lab: BasketLab) -> None:
    lab.build([])
    marts = ("basket_rules", "basket_pairs", "cross_sell_candidates", "repelling_pairs")
    assert {mart: lab.rows(mart) for mart in marts} == {mart: [] for mart in marts}
