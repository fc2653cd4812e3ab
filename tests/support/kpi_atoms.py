"""What the KPI oracle counts: orders, lines, refunds, visits and spend of one shop, read once into memory."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from types import SimpleNamespace as Row
from typing import Any

import duckdb
from shops import Shop

DAY = timedelta(days=1)
SHOP_CLOCK = timedelta(hours=8)
"""The demo shop lives in Asia/Shanghai, which knows no summer time."""

STEPS = {"view_item": 1, "add_to_cart": 2, "begin_checkout": 3, "order": 4, "pay": 5}
PAUSE = timedelta(minutes=30)
"""A visit without a number of the tracker's ends after this time without an event."""


@dataclass(frozen=True)
class Slice:
    """A period, both ends included, of all shops or one, and of one value of a dimension."""

    period: str
    start: date
    end: date
    shop: str
    dimension: str
    value: str

    def days(self) -> Iterator[date]:
        """Every day of the period."""
        day = self.start
        while day <= self.end:
            yield day
            day += DAY

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in the period."""
        return day is not None and self.start <= day <= self.end

    def of_shop(self, shop: str) -> bool:
        """Whether the shop counts."""
        return self.shop in ("all", shop)


@dataclass
class Visit:
    """A session: events of one visitor on one day in the order in which they came."""

    visitor: str
    shop: str
    day: date
    events: list[Row]
    channel: str = ""

    @cached_property
    def names(self) -> list[str]:
        """What happened, in its order."""
        return [event.event_name for event in self.events]

    @cached_property
    def pages(self) -> int:
        """Pages seen, or products where the tracker reports no pages."""
        return self.names.count("page_view") or self.names.count("view_item")

    @property
    def began_at(self) -> datetime:
        """When the first event happened, UTC."""
        return self.events[0].event_at

    @property
    def seconds(self) -> float:
        """From the first event to the last."""
        return (self.events[-1].event_at - self.began_at).total_seconds()

    @cached_property
    def deepest_step(self) -> int:
        """The last step that was taken after all the steps before it."""
        reached = 0
        # Of what happened in one second the earlier step came first.
        for event in sorted(self.events, key=lambda e: (e.event_at, STEPS.get(e.event_name, 0))):
            if STEPS.get(event.event_name) == reached + 1:
                reached += 1
        return reached


@dataclass
class Atoms:
    """The rows of a shop that KPIs are made of; see `load`."""

    last_day: date
    orders: list[Row]
    lines: list[Row]
    refunds: list[Row]
    products: list[Row]
    spend: list[Row]
    conversations: list[Row]
    events: list[Row]
    channels: dict[str, Row]
    memberships: list[Row]
    """Memberships of high-value segments."""
    counts: list[Row]
    """Counts of stock; one stock supplies all shops."""
    leads: list[Row]
    visits: list[Visit] = field(default_factory=list)
    all_lines: list[Row] = field(default_factory=list)
    """Lines of all shops, which a common stock supplies."""
    stock_days: dict[date, list[Row]] = field(default_factory=lambda: defaultdict(list))
    shops: frozenset[str] | None = None
    """The only shops that count; None for all."""

    def __post_init__(self) -> None:
        self.all_lines = self.all_lines or self.lines
        self.order_of = {order.order_key: order for order in self.orders}
        self.lines_of = _grouped(self.lines, "order_key")
        self.refunds_of = _grouped((r for r in self.refunds if r.is_success), "order_key")
        self.sales = [order for order in self.orders if order.is_sale]
        self.sales_of = _grouped((o for o in self.sales if not o.is_anonymous), "customer_id")
        # Some visitors' clocks run decades ahead: those days are ignored.
        self.visits = [visit for visit in _visits(self.events) if visit.day <= self.last_day]
        self.visits_of: dict[str, list[Visit]] = defaultdict(list)
        self.visits_on: dict[date, list[Visit]] = defaultdict(list)
        for visit in self.visits:
            self.visits_of[visit.visitor].append(visit)
            self.visits_on[visit.day].append(visit)
        self.first_visit_on = {
            visitor: min(v.day for v in visits) for visitor, visits in self.visits_of.items()
        }
        self.last_event_on = max((visit.day for visit in self.visits), default=self.last_day)
        self.first_orders = {
            customer: min(sales, key=lambda order: (order.paid_on, order.order_number_of_customer))
            for customer, sales in self.sales_of.items()
        }
        self._of_shops: dict[frozenset[str], Atoms] = {}

    @cached_property
    def first_bought_on(self) -> dict[str, date]:
        """The day of each customer's first purchase in any shop."""
        return {customer: order.paid_on for customer, order in self.first_orders.items()}

    def of_shops(self, shops: frozenset[str]) -> "Atoms":
        """What the shops have; who bought first is still asked of all."""
        if shops not in self._of_shops:
            parts = ("orders", "lines", "refunds", "spend", "conversations", "events")
            rows = {
                part: [row for row in getattr(self, part) if row.shop_id in shops] for part in parts
            }
            found = replace(self, **rows, visits=[], shops=shops)
            found.first_orders = self.first_orders
            found.last_event_on = self.last_event_on
            self._of_shops[shops] = found
        return self._of_shops[shops]

    def won(self, customer: str) -> bool:
        """Whether the customer first bought in one of the shops that count."""
        return self.shops is None or self.first_orders[customer].shop_id in self.shops

    @cached_property
    def dear_products(self) -> set[str]:
        """Products whose price at least four fifths of the others of their category stay below."""
        prices: dict[str, dict[str, float]] = defaultdict(dict)
        for product in self.products:
            price = product.list_price
            if price is None and product.units_count:
                price = product.list_amount / product.units_count
            if price is not None:
                prices[product.category or "unknown"][product.product_key] = float(price)
        return {
            key
            for category in prices.values()
            for key, price in category.items()
            if len(category) > 1
            and sum(other < price for other in category.values()) >= 0.8 * (len(category) - 1)
        }


