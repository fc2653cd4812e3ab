"""Every KPI of money of random shops by its definition, for every period and slice: numerator, denominator, slack.

The slack is what cents may move between the lines of an order whose header says more than they do; for money of
orders it is nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from random_world import RandomShop
from shop_goods import add_goods
from shop_measures import add_customers, add_refunds, add_sales, add_spend
from shop_rates import ZERO
from shop_truth import Key, Truth


@dataclass
class Figure:
    """What a KPI is made of; without a denominator it is a sum. `gap`: why it is unknown."""

    numerator: Decimal
    denominator: Decimal | None = None
    slack: Decimal = ZERO
    gap: bool = False


def _ratio(above: str, below: str, slack: str = "") -> Callable[[Truth, Key], Figure]:
    return lambda t, k: Figure(t.of(above, k), t.of(below, k), t.of(slack, k) if slack else ZERO)


def _net(truth: Truth, key: Key) -> Decimal:
    return truth.of("goods", key) - truth.of("goods_refunded", key)


def _ads(above: str, below: str | None = None) -> Callable[[Truth, Key], Figure]:
    return lambda t, k: Figure(t.of(above, k), t.of(below, k) if below else None, gap=k in t.gaps)


KPIS: dict[str, Callable[[Truth, Key], Figure]] = {
    "gmv_pay": lambda t, k: Figure(t.of("paid", k)),
    "net_sales": lambda t, k: Figure(_net(t, k)),
    "gmv_placed": lambda t, k: Figure(t.of("placed", k)),
    "orders": lambda t, k: Figure(t.of("orders", k)),
    "buyers": lambda t, k: Figure(t.of("buyers", k)),
    "new_customers": lambda t, k: Figure(t.of("new_customers", k)),
    "aov_buyer": _ratio("identified_paid", "buyers"),
    "aov_order": _ratio("paid", "orders"),
    "upt": _ratio("units", "orders"),
    "price_per_unit": _ratio("goods", "units", "goods_slack"),
    "discount_rate": _ratio("merchant", "listed"),
    "hv_goods_share": lambda t, k: Figure(
        t.of("dear", k), t.of("goods", k), t.of("dear_slack", k) + t.of("goods_slack", k)
    ),
    "refund_rate": _ratio("refunded", "paid"),
    "refund_rate_order_date": _ratio("refunded_later", "paid"),
    "refund_rate_cohort": _ratio("matured_refunded", "matured_paid"),
    "gross_margin_rate": _ratio("margin", "costed", "margin_slack"),
    "contribution_margin_rate": _ratio("contribution", "contributing", "contribution_slack"),
    "ad_spend": _ads("spend"),
    "cpc": _ads("spend", "clicks"),
    "cpm": _ads("spend", "impressions"),
    "roas_reported": _ads("claimed", "spend"),
    "mer": lambda t, k: Figure(_net(t, k), t.of("spend", k), gap=k in t.gaps),
    "ad_cost_ratio": lambda t, k: Figure(t.of("spend", k), _net(t, k), gap=k in t.gaps),
    "cac_blended": _ads("spend", "new_customers"),
    "ltv_90": _ratio("cohort_net", "cohort"),
    "ltv_90_contribution": _ratio("cohort_worth", "contributors", "cohort_worth_slack"),
    "ltv_cac": _ratio("cohort_worth", "matured_spend", "cohort_worth_slack"),
}


def truth_of(shops: list[RandomShop], needs: dict[str, str]) -> Truth:
    """All that is true of shops; `needs` is what each KPI needs."""
    truth = Truth(shops, {code: needs[code] for code in KPIS})
    for add in (add_sales, add_refunds, add_customers, add_goods, add_spend):
        add(truth)
    return truth


def figure(truth: Truth, code: str, key: Key) -> Figure:
    """A KPI in a period and slice; all shops are those that it covers."""
    scope = truth.coverage.scope_of[code] if key[2] == "all" else key[2]
    return KPIS[code](truth, (key[0], key[1], scope, key[3], key[4]))


def keys(truth: Truth, code: str) -> set[Key]:
    """Periods and slices in which the shops of a KPI have anything."""
    scope = truth.coverage.scope_of[code]
    shops = truth.coverage.covered[code]
    kept = {key for key in truth.keys if key[2] == scope or key[2] in shops}
    return {(k[0], k[1], "all" if k[2] == scope else k[2], k[3], k[4]) for k in kept}
