"""What orders of random shops are worth: plain loops over what the exports say."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from random_world import Order, RandomShop, Refund
from shop_money import CreditNote, GivenBack, Part, Settled
from shop_rates import ZERO, convert, day, last_rate, places, rate


def settle_shop(shop: RandomShop) -> list[Settled]:
    """All orders of a shop."""
    return [
        settle(order, [r for r in shop.refunds if r.order_id == order.order_id])
        for order in shop.orders
    ]


def settle(order: Order, refunds: Iterable[Refund]) -> Settled:
    """An order with its refunds, in yuan."""
    ordered_on = day(order.ordered_at)
    assert ordered_on
    by = rate(order.currency, ordered_on)
    is_paid = _is_paid(order)
    settled = Settled(order, None, is_paid, ordered_on, day(order.paid_at) or ordered_on)
    back = _given_back(order, refunds, by, ordered_on)
    settled.parts = _parts(order, by, costs=True)
    if by is not None:
        _value(settled, by, back)
    settled.reason = _reason(settled, by, back)
    if by is None or back is None:
        return settled
    if order.shop.layout == "stating" and is_paid and order.refunded:
        on = day(order.refunded_at) or _last_change(order)
        back = [GivenBack("order", on, places(order.refunded * by))]
    _split(settled, back)
    _share_refunds(settled)
    return settled


def _parts(order: Order, by: Decimal | None, *, costs: bool) -> list[Part]:
    """The lines of an order by themselves; gifts are worth nothing, a tip is other money."""
    found = []
    for line in order.lines:
        listed = places(line.quantity * (line.unit_price or 0))
        own = line.paid if line.paid is not None else listed - line.merchant - line.platform
        if line.is_gift:
            listed, own = ZERO, line.paid or ZERO
        is_goods = line.kind == "goods"
        cost = convert(line.unit_cost, by)
        if cost is None and line.unit_cost is None and costs:
            _, _, catalogue = order.shop.products.get(line.product_id, ("", None, None))
            cost = convert(catalogue, last_rate(order.shop.currency))
        one = by or ZERO
        found.append(
            Part(
                line,
                *(
                    places(x * one) if is_goods else ZERO
                    for x in (listed, line.merchant, line.platform, own)
                ),
                other=ZERO if is_goods else places(own * one),
                unit_cost=cost,
            )
        )
    return found


def _is_paid(order: Order) -> bool:
    """Paid, shipped or completed; a cancelled order if it had been paid before."""
    if order.status == "cancelled":
        return order.paid_at is not None or bool(order.refunded)
    return order.status != "unpaid"


def _last_change(order: Order) -> date:
    at = max(at for at in (order.ordered_at, order.paid_at, order.updated_at) if at)
    found = day(at)
    assert found
    return found


def _given_back(
    order: Order, refunds: Iterable[Refund], by: Decimal | None, ordered_on: date
) -> list[GivenBack] | None:
    """Successful refunds of a refund export in yuan; None where the rate of one of them is unknown."""
    found = []
    for refund in refunds:
        if refund.status != "success":
            continue
        amount = convert(
            refund.amount, rate(refund.currency, ordered_on) if refund.currency else by
        )
        if amount is None:
            return None
        on = day(refund.refunded_at or refund.requested_at) or ordered_on
        if order.shop.layout == "heads":
            on = day(refund.refunded_at) or ordered_on
        returned = refund.refund_type != "refund_only"
        found.append(
            GivenBack(refund.refund_id, on, amount, ZERO, refund.line_id, refund.quantity, returned)
        )
    return found


def _value(settled: Settled, by: Decimal, back: list[GivenBack] | None) -> None:
    """What was paid, split into goods, postage, tax and the rest; without a payment what is due."""
    order, parts = settled.order, settled.parts
    settled.shipping, settled.tax = places(order.shipping * by), places(order.tax * by)
    settled.other = sum((part.other for part in parts), ZERO)
    settled.fee = convert(order.fee, by)
    settled.merchant = max(places(order.merchant * by) if order.shop.layout != "bare" else ZERO,
                           sum((part.merchant for part in parts), ZERO))  # fmt: skip
    settled.platform = max(places(order.platform_off * by) if order.shop.layout != "bare" else ZERO,
                           sum((part.platform for part in parts), ZERO))  # fmt: skip
    listed = sum((part.listed for part in parts), ZERO)
    paid = order.paid
    if paid is not None and settled.is_paid:
        whole = places(paid * by)
        stated = places((order.refunded or ZERO) * by)
        restored = max(sum((b.amount for b in back or []), ZERO), stated)
        if whole == 0 and restored > 0:
            whole = restored
        settled.other = max(min(settled.other, whole - settled.tax), ZERO)
        rest = whole - settled.tax - settled.other
        settled.shipping = max(min(settled.shipping, rest), ZERO)
        settled.goods = rest - settled.shipping
        settled.listed = listed if parts else settled.goods + settled.merchant + settled.platform
    else:
        if paid is not None and not parts:
            settled.listed = (
                places(paid * by)
                - settled.tax
                - settled.shipping
                + settled.merchant
                + settled.platform
            )
        else:
            settled.listed = listed
        lines = sum((part.goods for part in parts), ZERO)
        has_lines = settled.is_paid and any(
            part.line.paid is not None and part.line.kind == "goods" for part in parts
        )
        settled.goods = lines if has_lines else settled.listed - settled.merchant - settled.platform
    owed = places((order.outstanding or ZERO) * by) if settled.is_paid else ZERO
    goods = settled.goods
    settled.goods -= min(owed, max(goods, ZERO))
    owed -= min(owed, max(goods, ZERO))
    taken = min(owed, settled.shipping)
    settled.shipping -= taken
    settled.tax -= min(owed - taken, settled.tax)
    settled.paid = (
        settled.goods + settled.shipping + settled.tax + settled.other if settled.is_paid else ZERO
    )
    settled.is_shared = bool(parts) and settled.goods != sum((part.goods for part in parts), ZERO)


def _reason(settled: Settled, by: Decimal | None, back: list[GivenBack] | None) -> str | None:
    """The first reason why an order is no sale."""
    if settled.order.order_type not in ("normal", "presale"):
        return settled.order.order_type
    if not settled.is_paid:
        return "cancelled_before_payment" if settled.order.status == "cancelled" else "unpaid"
    if by is None or back is None:
        return "no_fx_rate"
    if (settled.goods or ZERO) + settled.platform <= 0:
        return "no_goods" if settled.other > 0 else "zero_amount"
    return None


def _split(settled: Settled, back: list[GivenBack]) -> None:
    """Refunds in the order of their days give back goods first, then postage and tax, beyond all that goods again."""
    goods = settled.goods or ZERO
    whole = goods + settled.shipping + settled.tax + settled.other
    upto = ZERO
    for refund in sorted(back, key=lambda b: (b.on, b.refund_id)):
        before, upto = upto, upto + refund.amount
        refund.goods = (
            min(upto, goods)
            - min(before, goods)
            + max(upto - whole, ZERO)
            - max(before - whole, ZERO)
        )
    settled.refunds = back


def _share_refunds(settled: Settled) -> None:
    """Lines take the order's goods and its refunds by what they are worth, as exact fractions."""
    parts = settled.parts
    if not parts:
        return
    goods = settled.goods or ZERO
    weights = [max(part.goods, ZERO) if part.line.kind == "goods" else ZERO for part in parts]
    if not sum(weights):
        weights = [part.line.quantity if part.line.kind == "goods" else ZERO for part in parts]
    if not sum(weights):
        weights = [Decimal(1) for _ in parts]
    for name, total in (
        ("goods", goods),
        ("platform", settled.platform),
        ("merchant", settled.merchant),
        ("listed", settled.listed),
    ):
        left = total - sum((getattr(part, name) for part in parts), ZERO)
        for part, weight in zip(parts, weights, strict=True):
            setattr(part, name, getattr(part, name) + left * weight / sum(weights))
    for part, weight in zip(parts, weights, strict=True):
        part.fee = None if settled.fee is None else settled.fee * weight / sum(weights)
    known = {part.line.line_id for part in parts}
    direct = [back for back in settled.refunds if back.line_id in known]
    pooled = [back for back in settled.refunds if back.line_id not in known]
    for part in parts:
        own = [back for back in direct if back.line_id == part.line.line_id]
        part.refunded = sum((back.goods for back in own), ZERO)
        stated = [back.quantity for back in own if back.is_returned and back.quantity is not None]
        worth = sum((back.goods for back in own if back.is_returned), ZERO)
        if stated:
            part.returned = sum(stated, ZERO)
        elif part.goods:
            part.returned = part.line.quantity * worth / part.goods
    left = [max(part.goods - part.refunded, ZERO) for part in parts]
    pool = sum((back.goods for back in pooled), ZERO)
    settled.loose = ZERO if sum(left) else abs(pool)
    worth = sum((back.goods for back in pooled if back.is_returned), ZERO)
    for number, part in enumerate(parts):
        share = left[number] / sum(left) if sum(left) else Decimal(number == 0)
        part.refunded += pool * share
        if part.goods:
            part.returned += part.line.quantity * worth * share / part.goods
        part.returned = min(part.line.quantity, part.returned)
        _cost(settled, part)


def _cost(settled: Settled, part: Part) -> None:
    is_goods = part.line.kind == "goods"
    if not settled.is_sale or not is_goods:
        part.cost = ZERO
    elif part.unit_cost is not None:
        part.cost = (part.line.quantity - part.returned) * part.unit_cost
    kept = max(1 - part.refunded / part.goods, ZERO) if part.goods > 0 else Decimal(1)
    part.subsidy = part.platform * kept if settled.is_sale else ZERO


def credit_notes(shop: RandomShop) -> list[CreditNote]:
    """Credit notes in yuan at the rate of their own day."""
    found = []
    for refund in shop.refunds:
        if not refund.order_id and refund.status == "success":
            on = day(refund.refunded_at or refund.requested_at)
            currency = refund.currency or ("USD" if shop.layout == "heads" else "")
            found.append(
                CreditNote(refund, on, convert(refund.amount, rate(currency, on)) if on else None)
            )
    return found
