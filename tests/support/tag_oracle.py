"""The value of each customer tag on one day, by the words of its rule: a day at a time, from all facts of the customer."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from tag_facts import Facts, Person, Row, seed

Rule = Callable[[Facts, Person, date], str]
TAGS: dict[str, Rule] = {}
"""The rules by the code of their tag."""

_TIERS = {row["city"]: row["tier"] for row in seed("city_tiers")}
HOURS = [
    (int(row["from_hour"]), int(row["to_hour"]), row["hour_group"]) for row in seed("hour_groups")
]
TYPES = {
    (row["is_recent"], row["is_frequent"], row["is_valuable"]): row["rfm_type"]
    for row in seed("rfm_types")
}


def tag(rule: Rule) -> Rule:
    TAGS[rule.__name__] = rule
    return rule


def within(rows: list[Row], column: str, day: date, days: int, age: int = 0) -> list[Row]:
    """The rows of the last days up to the day that are at least so old."""
    return [row for row in rows if age <= (day - row[column]).days < days]


def year(person: Person, day: date) -> list[Row]:
    return within(person.orders, "ordered_on", day, 365)


def top(weights: Iterable[tuple[str | None, float | Decimal]], share: float) -> str:
    """The item with at least the share of the weight, `mixed` if none has it, `none` without an item."""
    sums: Counter[str] = Counter()
    for item, weight in weights:
        if item is not None:
            sums[item] += weight
    if not sums:
        return "none"
    item = min(sums, key=lambda name: (-sums[name], name))
    return item if sums[item] >= Decimal(str(share)) * sum(sums.values()) else "mixed"


def first_order(person: Person, day: date) -> Row | None:
    """The first order of the customer, from its day on."""
    first = min(person.orders, key=lambda o: (o["ordered_at"], o["order_key"]), default=None)
    return first if first and first["ordered_on"] <= day else None


@tag
def first_platform(facts: Facts, person: Person, day: date) -> str:
    order = first_order(person, day)
    return order["platform"] if order else "none"


@tag
def first_offer(facts: Facts, person: Person, day: date) -> str:
    order = first_order(person, day)
    return order["promotion_id"] or "full_price" if order else "none"


@tag
def first_category(facts: Facts, person: Person, day: date) -> str:
    order = first_order(person, day)
    lines = [
        line
        for line in person.lines
        if order and line["order_key"] == order["order_key"] and line["category"]
    ]
    lines.sort(key=lambda line: (-line["goods_amount"], line["line_key"]))
    return lines[0]["category"] if lines else "none"


@tag
def first_channel(facts: Facts, person: Person, day: date) -> str:
    order = first_order(person, day)
    if order:
        touch = facts.touches.get(order["order_key"], {}).get("last_touch_channel")
        found = touch if touch and touch != "unknown" else order["sales_channel"]
        if found:
            return found
    return person.profile["registration_channel"] or "unknown"


@tag
def first_campaign(facts: Facts, person: Person, day: date) -> str:
    order = first_order(person, day)
    touch = facts.touches.get(order["order_key"], {}) if order else {}
    return touch.get("last_touch_utm_campaign") or "unknown"


@tag
def province_tier(facts: Facts, person: Person, day: date) -> str:
    past = [order for order in person.orders if order["ordered_on"] <= day and order["city"]]
    past.sort(key=lambda order: (order["ordered_at"], order["order_key"]))
    city = past[-1]["city"] if past else person.profile["city"]
    return _TIERS.get(city, "other") if city else "unknown"


@tag
def reachable(facts: Facts, person: Person, day: date) -> str:
    channels = ("sms", "email", "phone", "wechat", "app_push")
    return ";".join(c for c in channels if person.profile[f"has_{c}_consent"]) or "none"


@tag
def birth_band(facts: Facts, person: Person, day: date) -> str:
    born = person.profile["birth_year"]
    return f"{born // 10 * 10}s" if born else "unknown"


def _stated(code: str, column: str, default: str) -> None:
    TAGS[code] = lambda facts, person, day: person.profile[column] or default


_stated("member_level", "member_level", "none")
_stated("gender_declared", "gender", "unknown")
_stated("identity_confidence", "identity_confidence", "none")


@tag
def aipl(facts: Facts, person: Person, day: date) -> str:
    days = [(day - bought).days for bought in person.purchase_days]
    joined = person.profile["registered_on"]
    visits = within(person.visits, "session_on", day, 15)
    if sum(0 <= age < 540 for age in days) >= 2:
        return "loyal"
    if any(0 <= age < 900 for age in days):
        return "purchased"
    if joined and 0 <= (day - joined).days < 15:
        return "interested"
    if any(visit["favourite_count"] + visit["add_to_cart_count"] > 0 for visit in visits):
        return "interested"
    return "aware" if visits else "none"


def cycle(facts: Facts, person: Person, day: date) -> tuple[int, bool]:
    """Days of the purchase cycle as known on the day, and whether it is the customer's own."""
    past = [bought for bought in person.purchase_days if bought <= day]
    if len(past) < 3:
        return facts.cycle_days, False
    gaps = [(later - earlier).days for earlier, later in pairwise(past)]
    return max(-int(-median(gaps) // 1), 1), True


def last_purchase(person: Person, day: date) -> date | None:
    return max((bought for bought in person.purchase_days if bought <= day), default=None)


@tag
def lifecycle(facts: Facts, person: Person, day: date) -> str:
    last = last_purchase(person, day)
    if last is None:
        return "prospect"
    if (day - person.purchase_days[0]).days < 30:
        return "new"
    cycles = Decimal((day - last).days) / cycle(facts, person, day)[0]
    stages = ((5, "lost"), (3, "dormant"), (Decimal("1.5"), "at_risk"))
    return next((stage for after, stage in stages if cycles >= after), "active")


@tag
def next_due(facts: Facts, person: Person, day: date) -> str:
    days, is_own = cycle(facts, person, day)
    last = last_purchase(person, day)
    return (last + timedelta(days=days)).isoformat()[:7] if last and is_own else "none"


@tag
def due_flag(facts: Facts, person: Person, day: date) -> str:
    days, is_own = cycle(facts, person, day)
    last = last_purchase(person, day)
    if last is None or not is_own:
        return "none"
    passed = (day - last).days
    if passed >= 2 * days:
        return "overdue"
    return "due" if passed >= max(days * 8 // 10, 1) else "not_due"
