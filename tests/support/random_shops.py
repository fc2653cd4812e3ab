"""Shops of random shape and everything that their exports say: the same seed gives the same shops."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from random_orders import OrderMaker
from random_world import DAYS, FAR, FIRST, LAYOUTS, Line, Order, RandomShop, Refund, Spend

_CATEGORIES = ["tea", "cups", "sweets"]


class Maker(OrderMaker):
    """Makes shops; `shapes` says how often an order is what."""

    shapes: Sequence[tuple[str, int]] = (
        ("plain", 40), ("coupon", 8), ("platform_coupon", 6), ("midnight", 5), ("zero", 4),
        ("zero_refunded", 4), ("gift", 2), ("brushing", 2), ("unpaid", 5), ("cancelled", 4),
        ("cancelled_paid", 3), ("partly_paid", 3), ("tip", 4), ("gift_card_only", 2),
        ("all_by_platform", 2), ("gap", 3), ("other_currency", 6), ("no_rate", 2), ("no_rate_unpaid", 1),
        ("no_pay_time", 2), ("free_line", 4), ("presale", 2), ("postage_over_paid", 1),
    )  # fmt: skip

    def shops(self, count: int, orders: int = 20) -> list[RandomShop]:
        """As many shops, all layouts among them."""
        return [self.shop(f"s{number:04}", number, orders) for number in range(count)]

    def shop(self, shop_id: str, number: int, orders: int) -> RandomShop:
        """A shop with its catalogue, orders, refunds and ads."""
        rnd = self.random
        layout = LAYOUTS[number % len(LAYOUTS)]
        currency = (
            "USD"
            if layout == "heads"
            else rnd.choice(["", "CNY", "USD", "EUR", "JPY", "VND", "GBP"])
        )
        shop = RandomShop(shop_id, layout, currency, has_costs=rnd.random() < 0.7)
        if layout != "heads" and rnd.random() < 0.85:
            for name in range(1, 7):
                price = self.money(currency, 5, 400) if rnd.random() < 0.9 else None
                cost = (
                    self.money(currency, 1, 90) if shop.has_costs and rnd.random() < 0.9 else None
                )
                shop.products[f"P{name}"] = (rnd.choice(_CATEGORIES), price, cost)
        names, weights = zip(*self.shapes, strict=True)
        for index in range(orders):
            shape = "plain" if index == 0 else rnd.choices(names, weights)[0]
            order = self.order(shop, index, shape)
            shop.orders.append(order)
            if rnd.random() < 0.3 or (order.paid == 0 and shape == "zero_refunded") or index == 0:
                self.give_back(shop, order, shape)
            if rnd.random() < 0.15:
                shop.earlier.append(self.before_the_edit(order))
        self.odd_rows(shop)
        if rnd.random() < 0.6:
            self.advertise(shop)
        return shop

    def give_back(self, shop: RandomShop, order: Order, shape: str) -> None:
        """Refunds of an order: some, all, too much, in parts, by line, refused, without a date."""
        rnd = self.random
        due = order.paid or self._listed(order) or self.money(order.currency, 10, 90)
        if shop.layout == "stating":
            if order.status in ("unpaid", "cancelled") and order.paid_at is None:
                return
            order.refunded = self.part(due, rnd.choice([0.25, 0.5, 1]))
            order.refunded_at = (
                order.ordered_at + timedelta(days=rnd.randrange(40)) if rnd.random() < 0.7 else None
            )
            return
        parts = rnd.choice([[1], [1], [0.5], [0.25, 0.25], [0.3, 0.7], [1.2]])
        for number, share in enumerate(parts):
            at = order.ordered_at + timedelta(days=rnd.randrange(45), seconds=rnd.randrange(86400))
            refund = Refund(
                shop, f"r-{order.order_id}-{number}", order.order_id, self.part(due, share), at,
                requested_at=at - timedelta(hours=2), refund_type=rnd.choice(["return", "refund_only", "pre_shipment", ""]),
                status=rnd.choices(["success", "rejected", "requested"], [8, 1, 1])[0],
            )  # fmt: skip
            if rnd.random() < 0.1:
                refund.refunded_at = None
            if shop.layout != "heads" and rnd.random() < 0.1:
                refund.currency, refund.amount = "USD", self.money("USD", 1, 9)
            if order.lines and rnd.random() < 0.4 and shape == "plain":
                line = rnd.choice(order.lines)
                refund.line_id, refund.amount = (
                    line.line_id,
                    self.part(line.quantity * (line.unit_price or 0), 0.5),
                )
                refund.currency = ""
                refund.quantity = Decimal(1) if rnd.random() < 0.5 else None
            if refund.amount > 0:
                shop.refunds.append(refund)

    def odd_rows(self, shop: RandomShop) -> None:
        """Credit notes, refunds of unknown orders or of another century, lines without an order."""
        rnd = self.random
        if shop.layout == "stating":
            return
        if rnd.random() < 0.4:
            note = Refund(
                shop, f"n-{shop.shop_id}", "", self.money(shop.currency, 5, 50), self.moment()
            )
            note.currency, note.platform = shop.currency, rnd.choice(["tmall", ""])
            note.product_id = rnd.choice(["P1", ""]) if shop.layout != "heads" else ""
            note.quantity = Decimal(1)
            shop.refunds.append(note)
        if rnd.random() < 0.1:
            shop.refunds.append(
                Refund(
                    shop,
                    f"o-{shop.shop_id}",
                    "no-such-order",
                    self.money(shop.currency, 5, 50),
                    self.moment(),
                )
            )
        if rnd.random() < 0.1:
            shop.refunds.append(
                Refund(
                    shop,
                    f"f-{shop.shop_id}",
                    shop.orders[0].order_id,
                    self.money(shop.currency, 1, 2),
                    FAR,
                )
            )
        if shop.layout == "full" and rnd.random() < 0.1:
            line = Line("1", "P1", Decimal(1), self.money(shop.currency, 5, 50))
            line.paid = line.unit_price
            shop.orphans.append((f"{shop.shop_id}-gone", line))

    def before_the_edit(self, order: Order) -> Order:
        """What an earlier export said: another line, other money, unpaid yet."""
        lines = [replace(line) for line in order.lines]
        if lines:
            lines[0].quantity += 1
            lines.append(Line("gone", "P2", Decimal(1), Decimal(77), paid=Decimal(77)))
        paid = None if order.paid is None else order.paid + 100
        return replace(order, lines=lines, paid=paid, status="paid", order_type="normal")

    def advertise(self, shop: RandomShop) -> None:
        """Ad reports: campaigns, their account's total, their ads; a currency without a rate at the end."""
        rnd = self.random
        currency, platform = rnd.choice(["CNY", "USD"]), rnd.choice(["google", "wanxiang"])
        levels = rnd.choice(
            [["campaign"], ["campaign", "account"], ["campaign", "ad"], ["account"], ["ad"]]
        )
        for number in rnd.sample(range(DAYS), 10):
            day = (FIRST + timedelta(days=number)).date()
            money = "BRL" if number >= DAYS - 3 and rnd.random() < 0.02 else currency
            ads = []
            for campaign in ["k1", "k2"][: rnd.choice([1, 2])]:
                for ad in ["a1", "a2"]:
                    amount, claimed = (Decimal(rnd.randrange(100, 9000)) / 100 for _ in range(2))
                    clicks = rnd.randrange(1, 40)
                    ads.append(
                        Spend(
                            shop,
                            "ad",
                            "acc",
                            campaign,
                            ad,
                            day,
                            platform,
                            money,
                            amount,
                            claimed,
                            clicks * 30,
                            clicks,
                        )
                    )
            for level in levels:
                shop.spend.extend(_rolled(ads, level))


def _rolled(ads: list[Spend], level: str) -> list[Spend]:
    """The ads of a day as a report of a level shows them."""
    groups: dict[tuple[str, str], list[Spend]] = {}
    for ad in ads:
        key = ("" if level == "account" else ad.campaign_id, ad.ad_id if level == "ad" else "")
        groups.setdefault(key, []).append(ad)
    return [
        replace(
            rows[0], level=level, campaign_id=campaign, ad_id=ad,
            amount=sum((row.amount for row in rows), Decimal(0)),
            claimed=sum((row.claimed for row in rows), Decimal(0)),
            impressions=sum(row.impressions for row in rows), clicks=sum(row.clicks for row in rows),
        )
        for (campaign, ad), rows in groups.items()
    ]  # fmt: skip
