"""What the tags of customers are derived from, read from the released marts, and the figures of the whole shop."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

from shops import REPO, Shop

Row = dict[str, Any]

YEAR = timedelta(days=365)


@dataclass
class Person:
    """Everything that is known of one customer."""

    profile: Row
    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)
    risky_orders: list[Row] = field(default_factory=list)
    """Orders of other types than sales that show a risk."""

    @cached_property
    def purchase_days(self) -> list[date]:
        """The days with an order, in their order."""
        return sorted({order["ordered_on"] for order in self.orders})

    @cached_property
    def known_from(self) -> date:
        """The day of the first order, visit or registration."""
        days = [visit["session_on"] for visit in self.visits] + self.purchase_days
        if self.profile["registered_on"]:
            days.append(self.profile["registered_on"])
        return min(days, default=date(1900, 1, 1))


def rows(ask: Callable[[str], list[tuple]], columns: str, source: str) -> list[Row]:
    """Rows of a table by the names of their columns."""
    names = [name.strip() for name in columns.split(",")]
    return [dict(zip(names, row, strict=True)) for row in ask(f"select {columns} from {source}")]


def seed(name: str) -> list[dict[str, str]]:
    with (REPO / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def two_digits(amount: Decimal) -> Decimal:
    """The amount rounded to its first two digits; amounts below ten to whole units."""
    unit = Decimal(10) ** (max(amount.copy_abs(), Decimal(10)).adjusted() - 1)
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def dividers(values: Iterable[Decimal], parts: int) -> list[Decimal]:
    """The values that divide sorted values into parts of equal size: where a value's rank passes a part."""
    ranked, found = sorted(values), []
    for part in range(1, parts):
        for value in ranked:
            at_most = sum(other <= value for other in ranked)
            if parts * at_most > part * len(ranked):
                found.append(two_digits(value))
                break
    return found


class Facts:
    """The customers of a shop and what their tags compare them with."""

    def __init__(self, shop: Shop) -> None:
        profiles = rows(shop.ask, _PROFILE, "marts.customer_360 where not is_anonymous")
        self.people = {row["customer_id"]: Person(row) for row in profiles}
        for row in rows(shop.ask, _ORDER, "marts.orders where is_sale and not is_anonymous"):
            self.people[row["customer_id"]].orders.append(row)
        lines = rows(shop.ask, _LINE, "marts.order_lines where is_sale and not is_gift")
        for row in lines:
            if row["customer_id"] in self.people and row["quantity"] > 0:
                self.people[row["customer_id"]].lines.append(row)
        refunds = (
            "marts.refunds where is_success and reason is not null and refunded_on is not null"
        )
        for row in rows(shop.ask, "customer_id, refunded_on, reason", refunds):
            if row["customer_id"] in self.people:
                self.people[row["customer_id"]].refunds.append(row)
        risky = "marts.orders where not is_anonymous and order_type in ('wholesale', 'brushing')"
        for row in rows(shop.ask, "customer_id, order_type, ordered_on", risky):
            self.people[row["customer_id"]].risky_orders.append(row)
        for row in rows(shop.ask_warehouse, _VISIT, _SESSIONS):
            self.people[row["customer_id"]].visits.append(row)
        self.touches = {
            row["order_key"]: row
            for row in rows(shop.ask_warehouse, _TOUCH, "intermediate.int_marketing__order_touches")
        }
        self.festivals = {
            day
            for (day,) in shop.ask("select day_on from marts.calendar where festival is not null")
        }
        self.thresholds = {
            (row["source_system"], row["shop_id"], row["promotion_id"]): row["threshold_amount"]
            for row in rows(shop.ask_warehouse, _PROMOTION, "staging.stg_erp__promotions")
            if row["threshold_amount"]
        }
        self.products = rows(
            shop.ask, "category, list_price, list_amount, units_count", "marts.products"
        )
        [(self.as_of,)] = shop.ask_warehouse(
            "select as_of_on from intermediate.int_reference__as_of"
        )
        brands = [row["brand"] for row in lines if row["brand"]]
        self.series_shares = {
            brand: max(round(brands.count(brand) / len(brands), 2), 0.01) for brand in set(brands)
        }
        self._versions: dict[date, dict[str, list[Decimal]]] = {}

    @cached_property
    def cycle_days(self) -> int:
        """The median gap between two purchase days over all customers; 60 days below 100 gaps."""
        gaps = [
            (later - day).days
            for person in self.people.values()
            for day, later in pairwise(person.purchase_days)
        ]
        return max(-int(-median(gaps) // 1), 1) if len(gaps) >= 100 else 60

    @cached_property
    def price_dividers(self) -> dict[str, list[Decimal]]:
        """Per category, the unit prices from which a product is in the middle or high third."""
        prices = defaultdict(list)
        for row in self.products:
            price = row["list_price"]
            if price is None and row["units_count"]:
                price = row["list_amount"] / row["units_count"]
            if price and price > 0:
                prices[row["category"] or "unknown"].append(price)
        return {category: dividers(values, 3) for category, values in prices.items()}

    @cached_property
    def months(self) -> list[date]:
        """The months with sales after the first."""
        found = {
            day.replace(day=1)
            for person in self.people.values()
            for day in person.purchase_days
            if day <= self.as_of
        }
        return sorted(found)[1:]

    def cutoffs(self, measure: str, day: date) -> list[Decimal]:
        """The values that divide the buyers of the year before the month of the day into fifths."""
        month = max([month for month in self.months if month <= day], default=self.months[0])
        if month not in self._versions:
            self._versions[month] = self._measured(month)
        return self._versions[month][measure]

    def _measured(self, month: date) -> dict[str, list[Decimal]]:
        found: dict[str, list[Decimal]] = {
            "recency_days": [],
            "net_amount": [],
            "margin_amount": [],
        }
        for person in self.people.values():
            bought = [o for o in person.orders if month - YEAR <= o["ordered_on"] < month]
            if not bought:
                continue
            last = max(order["ordered_on"] for order in bought)
            found["recency_days"].append(Decimal((month - last).days))
            found["net_amount"].append(sum(order["net_amount"] for order in bought))
            margins = [order["margin_amount"] for order in bought]
            if None not in margins:
                found["margin_amount"].append(sum(margins))
        return {measure: dividers(values, 5) for measure, values in found.items()}


_PROFILE = (
    "customer_id, registered_on, gender, birth_year, city, member_level, registration_channel, identity_confidence,"
    " has_identity_conflict, has_sms_consent, has_email_consent, has_phone_consent, has_wechat_consent, has_app_push_consent"
)
_ORDER = (
    "order_key, customer_id, source_system, shop_id, platform, sales_channel, promotion_id, city, ordered_on, ordered_at,"
    " product_count, units_count, list_amount, paid_amount, refunded_amount, net_amount, margin_amount"
)
_LINE = "line_key, order_key, customer_id, category, brand, ordered_on, quantity, goods_amount, list_amount"
_VISIT = (
    "customer_id, session_on, start_hour, device_type, view_item_count, favourite_count, add_to_cart_count,"
    " is_cart_abandoned"
)
_SESSIONS = "intermediate.int_sessions__sessions where customer_id is not null"
_TOUCH = "order_key, last_touch_channel, last_touch_utm_campaign"
_PROMOTION = "source_system, shop_id, promotion_id, threshold_amount"
