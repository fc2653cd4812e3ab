"""KPIs of orders, goods, money and refunds: sums over the orders of a slice."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace as Row

from kpi_atoms import Answer, Atoms, Kpi, Slice, entering, total

KPIS: dict[str, Kpi] = {}
kpi = entering(KPIS)

REFUND_DAYS = 30


def of_slice(order: Row, piece: Slice) -> bool:
    """Whether an order belongs to the slice, whatever its day."""
    if piece.dimension == "customer_type":
        kind = "new" if order.is_first_order else "returning"
        return piece.value == ("unknown" if order.is_anonymous else kind)
    found = {
        "all": "all",
        "platform": order.platform or "unknown",
        "sales_channel": order.sales_channel or "unknown",
    }[piece.dimension]
    return piece.of_shop(order.shop_id) and found == piece.value


def sales(atoms: Atoms, piece: Slice) -> list[Row]:
    """Orders paid in the period; in a category those that touch it."""
    paid = [order for order in atoms.sales if piece.holds(order.paid_on)]
    if piece.dimension == "category":
        return [order for order in paid if lines(atoms, [order], piece)]
    return [order for order in paid if of_slice(order, piece)]


def lines(atoms: Atoms, orders: Iterable[Row], piece: Slice) -> list[Row]:
    """Lines of orders; in a category its own."""
    return [
        line
        for order in orders
        for line in atoms.lines_of.get(order.order_key, [])
        if piece.dimension != "category" or (line.category or "unknown") == piece.value
    ]


def goods(atoms: Atoms, piece: Slice) -> Decimal:
    return total(line.goods_amount for line in lines(atoms, sales(atoms, piece), piece))


def units(atoms: Atoms, piece: Slice) -> Decimal:
    sold = lines(atoms, sales(atoms, piece), piece)
    return total(line.quantity for line in sold if _is_sold_goods(line))


def _is_sold_goods(line: Row) -> bool:
    """Whether the line is neither given away nor a tip, a gift card or the like."""
    return not line.is_gift and line.line_kind == "goods"


def paid(atoms: Atoms, piece: Slice) -> Decimal:
    return total(order.paid_amount for order in sales(atoms, piece))


def refunds(atoms: Atoms, piece: Slice) -> list[Row]:
    """Successful refunds of the period, on orders of the slice or on no order."""
    return [
        refund
        for refund in atoms.refunds
        if refund.is_success and piece.holds(refund.refunded_on)
        for order in [atoms.order_of.get(refund.order_key)]
        if (order and order.is_sale and of_slice(order, piece))
        or (refund.order_key is None and _is_of_nobody(refund, piece))
    ]


def _is_of_nobody(refund: Row, piece: Slice) -> bool:
    """Whether a credit note that names no order belongs to the slice."""
    known = {"all": "all", "platform": refund.platform}
    found = known.get(piece.dimension, "unknown")
    return piece.of_shop(refund.shop_id) and found == piece.value


def kinds_of_goods(atoms: Atoms, order: Row) -> int:
    return len(
        {line.product_key for line in atoms.lines_of[order.order_key] if _is_sold_goods(line)}
    )


@kpi
def gmv_pay(atoms: Atoms, piece: Slice) -> Answer:
    return paid(atoms, piece), None


@kpi
def net_sales(atoms: Atoms, piece: Slice) -> Answer:
    given_back = total(refund.goods_refunded_amount for refund in refunds(atoms, piece))
    return goods(atoms, piece) - given_back, None


def placed(atoms: Atoms, piece: Slice) -> list[Row]:
    """Orders placed in the period, paid or not, without gifts and the like."""
    return [
        order
        for order in atoms.orders
        if piece.holds(order.ordered_on)
        and (order.is_sale or not order.is_paid)
        and of_slice(order, piece)
    ]


@kpi
def gmv_placed(atoms: Atoms, piece: Slice) -> Answer:
    return total(order.goods_amount for order in placed(atoms, piece)), None


@kpi
def order_to_pay(atoms: Atoms, piece: Slice) -> Answer:
    ordered = [order for order in placed(atoms, piece) if not order.is_anonymous]
    payers = {order.customer_id for order in ordered if order.paid_on and order.is_sale}
    return len(payers), len({order.customer_id for order in ordered})


@kpi
def orders(atoms: Atoms, piece: Slice) -> Answer:
    return len(sales(atoms, piece)), None


@kpi
def buyers(atoms: Atoms, piece: Slice) -> Answer:
    known = {order.customer_id for order in sales(atoms, piece) if not order.is_anonymous}
    # Sales without any identified buyer have buyers that cannot be counted.
    return (len(known) if known or not sales(atoms, piece) else None), None


@kpi
def aov_buyer(atoms: Atoms, piece: Slice) -> Answer:
    known = [order for order in sales(atoms, piece) if not order.is_anonymous]
    return total(order.paid_amount for order in known), buyers(atoms, piece)[0]


@kpi
def aov_order(atoms: Atoms, piece: Slice) -> Answer:
    return paid(atoms, piece), len(sales(atoms, piece))


@kpi
def price_per_unit(atoms: Atoms, piece: Slice) -> Answer:
    return goods(atoms, piece), units(atoms, piece)


@kpi
def upt(atoms: Atoms, piece: Slice) -> Answer:
    return units(atoms, piece), len(sales(atoms, piece))


@kpi
def upt_products(atoms: Atoms, piece: Slice) -> Answer:
    sold = sales(atoms, piece)
    return sum(kinds_of_goods(atoms, order) for order in sold), len(sold)


@kpi
def cross_sell_rate(atoms: Atoms, piece: Slice) -> Answer:
    sold = sales(atoms, piece)
    return sum(kinds_of_goods(atoms, order) >= 2 for order in sold), len(sold)


@kpi
def promo_participation(atoms: Atoms, piece: Slice) -> Answer:
    sold = sales(atoms, piece)
    return sum(order.promotion_id is not None for order in sold), len(sold)


@kpi
def discount_rate(atoms: Atoms, piece: Slice) -> Answer:
    sold = lines(atoms, sales(atoms, piece), piece)
    return (
        total(line.merchant_discount_amount for line in sold),
        total(line.list_amount for line in sold),
    )


@kpi
def hv_goods_share(atoms: Atoms, piece: Slice) -> Answer:
    sold = lines(atoms, sales(atoms, piece), piece)
    dear = [line for line in sold if line.product_key in atoms.dear_products]
    return total(line.goods_amount for line in dear), total(line.goods_amount for line in sold)


@kpi
def refund_rate(atoms: Atoms, piece: Slice) -> Answer:
    given_back = total(refund.refunded_amount for refund in refunds(atoms, piece))
    return given_back, paid(atoms, piece)


@kpi
def refund_rate_order_date(atoms: Atoms, piece: Slice) -> Answer:
    given_back = total(
        refund.refunded_amount
        for order in sales(atoms, piece)
        for refund in atoms.refunds_of.get(order.order_key, [])
    )
    return given_back, paid(atoms, piece)


@kpi
def refund_rate_cohort(atoms: Atoms, piece: Slice) -> Answer:
    window = timedelta(days=REFUND_DAYS)
    old = [order for order in sales(atoms, piece) if order.paid_on + window <= atoms.last_day]
    given_back = total(
        refund.refunded_amount
        for order in old
        for refund in atoms.refunds_of.get(order.order_key, [])
        if refund.refunded_on <= order.paid_on + window
    )
    return given_back, total(order.paid_amount for order in old)


def margin_share(atoms: Atoms, piece: Slice, margin: str) -> Answer:
    """Margin over net sales of what has a known margin: lines of a category, else orders."""
    sold = sales(atoms, piece)
    parts = lines(atoms, sold, piece) if piece.dimension == "category" else sold
    known = [part for part in parts if getattr(part, margin) is not None]
    return total(getattr(part, margin) for part in known), total(part.net_amount for part in known)


@kpi
def gross_margin_rate(atoms: Atoms, piece: Slice) -> Answer:
    return margin_share(atoms, piece, "margin_amount")


@kpi
def contribution_margin_rate(atoms: Atoms, piece: Slice) -> Answer:
    return margin_share(atoms, piece, "contribution_amount")
