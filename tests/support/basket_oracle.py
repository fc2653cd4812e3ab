"""Frequent sets, rules, repelling pairs and candidates in plain Python, by their definitions."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations

from basket_lab import Basket

Set = frozenset[str]


@dataclass(frozen=True)
class Policy:
    """What the seed says; rates are exact fractions."""

    least_rate: Fraction = Fraction(1, 1000)
    least_count: int = 10
    least_confidence: Fraction = Fraction(1, 10)
    most_size: int = 4
    interval_z: float = 1.96
    certain_z: float = 3.9
    candidates: int = 5
    popular: int = 100


@dataclass(frozen=True)
class Rule:
    """Counts of a rule: all of its products, antecedents, consequent, all baskets."""

    together: int
    antecedent: int
    consequent: int
    total: int

    @property
    def lift(self) -> float:
        """Observed baskets per expected basket."""
        return float(Fraction(self.together * self.total, self.antecedent * self.consequent))

    @property
    def conviction(self) -> float | None:
        """None where the rule always holds."""
        missed = 1 - Fraction(self.together, self.antecedent)
        return float((1 - Fraction(self.consequent, self.total)) / missed) if missed else None

    def lift_ends(self, z: float) -> tuple[float, float]:
        """The delta method, cell by cell of the table of two sides."""
        return lift_ends(self.together, self.antecedent, self.consequent, self.total, z)


def lift_ends(
    together: float, one: float, other: float, total: float, z: float
) -> tuple[float, float]:
    """Gradient of the logarithm of the lift in each of the four cells, and its variance."""
    p, p1, p2 = together / total, one / total, other / total
    cells = [(p, 1 / p - 1 / p1 - 1 / p2), (p1 - p, -1 / p1), (p2 - p, -1 / p2)]
    mean = sum(share * slope for share, slope in cells)
    variance = (sum(share * slope**2 for share, slope in cells) - mean**2) / total
    factor = math.exp(z * math.sqrt(max(variance, 0)))
    return p / (p1 * p2) / factor, p / (p1 * p2) * factor


def wilson(hits: int, trials: int, z: float) -> tuple[float, float]:
    """The shares whose distance to the observed share is z of their own standard errors, by bisection."""
    seen = hits / trials

    def end(inside: float, outside: float) -> float:
        for _ in range(80):
            middle = (inside + outside) / 2
            if abs(seen - middle) <= z * math.sqrt(middle * (1 - middle) / trials):
                inside = middle
            else:
                outside = middle
        return inside

    return end(seen, 0.0), end(seen, 1.0)


def frequent(baskets: Collection[Basket], policy: Policy) -> dict[Set, int]:
    """Every set of products with the minimum support."""

    def is_enough(count: int) -> bool:
        return count >= policy.least_count and Fraction(count, len(baskets)) >= policy.least_rate

    singles = Counter(product for basket in baskets for product in basket.products)
    kept = {product for product, count in singles.items() if is_enough(count)}
    counts: Counter[Set] = Counter()
    for basket in baskets:
        chosen = sorted(basket.products & kept)
        for size in range(1, policy.most_size + 1):
            counts.update(map(frozenset, combinations(chosen, size)))
    return {products: count for products, count in counts.items() if is_enough(count)}


def rules(sets: Mapping[Set, int], total: int, policy: Policy) -> dict[tuple[Set, str], Rule]:
    """Each frequent set divided into one product and the others."""
    found = {}
    for products, together in sets.items():
        for consequent in products:
            others = products - {consequent}
            if others and Fraction(together, sets[others]) >= policy.least_confidence:
                one = frozenset({consequent})
                found[others, consequent] = Rule(together, sets[others], sets[one], total)
    return found


def candidates(
    baskets: Iterable[Basket], found: Mapping[tuple[Set, str], Rule], policy: Policy
) -> dict[str, list[tuple[float, float]]]:
    """Lower end of the confidence and lift of what is offered to each customer, best first."""
    bought: dict[str, set[str]] = defaultdict(set)
    for basket in baskets:
        if basket.customer:
            bought[basket.customer] |= basket.products
    usable = {
        (antecedents, consequent): (
            wilson(rule.together, rule.antecedent, policy.interval_z)[0],
            rule.lift,
        )
        for (antecedents, consequent), rule in found.items()
        if rule.lift_ends(policy.interval_z)[0] > 1
    }
    offers = {}
    for customer, mine in bought.items():
        best: dict[str, tuple[float, float]] = {}
        for (antecedents, consequent), figures in usable.items():
            if antecedents <= mine and consequent not in mine:
                best[consequent] = max(best.get(consequent, (0.0, 0.0)), figures)
        if best:
            offers[customer] = sorted(best.values(), reverse=True)[: policy.candidates]
    return offers


def repelling(baskets: Collection[Basket], policy: Policy) -> dict[Set, bool]:
    """Repelling pairs of the most frequent products, and whether they are certain."""
    singles = Counter(product for basket in baskets for product in basket.products)
    popular = sorted(singles, key=lambda name: (-singles[name], name))[: policy.popular]
    pairs: Counter[Set] = Counter()
    places: Counter[tuple[str, date]] = Counter()
    companions: Counter[tuple[str, str, date]] = Counter()
    for basket in baskets:
        month, size = basket.on.replace(day=1), len(basket.products)
        pairs.update(map(frozenset, combinations(sorted(basket.products), 2)))
        places[basket.shop, month] += size * (size - 1)
        for product in basket.products:
            companions[product, basket.shop, month] += size - 1
    found = {}
    for one, other in combinations(popular, 2):
        expected = sum(
            companions[one, shop, month] * companions[other, shop, month] / count
            for (shop, month), count in places.items()
            if count
        )
        seen = pairs[frozenset({one, other})]

        upper = lift_ends(
            seen + 0.5, singles[one], singles[other], len(baskets), policy.interval_z
        )[1]
        if upper < 1 and is_fewer(seen, expected, policy.interval_z):
            found[frozenset({one, other})] = is_fewer(seen, expected, policy.certain_z)
    return found


def is_fewer(seen: int, expected: float, z: float) -> bool:
    """Whether a Poisson count lies more than z of its standard errors below its expectation."""
    return expected - seen > z * math.sqrt(expected)
