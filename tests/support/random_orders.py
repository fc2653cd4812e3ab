"""Orders of random shape: what was bought, in which currency, with which discounts, paid when and how much."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from random_world import DAYS, FIRST, Line, Order, RandomShop

_CHANNELS = ["shelf", "live", "search", ""]
_PLATFORMS = ["tmall", "jd", "own", "douyin"]


class OrderMaker:
    """Makes orders from a seed; a shape has its method."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def money(self, currency: str, low: int, high: int) -> Decimal:
        """An amount as large as the currency makes it, with its decimals."""
        amount = self.random.uniform(low, high)
        if currency == "VND":
            return Decimal(int(amount * 26000))
        if currency == "JPY":
            return Decimal(int(amount * 150))
        return Decimal(str(round(amount, self.random.choice([0, 2, 2, 2, 4]))))

    def part(self, amount: Decimal, share: float) -> Decimal:
        """A share of an amount, in its decimals."""
        digits = min(-int(amount.as_tuple().exponent), 4)
        return round(amount * Decimal(str(share)), max(digits, 0))

    def moment(self, first_day: int = 0) -> datetime:
        """Any second; often one next to midnight of some zone."""
        at = FIRST + timedelta(
            days=self.random.randrange(first_day, DAYS), seconds=self.random.randrange(86400)
        )
        if self.random.random() < 0.3:
            at = at.replace(hour=self.random.choice([3, 4, 15, 16]), minute=59, second=59)
            at += timedelta(seconds=self.random.choice([0, 1]))
        return at

    def order(self, shop: RandomShop, index: int, shape: str) -> Order:
        """An order of a shape, as its last export states it."""
        rnd = self.random
        at = self.moment()
        currency = shop.currency
        if shop.layout != "heads":
            if shape == "other_currency":
                currency = rnd.choice(["CNY", "USD", "EUR", "JPY", "VND"])
            elif shape.startswith("no_rate"):
                currency = "BRL"
        pause = rnd.choice([timedelta(seconds=20), timedelta(minutes=10), timedelta(hours=30)])
        order = Order(
            shop, f"{shop.shop_id}-{index:03}", currency, at, at + pause,
            rnd.choice(_PLATFORMS), rnd.choice(_CHANNELS), rnd.choice(["", *(f"c{n}" for n in range(6))]),
            fee=self.money(currency, 0, 3) if rnd.random() < 0.8 else None,
        )  # fmt: skip
        if shape == "midnight":
            order.ordered_at = at.replace(hour=15, minute=59, second=50)
            order.paid_at = order.ordered_at + timedelta(seconds=20)
        if shop.layout != "heads":
            for number in range(rnd.choice([1, 1, 2, 3])):
                order.lines.append(self.line(shop, order, f"{number + 1}"))
        order.shipping = self.money(currency, 0, 12) if rnd.random() < 0.4 else Decimal(0)
        order.tax = self.money(currency, 0, 9) if rnd.random() < 0.2 else Decimal(0)
        getattr(self, f"_shape_{shape}", lambda *_: None)(order)
        order.updated_at = max(filter(None, [order.paid_at, order.ordered_at])) + timedelta(
            days=rnd.randrange(9)
        )
        self.total(order, shape)
        return order

    def line(self, shop: RandomShop, order: Order, line_id: str) -> Line:
        """A line of goods."""
        rnd = self.random
        price = self.money(order.currency, 5, 300)
        quantity = Decimal(rnd.choice(["1", "1", "1", "2", "3"]))
        line = Line(
            line_id, f"P{rnd.randrange(1, 8)}" if rnd.random() < 0.95 else "", quantity, price
        )
        if rnd.random() < 0.3:
            line.merchant = self.part(quantity * price, rnd.choice([0.1, 0.25]))
        if rnd.random() < 0.1:
            line.platform = self.part(quantity * price, 0.05)
        if shop.has_costs and rnd.random() < 0.3:
            line.unit_cost = self.money(order.currency, 1, 60)
        return line

    def total(self, order: Order, shape: str) -> None:
        """State what was paid, as the layout does it."""
        if order.shop.layout == "heads":
            goods = Decimal(0) if shape.startswith("zero") else self.money(order.currency, 10, 500)
            order.paid = goods + order.shipping + order.tax
            if shape.startswith("zero"):
                order.paid = order.shipping = order.tax = Decimal(0)
            return
        for line in order.lines:
            due = line.quantity * (line.unit_price or 0) - line.merchant - line.platform
            line.paid = Decimal(0) if line.is_gift else due
        order.merchant += sum(
            (line.merchant for line in order.lines if line.kind == "goods"), Decimal(0)
        )
        order.platform_off += sum(
            (line.platform for line in order.lines if line.kind == "goods"), Decimal(0)
        )
        listed = sum(
            (line.quantity * (line.unit_price or 0) for line in order.lines if not line.is_gift),
            Decimal(0),
        )
        order.paid = listed - order.merchant - order.platform_off + order.shipping + order.tax
        if shape == "gap":
            order.paid -= self.part(order.paid, 0.03)
        if shape in ("zero", "zero_refunded"):
            order.paid = order.shipping = order.tax = Decimal(0)
        if shape == "postage_over_paid":
            order.paid = self.part(order.shipping, 0.5)
        if shape == "partly_paid":
            order.outstanding = self.part(order.paid, 0.4)
        if order.shop.layout == "bare":
            order.paid = order.outstanding = None
            for line in order.lines:
                line.paid = None

    def _shape_coupon(self, order: Order) -> None:
        """A discount of the shop on the whole order."""
        order.merchant = self.part(self._listed(order), 0.1)

    def _shape_platform_coupon(self, order: Order) -> None:
        """A discount of the platform on the whole order."""
        order.platform_off = self.part(self._listed(order), 0.1)

    def _shape_all_by_platform(self, order: Order) -> None:
        """The platform pays for all of it."""
        for line in order.lines:
            line.merchant, line.platform = Decimal(0), line.quantity * (line.unit_price or 0)
        order.shipping = order.tax = Decimal(0)

    def _shape_zero(self, order: Order) -> None:
        """Everything is given away, and the header says 0."""
        for line in order.lines:
            line.merchant, line.platform = line.quantity * (line.unit_price or 0), Decimal(0)

    def _shape_zero_refunded(self, order: Order) -> None:
        """The export writes 0 once all was given back: lines of full price, nothing paid."""

    def _shape_gift(self, order: Order) -> None:
        order.order_type = "gift"

    def _shape_brushing(self, order: Order) -> None:
        order.order_type = "brushing"

    def _shape_presale(self, order: Order) -> None:
        order.order_type = "presale"

    def _shape_unpaid(self, order: Order) -> None:
        order.status, order.paid_at = "unpaid", None

    def _shape_no_rate_unpaid(self, order: Order) -> None:
        order.status, order.paid_at = "unpaid", None

    def _shape_cancelled(self, order: Order) -> None:
        order.status, order.paid_at = "cancelled", None

    def _shape_cancelled_paid(self, order: Order) -> None:
        order.status = "cancelled"

    def _shape_no_pay_time(self, order: Order) -> None:
        order.paid_at = None

    def _shape_tip(self, order: Order) -> None:
        """Something beside the goods that is none."""
        if order.lines:
            kind = self.random.choice(["tip", "gift_card", "insurance"])
            order.lines.append(
                Line("x", "", Decimal(1), self.money(order.currency, 1, 20), kind=kind)
            )

    def _shape_gift_card_only(self, order: Order) -> None:
        if order.lines:
            order.shipping = order.tax = Decimal(0)
            order.lines[:] = [
                Line("x", "", Decimal(1), self.money(order.currency, 50, 100), kind="gift_card")
            ]

    def _shape_free_line(self, order: Order) -> None:
        if order.lines:
            order.lines.append(
                Line("g", "P1", Decimal(1), self.money(order.currency, 5, 9), is_gift=True)
            )

    def _shape_postage_over_paid(self, order: Order) -> None:
        order.shipping, order.tax = self.money(order.currency, 8, 12), Decimal(0)

    def _listed(self, order: Order) -> Decimal:
        return sum((line.quantity * (line.unit_price or 0) for line in order.lines), Decimal(0))
