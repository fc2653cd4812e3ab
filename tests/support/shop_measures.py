"""Measures of orders, refunds, customers and ads, added up for every period and slice."""

from datetime import timedelta
from decimal import Decimal

from shop_money import Settled
from shop_rates import ZERO, convert, rate
from shop_truth import Slice, Truth, periods

CENT = Decimal("0.01")
LTV_DAYS, REFUND_DAYS = timedelta(days=90), timedelta(days=30)
CHANNELS = {"google": "paid_search", "wanxiang": "paid_platform"}


def add_sales(truth: Truth) -> None:
    for order in truth.orders:
        slices = truth.slices(order)
        if (order.is_sale or not order.is_paid) and order.goods is not None:
            truth.add("placed", order.ordered_on, slices, order.goods)
        if not order.is_sale or order.goods is None:
            continue
        on = order.paid_on
        for measure, amount in (
            ("paid", order.paid), ("goods", order.goods), ("listed", order.listed), ("merchant", order.merchant),
            ("orders", 1), ("units", order.units), ("refunded_later", order.refunded),
        ):  # fmt: skip
            truth.add(measure, on, slices, amount)
        _margin(truth, order, slices)
        if order.customer:
            truth.meet("buyers", on, slices, order.customer)
            truth.add("identified_paid", on, slices, order.paid)
        if on + REFUND_DAYS <= truth.last_day:
            early = sum((b.amount for b in order.refunds if b.on <= on + REFUND_DAYS), ZERO)
            truth.add("matured_paid", on, slices, order.paid)
            truth.add("matured_refunded", on, slices, early)


def _margin(truth: Truth, order: Settled, slices: list[Slice]) -> None:
    """What is left of an order whose costs are known; subsidies are in cents per line."""
    for measure, base, amount in (
        ("margin", "costed", order.margin),
        ("contribution", "contributing", order.contribution),
    ):
        if amount is not None:
            truth.add(base, order.paid_on, slices, order.net)
            truth.add(measure, order.paid_on, slices, amount)
            truth.add(f"{measure}_slack", order.paid_on, slices, slack_of(order))


def slack_of(order: Settled) -> Decimal:
    """What rounding may move between the lines of an order: cents that they share, parts of units that came back."""
    slack = Decimal("0.0001") * len(order.parts) + order.loose
    if order.refunds:
        slack += sum((part.unit_cost or ZERO for part in order.parts), ZERO) * Decimal("0.0001")
    if len({back.on for back in order.refunds}) < len(order.refunds):
        # Of two refunds of one day, either may be the one whose goods came back.
        slack += sum((part.line.quantity * (part.unit_cost or ZERO) for part in order.parts), ZERO)
    if order.is_shared or order.platform or (order.refunds and len(order.parts) > 1):
        slack += CENT * 2 * len(order.parts)
    return slack


def add_refunds(truth: Truth) -> None:
    for order in truth.orders:
        for back in order.refunds if order.is_sale else []:
            truth.add("refunded", back.on, truth.slices(order), back.amount)
            truth.add("goods_refunded", back.on, truth.slices(order), back.goods)
    for shop, note in truth.notes:
        if note.on and note.amount is not None:
            platform = note.refund.platform or shop.source_system
            slices = truth.of_shop(
                shop, platform=platform, sales_channel="unknown", customer_type="unknown"
            )
            truth.add("refunded", note.on, slices, note.amount)
            truth.add("goods_refunded", note.on, slices, note.amount)


def add_customers(truth: Truth) -> None:
    for who, orders in truth.history.items():
        since = min(order.paid_on for order in orders)
        for order in orders:
            if order.paid_on == since:
                slices = [piece for piece in truth.slices(order) if piece[1] != "customer_type"]
                truth.meet("new_customers", since, slices, who)
        if since + LTV_DAYS > truth.last_day:
            continue
        first = next(o for o in orders if o.paid_on == since)
        early = [order for order in orders if order.paid_on <= since + LTV_DAYS]
        slices = truth.of_shop(first.order.shop, platform=first.order.platform)
        truth.add("cohort", since, slices, 1)
        truth.add("cohort_net", since, slices, sum((order.net for order in early), ZERO))
        worth = [order.contribution for order in early]
        if None not in worth:
            truth.add("contributors", since, slices, 1)
            truth.add("cohort_worth", since, slices, sum((w for w in worth if w is not None), ZERO))
            truth.add(
                "cohort_worth_slack",
                since,
                slices,
                sum((slack_of(order) for order in early), ZERO),
            )


def add_spend(truth: Truth) -> None:
    for shop in truth.shops:
        best = {
            (row.day, row.level): None for row in shop.spend
        }  # Reports of one day agree: campaigns, else the account, else the ads.
        for row in shop.spend:
            levels = {level for on, level in best if on == row.day}
            if row.level != next(x for x in ("campaign", "account", "ad") if x in levels):
                continue
            channel = CHANNELS[row.ad_platform]
            slices = truth.of_shop(shop, ad_platform=row.ad_platform, channel=channel)
            truth.add("impressions", row.day, slices, row.impressions)
            truth.add("clicks", row.day, slices, row.clicks)
            by = rate(row.currency, row.day)
            if by is None:
                truth.lost_spend.append((shop, row))
                truth.gaps |= {
                    (period, start, *piece)
                    for period, start in periods(row.day)
                    for piece in slices
                }
                continue
            truth.add("spend", row.day, slices, convert(row.amount, by) or ZERO)
            truth.add("claimed", row.day, slices, convert(row.claimed, by) or ZERO)
            if row.day + LTV_DAYS <= truth.last_day:
                truth.add("matured_spend", row.day, slices, convert(row.amount, by) or ZERO)
