"""The marts of money beside the truth of random shops: orders, days, refunds, products, customers."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from shop_compare import Comparison
from shop_left_out import left_out
from shop_measures import slack_of
from shop_rates import ZERO
from shop_truth import Truth
from shops import Shop

_WATERFALL = ("listed", "merchant", "platform", "goods", "shipping", "tax", "other", "paid")
_SETTLED = ("refunded", "goods_refunded", "net", "margin", "contribution")
_NAMES = {
    "listed": "list_amount", "merchant": "merchant_discount_amount", "platform": "platform_discount_amount",
    "goods": "goods_amount", "shipping": "shipping_amount", "tax": "tax_amount", "other": "other_amount",
    "paid": "paid_amount", "refunded": "refunded_amount", "goods_refunded": "goods_refunded_amount",
    "refunded_later": "refunded_later_amount", "goods_refunded_later": "goods_refunded_later_amount",
    "net": "net_amount", "margin": "margin_amount", "cost": "cost_amount", "contribution": "contribution_amount",
}  # fmt: skip
_LOOSE = {
    "orders": ("margin", "contribution"),
    "products": ("listed", "goods", "goods_refunded", "net"),
}
"""What cents that lines share may move; everything else is exact."""


def _compare(
    mart: str,
    asked: tuple[Shop, str],
    names: Sequence[str],
    expected: Mapping,
    slacks: Mapping | None = None,
) -> Comparison:
    """Rows of a query, whose first columns are their key, beside the expected amounts of these names."""
    seen, (shop, sql) = Comparison(), asked
    columns = ", ".join(_NAMES.get(name, name) for name in names)
    rows = {row[: -len(names)]: row[-len(names) :] for row in shop.ask(sql.format(columns=columns))}
    for key in set(rows) | set(expected):
        found = rows.get(key, (ZERO,) * len(names))
        wanted = expected.get(key, {})
        for name, amount in zip(names, found, strict=True):
            slack = slacks.get(key, ZERO) if slacks and name in _LOOSE[mart] else ZERO
            shown = None if amount is None else Decimal(amount)
            seen.figure(f"{mart}.{name}", key, shown, wanted.get(name, ZERO), slack)
    return seen


def orders(shop: Shop, truth: Truth) -> Comparison:
    """Each order: its whole waterfall, and why it is no sale."""
    expected, slacks = {}, {}
    for order in truth.orders:
        if order.goods is not None and order.reason != "no_fx_rate":
            key = (order.order.order_id,)
            expected[key] = {name: getattr(order, name) for name in (*_WATERFALL, *_SETTLED)}
            if not order.is_sale:
                expected[key] |= {"margin": ZERO, "contribution": ZERO}
            slacks[key] = slack_of(order)
    sql = """select order_id, {columns} from marts.orders
             where fx_rate is not null and coalesce(invalid_reason, '') <> 'no_fx_rate'"""
    seen = _compare("orders", (shop, sql), (*_WATERFALL, *_SETTLED), expected, slacks)
    found = dict(shop.ask("select order_id, coalesce(invalid_reason, 'sale') from marts.orders"))
    for order in truth.orders:
        reason = found.pop(order.order.order_id, "no row")
        seen.words("orders.invalid_reason", order.order.order_id, reason, order.reason or "sale")
    seen.words("orders.row", "orders that no export states", str(found), "{}")
    return seen


def daily_sales(shop: Shop, truth: Truth) -> Comparison:
    """Days of a shop and platform: orders by the day they were placed, refunds by their own."""
    later = ("refunded_later", "goods_refunded_later")
    expected: dict = defaultdict(lambda: defaultdict(Decimal))
    for order in filter(lambda o: o.is_sale, truth.orders):
        row = expected[order.ordered_on, order.order.shop.shop_id, order.order.platform]
        for name in (*_WATERFALL, "net"):
            row[name] += getattr(order, name)
        row["refunded_later"] += order.refunded
        row["goods_refunded_later"] += order.goods_refunded
        for back in order.refunds:
            row = expected[back.on, order.order.shop.shop_id, order.order.platform]
            row["refunded"] += back.amount
            row["goods_refunded"] += back.goods
    for one, note in truth.notes:
        if note.amount is not None:
            row = expected[note.on, one.shop_id, note.refund.platform or one.source_system]
            row["refunded"] += note.amount
            row["goods_refunded"] += note.amount
    sql = "select sales_on, shop_id, platform, {columns} from marts.daily_sales"
    names = (*_WATERFALL, *later, "net", "refunded", "goods_refunded")
    return _compare("daily_sales", (shop, sql), names, expected)


def refunds(shop: Shop, truth: Truth) -> Comparison:
    """What went back in all per shop, order and day, where the order is a sale."""
    expected: dict = defaultdict(lambda: defaultdict(Decimal))
    for order in filter(lambda o: o.is_sale, truth.orders):
        for back in order.refunds:
            row = expected[order.order.shop.shop_id, order.order.order_id, back.on]
            row["refunded"] += back.amount
            row["goods_refunded"] += back.goods
    for one, note in truth.notes:
        if note.amount is not None:
            row = expected[one.shop_id, None, note.on]
            row["refunded"] += note.amount
            row["goods_refunded"] += note.amount
    sql = """select shop_id, order_id, refunded_on, {columns} from (
        select shop_id, order_id, refunded_on, sum(refunded_amount) as refunded_amount,
            sum(goods_refunded_amount) as goods_refunded_amount
        from marts.refunds where is_success and is_sale group by all)"""
    return _compare("refunds", (shop, sql), ("refunded", "goods_refunded"), expected)


def products(shop: Shop, truth: Truth) -> Comparison:
    """Products of a shop: sold, given back, kept, by lines and credit notes."""
    expected: dict = defaultdict(lambda: defaultdict(Decimal))
    slacks: dict = defaultdict(Decimal)
    for order, part, _, product in truth.lines:
        if product and part.line.kind == "goods" and not part.line.is_gift:
            key = (order.order.shop.shop_id, part.line.product_id)
            row = expected[key]
            row["units_count"] += part.line.quantity
            row["listed"] += part.listed
            row["goods"] += part.goods
            row["goods_refunded"] += part.refunded
            row["net"] += part.goods - part.refunded
            slacks[key] += slack_of(order) if order.is_shared or order.refunds else ZERO
    for one, note in truth.notes:
        if note.refund.product_id and note.amount is not None:
            row = expected[one.shop_id, note.refund.product_id]
            row["goods_refunded"] += note.amount
            row["net"] -= note.amount
    sql = "select shop_id, product_id, {columns} from marts.products"
    names = ("units_count", "listed", "goods", "goods_refunded", "net")
    return _compare("products", (shop, sql), names, expected, slacks)


def customer_360(shop: Shop, truth: Truth) -> Comparison:
    """Customers: the money of their sales; no customer is two people."""
    ids = dict(shop.ask("select order_id, customer_id from marts.orders"))
    names = ("listed", "merchant", "goods", "shipping", "paid", "refunded", "net")
    expected: dict = defaultdict(lambda: defaultdict(Decimal))
    people: dict[str, set[str]] = defaultdict(set)
    for order in truth.orders:
        customer = ids[order.order.order_id]
        people[customer].add(order.customer or order.order.order_id)
        for name in names if order.is_sale else ():
            expected[(customer,)][name] += getattr(order, name)
    sql = "select customer_id, {columns} from marts.customer_360"
    seen = _compare("customer_360", (shop, sql), names, expected)
    merged = [who for who in people.values() if len(who) > 1]
    seen.words("customer_360.customer", "people that are one", str(merged), "[]")
    return seen


def monthly_cohorts(shop: Shop, truth: Truth) -> Comparison:
    """Months of customers by the month of their first order."""
    expected: dict = defaultdict(lambda: defaultdict(Decimal))
    for bought in truth.history.values():
        first = min(order.ordered_on for order in bought).replace(day=1)
        for order in bought:
            years, months = order.ordered_on.year - first.year, order.ordered_on.month - first.month
            expected[first, years * 12 + months]["net"] += order.net
    sql = "select cohort_month_on, months_since, {columns} from marts.monthly_cohorts where dimension = 'all'"
    return _compare("monthly_cohorts", (shop, sql), ("net",), expected)


def coverage_sales(shop: Shop, truth: Truth) -> Comparison:
    """Orders by platform, shop and the rule that leaves them out."""
    expected: dict = defaultdict(lambda: defaultdict(Decimal))
    for order in truth.orders:
        key = (order.order.platform, order.order.shop.shop_id, order.reason or "sale")
        expected[key]["order_count"] += 1
    sql = "select platform, shop_id, reason, {columns} from meta.coverage_sales"
    return _compare("coverage_sales", (shop, sql), ("order_count",), expected)


def left_out_money(shop: Shop, truth: Truth) -> Comparison:
    """Money that no KPI contains, with its reason."""
    expected: dict = {}
    for *key, amount in left_out(truth):
        row = expected.setdefault(tuple(key), {"row_count": ZERO, "amount": None})
        row["row_count"] += 1
        if amount is not None:
            row["amount"] = (row["amount"] or ZERO) + amount
    sql = "select kind, reason, shop_id, currency, {columns} from meta.left_out_money"
    return _compare("left_out_money", (shop, sql), ("row_count", "amount"), expected)


MARTS: dict[str, Callable[[Shop, Truth], Comparison]] = {
    "orders": orders,
    "daily_sales": daily_sales,
    "refunds": refunds,
    "products": products,
    "customer_360": customer_360,
    "monthly_cohorts": monthly_cohorts,
    "coverage_sales": coverage_sales,
    "left_out_money": left_out_money,
}
