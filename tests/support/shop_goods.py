"""Measures of goods by category and price, added up for every period and slice."""

from collections import defaultdict
from decimal import Decimal

from shop_measures import CENT, slack_of
from shop_money import Part, Settled
from shop_rates import ZERO, convert, last_rate
from shop_truth import Slice, Truth


def add_goods(truth: Truth) -> None:
    """Goods by category; an order and its buyer count in every category that they touch."""
    dear = _dear_products(truth)
    touched: set[tuple[str, str]] = set()
    for order, part, category, product in truth.lines:
        on, slack = order.paid_on, CENT if order.is_shared else ZERO
        shop = order.order.shop
        own = [piece for piece in truth.of_shop(shop, category=category) if piece[1] == "category"]
        if (order.order.order_id, category) not in touched:
            touched.add((order.order.order_id, category))
            truth.add("orders", on, own, 1)
        if order.customer:
            truth.meet("buyers", on, own, order.customer)
        truth.add("goods", on, own, part.goods)
        truth.add("goods_slack", on, own, slack)
        if part.line.kind == "goods" and not part.line.is_gift:
            truth.add("units", on, own, part.line.quantity)
        if product in dear:
            slices = truth.of_shop(shop, platform=order.order.platform, category=category)
            truth.add("dear", on, slices, part.goods)
            truth.add("dear_slack", on, slices, slack)
        _line_margin(truth, order, part, own)


def _line_margin(truth: Truth, order: Settled, part: Part, own: list[Slice]) -> None:
    if part.cost is None:
        return
    net = part.goods - part.refunded
    slack = slack_of(order) + (CENT * 2 if order.is_shared or order.refunds else ZERO)
    truth.add("costed", order.paid_on, own, net)
    truth.add("margin", order.paid_on, own, net + part.subsidy - part.cost)
    truth.add("margin_slack", order.paid_on, own, slack)
    if part.fee is not None:
        truth.add("contributing", order.paid_on, own, net)
        truth.add("contribution", order.paid_on, own, net + part.subsidy - part.cost - part.fee)
        truth.add("contribution_slack", order.paid_on, own, slack + CENT)


def _dear_products(truth: Truth) -> set[str]:
    """Products whose price at least four fifths of the others of their category stay below."""
    listed: dict[str, Decimal] = defaultdict(Decimal)
    units: dict[str, Decimal] = defaultdict(Decimal)
    categories: dict[str, str] = {}
    for _, part, category, product in truth.lines:
        if product and not part.line.is_gift and part.line.kind == "goods":
            categories[product] = category
            listed[product] += part.listed
            units[product] += part.line.quantity
    prices = {product: float(listed[product]) / float(units[product]) for product in listed}
    for shop in truth.shops:
        for name, (category, price, _) in shop.products.items():
            product = f"{shop.shop_id}/{name}"
            categories[product] = category
            if (known := convert(price, last_rate(shop.currency))) is not None:
                prices[product] = float(known)
    bands: dict[str, list[float]] = defaultdict(list)
    for product, price in prices.items():
        bands[categories[product]].append(price)
    return {
        product for product, price in prices.items()
        for others in [bands[categories[product]]]
        if len(others) > 1 and sum(other < price for other in others) / (len(others) - 1) >= 0.8
    }  # fmt: skip