def _grouped(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _visits(events: Iterable[Row]) -> Iterator[Visit]:
    """Cut events into visits: by the tracker's number, else by pauses, and at midnight of the shop."""
    numbered: dict[tuple, Visit] = {}
    current: dict[tuple, Visit] = {}
    for event in sorted(events, key=lambda e: (e.event_at, e.event_id)):
        day = (event.event_at + SHOP_CLOCK).date()
        if event.session_id is not None:
            visits, key = numbered, (event.visitor_key, day, event.session_id)
        else:
            visits, key = current, (event.visitor_key, day)
        visit = visits.get(key)
        paused = (
            visit and not event.session_id and event.event_at - visit.events[-1].event_at > PAUSE
        )
        if visit is None or paused:
            if paused:
                yield visit
            visit = visits[key] = Visit(event.visitor_key, event.shop_id, day, [], event.channel)
        # A visit has one channel: were it cut elsewhere than in the shop, this would show it.
        assert visit.channel == event.channel, event
        visit.events.append(event)
    yield from numbered.values()
    yield from current.values()


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    asked = con.execute(sql)
    names = [column[0] for column in asked.description or []]
    return [Row(**dict(zip(names, row, strict=True))) for row in asked.fetchall()]


def load(shop: Shop) -> Atoms:
    """Read a shop's released orders and spend, and its events and conversations from the warehouse."""
    with duckdb.connect(str(shop.released), read_only=True) as con:
        tables: dict[str, Any] = {
            "orders": _rows(con, "from marts.orders"),
            "lines": _rows(con, "from marts.order_lines"),
            "refunds": _rows(con, "from marts.refunds"),
            "products": _rows(con, "from marts.products"),
            "spend": _rows(con, "from marts.daily_marketing where is_advertised"),
            "memberships": _rows(con, "from marts.segment_members"),
        }
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb"), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        dear = {row.segment_code for row in _rows(con, "from meta.segments where is_high_value")}
        tables["memberships"] = [m for m in tables["memberships"] if m.segment_code in dear]
        (last,) = con.execute("select as_of_on from intermediate.int_reference__as_of").fetchall()
        return Atoms(
            last_day=last[0],
            **tables,
            conversations=_rows(con, "from staging.stg_crm__interactions"),
            leads=_rows(con, "from staging.stg_crm__leads"),
            counts=_rows(con, "from staging.stg_erp__inventory"),
            # Only the channel of a visit is taken from the models; the channel rules are tested elsewhere.
            events=_rows(
                con,
                "select e.visitor_key, e.shop_id, e.event_id, e.event_name, e.session_id, e.event_at,"
                " s.channel from staging.stg_web__events as e"
                " join intermediate.int_sessions__events as cut using (source_system, shop_id, event_id)"
                " join intermediate.int_sessions__sessions as s on s.session_key = cut.session_key",
            ),
            channels={row.channel: row for row in _rows(con, "from seeds.channels")},
        )


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of the amounts that are known."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


Figure = Decimal | float | int
Answer = tuple[Figure | None, Figure | None]
"""Numerator and denominator; the latter is None for a sum, either of them where it is unknown."""

Kpi = Callable[[Atoms, Slice], Answer]


def entering(book: dict[str, Kpi]) -> Callable[[Kpi], Kpi]:
    """A decorator that enters a KPI in a book under its function's name."""

    def enter(function: Kpi) -> Kpi:
        book[function.__name__] = function
        return function

    return enter
