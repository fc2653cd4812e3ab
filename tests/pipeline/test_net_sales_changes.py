"""The parts of each change of net sales against a computation from orders, refunds and visits in plain Python."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from math import log
from typing import Any

import pytest
from shops import Shop

DAY = timedelta(days=1)
NEARLY = Decimal("0.001")
"""Effects are rounded to four decimals; the effect of the spend has the remainder."""

Days = tuple[date, ...]
Parts = dict[str, Decimal]


@dataclass(frozen=True)
class Comparison:
    """A period of one shop or all, and the days of the period that it is compared with."""

    period: str
    start: date
    shop: str
    compared_with: str
    days: Days
    earlier_days: Days


@dataclass(frozen=True)
class Level:
    """What a shop has in a period. Sales are at list price for all buyers, else as paid."""

    visitors: int | None
    buyers: int
    new_buyers: int
    buyer_list: Decimal
    new_paid: Decimal
    returning_paid: Decimal
    anonymous_list: Decimal
    anonymous_paid: Decimal
    refunds: Decimal

    @property
    def discounts(self) -> Decimal:
        """List price less paid."""
        paid = self.new_paid + self.returning_paid + self.anonymous_paid
        return self.buyer_list + self.anonymous_list - paid


class Books:
    """Sales, refunds and visitors of the demo shop per shop and day."""

    def __init__(self, shop: Shop) -> None:
        self.sales: dict[tuple, list[tuple]] = defaultdict(list)
        for shop_id, day, *sale in shop.ask(
            "select shop_id, paid_on, is_anonymous, customer_id, is_first_purchase_day, list_amount, goods_amount"
            " from marts.orders where is_sale"
        ):
            self.sales[shop_id, day].append(tuple(sale))
        self.refunds: dict[tuple, Decimal] = defaultdict(Decimal)
        for shop_id, day, amount in shop.ask(
            "select shop_id, refunded_on, goods_refunded_amount from marts.refunds where is_sale and is_success"
        ):
            self.refunds[shop_id, day] += amount
        self.tracked: dict[tuple, set[str]] = defaultdict(set)
        for shop_id, day, visitor in shop.ask_warehouse(
            "select shop_id, visited_on, visitor_key from intermediate.int_sessions__visitor_days"
        ):
            self.tracked[shop_id, day].add(visitor)
        self.reported: dict[tuple, int] = {
            (shop_id, day): visitors
            for shop_id, day, visitors in shop.ask(
                "select shop_id, traffic_on, sum(visitors) from marts.daily_traffic"
                " where evidence = 'platform' and channel = 'all' group by all"
            )
        }
        self.spans = {
            shop_id: (first, last)
            for shop_id, first, last in shop.ask_warehouse(
                "select shop_id, min(first_on), max(last_on) from intermediate.int_reference__connected_feeds"
                " where feed = 'web.events' group by all"
            )
        }
        self.shops = sorted({shop_id for shop_id, _ in self.sales})
        self.level = cache(self._level)

    def visitors(self, shop: str, days: Days) -> int | None:
        """Distinct visitors of a tracker, else visitor days of reports; None if a day is missing."""
        if shop in self.spans:
            first, last = self.spans[shop]
            if days[0] < first or days[-1] > last:
                return None
            return len(set().union(*(self.tracked.get((shop, day), set()) for day in days)))
        counts = [self.reported.get((shop, day)) for day in days]
        return None if None in counts else sum(counts)

    def _level(self, shop: str, days: Days) -> Level:
        by_customer: dict[tuple, list[tuple]] = defaultdict(list)
        for day in days:
            for anonymous, customer, first, listed, paid in self.sales.get((shop, day), []):
                by_customer[anonymous, customer].append((first, listed, paid))
        sums: dict[str, Decimal] = defaultdict(Decimal)
        counts: dict[str, int] = defaultdict(int)
        for (anonymous, _), orders in by_customer.items():
            new = "new" if any(first for first, _, _ in orders) else "returning"
            group = "anonymous" if anonymous else new
            counts[group] += 1
            sums[group] += sum(paid for _, _, paid in orders)
            sums["anonymous_list" if anonymous else "list"] += sum(
                listed for _, listed, _ in orders
            )
        return Level(
            self.visitors(shop, days),
            counts["new"] + counts["returning"],
            counts["new"],
            sums["list"],
            sums["new"],
            sums["returning"],
            sums["anonymous_list"],
            sums["anonymous"],
            sum((self.refunds[shop, day] for day in days), Decimal(0)),
        )


def effects(after: list[float], before: list[float]) -> list[Decimal]:
    """The change of a product by each of its factors: (y - x) / ln(y / x) times the logarithm of the factor."""
    high, low = after[-1], before[-1]
    mean = high if high == low else (high - low) / log(high / low)
    logs = [log(a / b) for a, b in zip(after, before, strict=True)]
    # The first factor is a count. Each next one is a ratio to the level before it.
    steps = [logs[0], *(next_log - one for one, next_log in pairwise(logs))]
    return [Decimal(mean * step) for step in steps]


def divided(names: tuple[str, ...], after: list[Any], before: list[Any]) -> Parts:
    """The parts of a change; from or to nothing, the first factor that is 0 has all of it."""
    if all(level > 0 for level in after + before):
        found = effects([float(level) for level in after], [float(level) for level in before])
        return dict(zip(names, found, strict=True))
    pairs = list(zip(names, after, before, strict=True))
    zero = next((name for name, a, b in pairs if not a or not b), names[0])
    return {name: after[-1] - before[-1] if name == zero else Decimal(0) for name in names}


def drivers(after: Level, before: Level) -> Parts:
    """The breakdown `drivers` of one shop."""
    usable = after.buyers + before.buyers > 0 and all(
        level.visitors is not None and (level.visitors > 0 or level.buyers == 0)
        for level in (after, before)
    )
    names = ("visitors", "conversion", "spend_per_buyer")
    levels = [[level.visitors, level.buyers, level.buyer_list] for level in (after, before)]
    if not usable:
        names = ("buyers", "spend_per_buyer")
        levels = [[level.buyers, level.buyer_list] for level in (after, before)]
    return {
        **divided(names, *levels),
        "sales_without_buyer": after.anonymous_list - before.anonymous_list,
        "discounts": before.discounts - after.discounts,
        "refunds": before.refunds - after.refunds,
    }


def buyers(after: Level, before: Level) -> Parts:
    """The breakdown `buyers` of one shop."""
    new = [[level.new_buyers, level.new_paid] for level in (after, before)]
    returning = [
        [level.buyers - level.new_buyers, level.returning_paid] for level in (after, before)
    ]
    return {
        **divided(("new_buyers", "spend_per_new_buyer"), *new),
        **divided(("returning_buyers", "spend_per_returning_buyer"), *returning),
        "sales_without_buyer": after.anonymous_paid - before.anonymous_paid,
        "refunds": before.refunds - after.refunds,
    }


def added(parts: Iterable[Parts]) -> Parts:
    """The sums over shops."""
    total: Parts = defaultdict(Decimal)
    for shop in parts:
        for name, amount in shop.items():
            total[name] += amount
    return dict(total)


def _days(first: date, last: date) -> Days:
    return tuple(first + n * DAY for n in range((last - first).days + 1))


@pytest.fixture(scope="module")
def books(demo_shop: Shop) -> Books:
    return Books(demo_shop)


@pytest.fixture(scope="module")
def changes(demo_shop: Shop) -> dict[Comparison, dict[tuple[str, str], Decimal]]:
    """Contributions per breakdown and part: all weeks and months, and every ninth day."""
    [(last,)] = demo_shop.ask_warehouse("select max(day_on) from intermediate.int_reference__days")
    found: dict[Comparison, dict] = defaultdict(dict)
    for period, start, end, shop, basis, first, until, breakdown, part, amount in demo_shop.ask(
        "select c.period, c.period_start_on, v.period_end_on, c.shop_id, compared_with, earlier_start_on,"
        " earlier_end_on, breakdown, part, contribution_amount from marts.net_sales_changes as c"
        " join marts.kpi_values as v on v.kpi_code = 'net_sales' and v.dimension = 'all' and v.period = c.period"
        " and v.period_start_on = c.period_start_on and v.shop_id = c.shop_id"
        " where c.period <> 'day' or hash(c.period_start_on) % 9 = 0"
    ):
        days = _days(start, min(end, last))
        comparison = Comparison(period, start, shop, basis, days, _days(first, until))
        found[comparison][breakdown, part] = amount
    assert {c.period for c in found} == {"day", "week", "month"} and len(found) > 500
    return found


def _expected(books: Books, comparison: Comparison) -> Iterator[tuple[str, Parts]]:
    shops = books.shops if comparison.shop == "all" else [comparison.shop]
    pairs = [
        (books.level(shop, comparison.days), books.level(shop, comparison.earlier_days))
        for shop in shops
    ]
    yield "drivers", added(drivers(*pair) for pair in pairs)
    yield "buyers", added(buyers(*pair) for pair in pairs)


def test_drivers_and_buyers_equal_the_oracle(books: Books, changes: dict) -> None:
    wrong = []
    for comparison, parts in changes.items():
        for breakdown, expected in _expected(books, comparison):
            found = {part: value for (kind, part), value in parts.items() if kind == breakdown}
            if found.keys() != expected.keys() or any(
                abs(found[name] - expected[name]) > NEARLY for name in found
            ):
                wrong.append(
                    (comparison.period, comparison.start, comparison.shop, found, expected)
                )
    assert wrong == []


def test_each_kind_of_shop_is_in_the_demo(changes: dict) -> None:
    """The oracle is compared on shops with a tracker, with reports, and without visitors or buyers."""
    kinds = defaultdict(set)
    for comparison, parts in changes.items():
        kinds[comparison.shop] |= {part for kind, part in parts if kind == "drivers"}
    assert {"visitors", "buyers"} <= kinds["all"]
    assert "visitors" in kinds["own_store"] and "visitors" in kinds["tmall_flagship"]
    assert "visitors" not in kinds["douyin_store"]


def test_buyers_are_those_of_the_kpis(demo_shop: Shop) -> None:
    differing = demo_shop.ask("""
        with kpis as (
            select period, period_start_on, shop_id,
                max(case when kpi_code = 'buyers' then value end) as buyers,
                max(case when kpi_code = 'new_customers' then value end) as new_buyers
            from marts.kpi_values where dimension = 'all' and shop_id <> 'all' group by all
        ), parts as (
            select period, period_start_on, shop_id,
                sum(after_level) filter (part in ('new_buyers', 'returning_buyers')) as buyers,
                sum(after_level) filter (part = 'new_buyers') as new_buyers
            from marts.net_sales_changes
            where breakdown = 'buyers' and compared_with = 'previous' and shop_id <> 'all' group by all
        )
        select * from parts join kpis using (period, period_start_on, shop_id)
        where kpis.buyers <> parts.buyers or kpis.new_buyers <> parts.new_buyers""")
    assert differing == []


def _goods(shop: Shop, column: str) -> dict[tuple, Decimal]:
    """Goods paid less line refunds per shop, day and product or category."""
    goods: dict[tuple, Decimal] = defaultdict(Decimal)
    for shop_id, day, key, amount in shop.ask(
        f"select shop_id, paid_on, {column}, goods_amount from marts.order_lines"
        " where is_sale and product_key is not null"
    ):
        goods[shop_id, day, key] += amount
    orders = defaultdict(set)
    keys = {}
    for order_key, product_key, key in shop.ask(
        f"select order_key, product_key, {column} from marts.order_lines where goods_amount > 0"
    ):
        orders[order_key].add(product_key)
        keys[product_key] = key
    for shop_id, day, order_key, product_key, amount in shop.ask(
        "select shop_id, refunded_on, order_key, product_key, goods_refunded_amount from marts.refunds"
        " where is_sale and is_success"
    ):
        [single] = orders[order_key] if len(orders[order_key]) == 1 else [None]
        product = product_key or single
        if product:
            goods[shop_id, day, keys[product]] -= amount
    return goods


@pytest.mark.parametrize(
    ("breakdown", "column"), [("product", "product_key"), ("category", "coalesce(category, 'unknown')")]
)  # fmt: skip
def test_goods_equal_the_oracle(
    demo_shop: Shop, books: Books, changes: dict, breakdown: str, column: str
) -> None:
    by_day = defaultdict(list)
    for (shop, day, key), amount in _goods(demo_shop, column).items():
        by_day[shop, day].append((key, amount))
    wrong, checked = [], 0
    for comparison, parts in changes.items():
        found = {part: value for (kind, part), value in parts.items() if kind == breakdown}
        if not found:
            continue
        shops = books.shops if comparison.shop == "all" else [comparison.shop]
        expected: Parts = defaultdict(Decimal)
        for sign, days in ((1, comparison.days), (-1, comparison.earlier_days)):
            for key, amount in (pair for s in shops for d in days for pair in by_day[s, d]):
                expected[key] += sign * amount
        buckets = {"other_products", "unassigned"}
        checked += len(found.keys() - buckets)
        wrong += [
            (comparison, name, found[name], expected[name])
            for name in found.keys() - buckets
            if found[name] != expected[name]
        ]
        rest = sum((expected[name] for name in expected.keys() - found.keys()), Decimal(0))
        if found.get("other_products", Decimal(0)) != rest:
            wrong.append((comparison, "other_products", found.get("other_products"), rest))
    assert wrong == [] and checked > 100
