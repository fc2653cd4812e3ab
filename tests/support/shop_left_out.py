"""Money of random shops that no KPI contains, with the reason."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from random_world import RandomShop, Refund
from shop_money import Settled
from shop_rates import ZERO, day, rate
from shop_truth import Truth

Row = tuple[str, str, str, str, Decimal | None]
"""Kind, reason, shop, currency and what the export states."""


def left_out(truth: Truth) -> Iterator[Row]:
    """One row per order, refund, line and campaign day that no KPI contains."""
    by_id = {order.order.order_id: order for order in truth.orders}
    for order in truth.orders:
        yield from _of_order(order, truth)
    for shop in truth.shops:
        for refund in shop.refunds:
            order = by_id.get(refund.order_id)
            reason = _why(refund, order, truth) if refund.status == "success" else None
            if reason:
                yield "refund", reason, shop.shop_id, _currency(shop, refund, order), refund.amount
        for _, line in shop.orphans:
            yield "order_line", "no_such_order", shop.shop_id, "CNY", line.paid
    spent: dict[tuple, Decimal] = defaultdict(lambda: ZERO)
    for shop, row in truth.lost_spend:
        spent[shop.shop_id, row.currency, row.day, row.campaign_id] += row.amount
    for (shop_id, currency, _, _), amount in spent.items():
        yield "ad_spend", f"no exchange rate: {currency}", shop_id, currency, amount


def _of_order(order: Settled, truth: Truth) -> Iterator[Row]:
    """An order that is no sale, or unpaid without a rate, and what it says itself was given back."""
    shop_id, currency = order.order.shop.shop_id, order.order.currency or "CNY"
    if order.is_paid and order.reason:
        yield "order", order.reason, shop_id, currency, order.order.paid
    elif order.reason and rate(order.order.currency, order.ordered_on) is None:
        yield "order", "no_fx_rate", shop_id, currency, order.order.paid
    if order.order.refunded and order.is_paid:
        if order.reason:
            yield "refund", "order_is_no_sale", shop_id, currency, order.order.refunded
        elif any(back.on > truth.last_day for back in order.refunds):
            yield "refund", "after_the_last_day", shop_id, currency, order.order.refunded


def _currency(shop: RandomShop, refund: Refund, order: Settled | None) -> str:
    if shop.layout == "heads":
        return "USD"
    return refund.currency or (order.order.currency if order else "") or "CNY"


def _why(refund: Refund, order: Settled | None, truth: Truth) -> str | None:
    """Why a successful refund is in no KPI."""
    if refund.order_id and order is None:
        return "no_such_order"
    if order and not order.is_sale:
        return "order_is_no_sale"
    on = day(refund.refunded_at or refund.requested_at)
    if order:
        on = next(back.on for back in order.refunds if back.refund_id == refund.refund_id)
    elif on and rate(refund.currency, on) is None:
        return "no_fx_rate"
    return "after_the_last_day" if on and on > truth.last_day else None
