"""All orders of random shops in the shop's currency, and sums of them per period and slice."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from random_world import RandomShop, Spend
from shop_coverage import Coverage
from shop_money import CreditNote, Part, Settled
from shop_rates import ZERO, day
from shop_settle import credit_notes, settle_shop

Slice = tuple[str, str, str]
"""Scope, dimension and its value; a scope is a shop, all shops, or those that have all that a KPI needs."""
Key = tuple[str, date, str, str, str]
"""Period, its first day, and the slice."""


def periods(on: date) -> Iterator[tuple[str, date]]:
    """The day, week and month of a day."""
    yield "day", on
    yield "week", on - timedelta(days=on.weekday())
    yield "month", on.replace(day=1)


class Truth:
    """What is true of some shops: their orders, and measures that other modules add up."""

    def __init__(self, shops: list[RandomShop], needs: dict[str, str]) -> None:
        self.shops = shops
        self.orders = [order for shop in shops for order in settle_shop(shop)]
        self.coverage = Coverage(shops, self.orders, needs)
        self.notes: list[tuple[RandomShop, CreditNote]] = [
            (s, n) for s in shops for n in credit_notes(s)
        ]
        self.sums: dict[str, dict[Key, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self.people: dict[str, dict[Key, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.gaps: set[Key] = set()
        self.lost_spend: list[tuple[RandomShop, Spend]] = []

    @cached_property
    def last_day(self) -> date:
        """The last day on which anything happened; days of another century do not count."""
        days = [on for order in self.orders for on in (order.ordered_on, order.paid_on)]
        days += [back.on for order in self.orders for back in order.refunds]
        days += [
            day(r.refunded_at) or date.min
            for s in self.shops
            for r in s.refunds
            if r.status == "success"
        ]
        days += [row.day for shop in self.shops for row in shop.spend]
        return max(on for on in days if on.year < 2060)

    @cached_property
    def history(self) -> dict[str, list[Settled]]:
        """Sales of each customer, first one first."""
        found: dict[str, list[Settled]] = defaultdict(list)
        for order in sorted(self.orders, key=lambda o: o.order.ordered_at):
            if order.is_sale and order.customer:
                found[order.customer].append(order)
        return found

    @cached_property
    def lines(self) -> list[tuple[Settled, Part, str, str]]:
        """Lines of sales with their category and product."""
        found = []
        for order in self.orders:
            for part in order.parts if order.is_sale else []:
                product = part.line.product_id
                category = order.order.shop.products.get(product, ("unknown", None, None))[0]
                found.append(
                    (
                        order,
                        part,
                        category,
                        f"{order.order.shop.shop_id}/{product}" if product else "",
                    )
                )
        return found

    def slices(self, order: Settled) -> list[Slice]:
        """Where an order counts."""
        kind = "unknown"
        if order.customer:
            history = self.history.get(order.customer, [])
            kind = "new" if history and history[0] is order else "returning"
        channel = order.order.sales_channel or "unknown"
        return self.of_shop(
            order.order.shop,
            platform=order.order.platform,
            sales_channel=channel,
            customer_type=kind,
        )

    def of_shop(self, shop: RandomShop, **values: str) -> list[Slice]:
        """The shop itself, and in every scope that it is in: the whole, and one value of each dimension."""
        found: list[Slice] = [(shop.shop_id, "all", "all")]
        for scope in self.coverage.scopes_of[shop.shop_id]:
            found += [
                (scope, "all", "all"),
                *((scope, name, value) for name, value in values.items()),
            ]
        return found

    def add(self, measure: str, on: date, slices: list[Slice], amount: Decimal | int) -> None:
        """Add an amount to a measure in every period and slice."""
        if on > self.last_day:
            return
        for period, start in periods(on):
            for piece in slices:
                self.sums[measure][period, start, *piece] += amount

    def meet(self, measure: str, on: date, slices: list[Slice], who: str) -> None:
        """Count a person in every period and slice."""
        for period, start in periods(on):
            for piece in slices:
                self.people[measure][period, start, *piece].add(who)

    @cached_property
    def keys(self) -> set[Key]:
        """Periods and slices in which there is anything, once all is added up."""
        return {key for sums in self.sums.values() for key in sums}

    def of(self, measure: str, key: Key) -> Decimal:
        """A measure in a period and slice; people are counted."""
        if measure in self.people:
            return Decimal(len(self.people[measure].get(key, ())))
        return self.sums[measure].get(key, ZERO)
