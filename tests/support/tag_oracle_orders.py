"""The rules of tags that sum up the orders, lines and refunds of a window of days."""

from collections import Counter
from datetime import date
from decimal import Decimal

from tag_facts import Facts, Person
from tag_oracle import TYPES, tag, top, within, year


def fifth(facts: Facts, measure: str, amount: Decimal, day: date) -> int:
    return 1 + sum(amount >= cutoff for cutoff in facts.cutoffs(measure, day))


def _tier(number: int) -> str:
    return ("low", "middle", "middle", "high", "top")[number - 1]


@tag
def net_amount_365(facts: Facts, person: Person, day: date) -> str:
    return str(sum((order["net_amount"] for order in year(person, day)), Decimal(0)))


@tag
def order_count_365(facts: Facts, person: Person, day: date) -> str:
    return str(len(year(person, day)))


@tag
def rfm_f(facts: Facts, person: Person, day: date) -> str:
    count = len({order["ordered_on"] for order in year(person, day)})
    return str((0, 1, 2, 3, 4, 4, 5)[min(count, 6)]) if count else "none"


@tag
def rfm_m(facts: Facts, person: Person, day: date) -> str:
    orders = year(person, day)
    net = sum(order["net_amount"] for order in orders)
    return str(fifth(facts, "net_amount", net, day)) if orders else "none"


@tag
def spend_tier(facts: Facts, person: Person, day: date) -> str:
    score = rfm_m(facts, person, day)
    return score if score == "none" else _tier(int(score))


@tag
def margin_tier(facts: Facts, person: Person, day: date) -> str:
    margins = [order["margin_amount"] for order in year(person, day)]
    if not margins:
        return "none"
    if None in margins:
        return "unknown"
    return _tier(fifth(facts, "margin_amount", sum(margins), day))


@tag
def rfm_r(facts: Facts, person: Person, day: date) -> str:
    ages = [(day - order["ordered_on"]).days for order in year(person, day)]
    return str(6 - fifth(facts, "recency_days", min(ages), day)) if ages else "none"


@tag
def rfm_type(facts: Facts, person: Person, day: date) -> str:
    scores = [rule(facts, person, day) for rule in (rfm_r, rfm_f, rfm_m)]
    if "none" in scores:
        return "none"
    high = [int(score) >= least for score, least in zip(scores, (4, 3, 4), strict=True)]
    return TYPES[tuple(str(flag).lower() for flag in high)]


@tag
def ltv_observed(facts: Facts, person: Person, day: date) -> str:
    if not person.orders:
        return "none"
    first = person.purchase_days[0]
    passed = [days for days in (90, 180, 365) if (day - first).days >= days]
    if not passed:
        return "none"
    early = [o["net_amount"] for o in person.orders if (o["ordered_on"] - first).days < passed[-1]]
    return _tier(fifth(facts, "net_amount", sum(early), day))


@tag
def top_category(facts: Facts, person: Person, day: date) -> str:
    lines = within(person.lines, "ordered_on", day, 365)
    return top(((line["category"] or "unknown", line["goods_amount"]) for line in lines), 0.5)


@tag
def price_band(facts: Facts, person: Person, day: date) -> str:
    bands = []
    for line in within(person.lines, "ordered_on", day, 365):
        limits = facts.price_dividers.get(line["category"] or "unknown")
        if limits:
            price = line["list_amount"] / line["quantity"]
            band = ("low", "middle", "high")[sum(price >= limit for limit in limits)]
            bands.append((band, line["quantity"]))
    return top(bands, 0.5)


@tag
def series_affinity(facts: Facts, person: Person, day: date) -> str:
    counts = Counter(
        line["brand"] for line in within(person.lines, "ordered_on", day, 365) if line["brand"]
    )
    if not counts:
        return "none"
    brand = min(counts, key=lambda name: (-counts[name], name))
    expected = 1.5 * facts.series_shares[brand] * sum(counts.values())
    return brand if counts[brand] >= 3 and counts[brand] >= expected else "none"


@tag
def basket_type(facts: Facts, person: Person, day: date) -> str:
    orders = year(person, day)
    if not orders:
        return "none"
    if 2 * sum((order["product_count"] or 0) > 1 for order in orders) > len(orders):
        return "bundle"
    is_multi = 2 * sum((order["units_count"] or 0) > 1 for order in orders) > len(orders)
    return "multi" if is_multi else "single"


@tag
def deal_sensitivity(facts: Facts, person: Person, day: date) -> str:
    promoted = [order["promotion_id"] is not None for order in year(person, day)]
    if not promoted:
        return "none"
    return "high" if 2 * sum(promoted) >= len(promoted) else "some" if any(promoted) else "low"


@tag
def rounder(facts: Facts, person: Person, day: date) -> str:
    orders, filled = year(person, day), 0
    for order in orders:
        key = (order["source_system"], order["shop_id"], order["promotion_id"])
        least = facts.thresholds.get(key)
        filled += bool(least and least <= order["list_amount"] < least * Decimal("1.1"))
    return ("seldom", "once", "often")[min(filled, 2)] if orders else "none"


@tag
def festival_only(facts: Facts, person: Person, day: date) -> str:
    days = [order["ordered_on"] in facts.festivals for order in year(person, day)]
    return "none" if len(days) < 2 else "yes" if all(days) else "no"


@tag
def refund_tier(facts: Facts, person: Person, day: date) -> str:
    orders = within(person.orders, "ordered_on", day, 365, age=30)
    if not orders:
        return "none"
    paid = sum(order["paid_amount"] for order in orders)
    refunded = sum(order["refunded_amount"] or 0 for order in orders)
    if refunded >= Decimal("0.4") * paid:
        return "high"
    return "middle" if refunded >= Decimal("0.1") * paid else "low"


@tag
def aftersale_reason(facts: Facts, person: Person, day: date) -> str:
    refunds = within(person.refunds, "refunded_on", day, 365)
    return top(((refund["reason"], 1) for refund in refunds), 0)


@tag
def content_mode(facts: Facts, person: Person, day: date) -> str:
    return top(((order["sales_channel"], 1) for order in year(person, day)), 0.5)


@tag
def multi_platform(facts: Facts, person: Person, day: date) -> str:
    count = len({order["platform"] for order in year(person, day)})
    return ("none", "one", "several")[min(count, 2)]


@tag
def risk(facts: Facts, person: Person, day: date) -> str:
    risky = {order["order_type"] for order in person.risky_orders if order["ordered_on"] <= day}
    units = sum(order["units_count"] or 0 for order in year(person, day))
    if "wholesale" in risky or units >= 100:
        return "reseller"
    if "brushing" in risky:
        return "brushing"
    return "identity_conflict" if person.profile["has_identity_conflict"] else "none"
