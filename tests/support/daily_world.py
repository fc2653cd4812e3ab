"""Days of a shop as they arrive: visits, orders, refunds, spend; late, restated, of customers who merge and split."""

import random
from datetime import datetime, timedelta

from identity_world import Day, phone

FIRST = datetime(2026, 3, 2)
_STEPS = ("view_item", "add_to_cart", "begin_checkout", "order", "pay")
_SOURCES = (
    {"utm_source": "google", "utm_medium": "cpc"},
    {"utm_source": "newsletter", "utm_medium": "email"},
    {"referrer_url": "https://www.baidu.com/s"},
    {"referrer_url": "https://cashier.alipay.com/x"},
    {},
)


class World:
    """Draws the days; the same seed gives the same days."""

    def __init__(self, seed: int, visitors: int = 25) -> None:
        self.draw = random.Random(seed)
        self.visitors = visitors
        self.events: list[dict[str, object]] = []
        self.orders: list[dict[str, object]] = []
        self.withdrawn: dict[int, list[str]] = {}
        """Ids of lines by the day that states their orders without them."""

    def days(self, count: int) -> list[Day]:
        """What arrives on each of so many days."""
        return [self._day(number) for number in range(count)]

    def _day(self, number: int) -> Day:
        draw, day = self.draw, Day()
        for _ in range(12):
            # Every fifth visit arrives days later, some on the day of an earlier one.
            late = draw.randrange(1, 5) if draw.random() < 0.2 else 0
            self._visit(day, FIRST + timedelta(days=max(number - late, 0)))
        if draw.random() < 0.3:
            self._visit(day, datetime(2086, 1, 1))
        for event in draw.sample(self.events, min(len(self.events), draw.randrange(4))):
            day.add("web.events", **self._exported_again(event))
        self._customers(day, number)
        self._products(day, number)
        self._ads(day, number)
        for _ in range(5):
            self._order(day, number)
        for order in draw.sample(self.orders, min(len(self.orders), draw.randrange(4))):
            self._change_order(day, order, number)
        return day

    def _visit(self, day: Day, on: datetime) -> None:
        draw = self.draw
        visitor, source = draw.randrange(self.visitors), draw.choice(_SOURCES)
        at = on + timedelta(seconds=draw.randrange(80_000))
        session = f"s{len(self.events)}" if draw.random() < 0.4 else None
        login = f"C{visitor % 9}" if draw.random() < 0.4 else None
        steps = ["page_view", *_STEPS[: draw.randrange(len(_STEPS) + 1)]]
        if draw.random() < 0.2:
            draw.shuffle(steps)
        for name in steps:
            event = {
                "source_system": "site", "shop_id": "own", "event_id": f"e{len(self.events)}", "event_name": name,
                "visitor_id": f"v{visitor}", "session_id": session, "crm_customer_id": login, "event_at": at,
                "page_url": "https://shop.example/p", **source,
            }  # fmt: skip
            self.events.append(event)
            day.add("web.events", **event)
            at += timedelta(minutes=draw.choice((1, 5, 20, 45)))

    def _exported_again(self, event: dict[str, object]) -> dict[str, object]:
        """An event with another time, visitor or name, under its own key."""
        change = self.draw.choice(("time", "visitor", "name", "login"))
        if change == "time":
            at = event["event_at"]
            assert isinstance(at, datetime)
            event["event_at"] = at + timedelta(hours=self.draw.randrange(-30, 30))
        elif change == "visitor":
            event["visitor_id"] = f"v{self.draw.randrange(self.visitors)}"
        elif change == "name":
            event["event_name"] = self.draw.choice(_STEPS)
        else:
            event["crm_customer_id"] = f"C{self.draw.randrange(9)}"
        return dict(event)

    def _customers(self, day: Day, number: int) -> None:
        """One more CRM customer per day; some share a WeChat id with an earlier one, which merges the two.

        Later some are exported again with an id of their own or of another, which splits or merges.
        """
        if number < 9:
            self._customer(day, number, number // 2 if self.draw.random() < 0.5 else number, number)
        if number > 1 and self.draw.random() < 0.5:
            customer = self.draw.randrange(min(number, 9))
            self._customer(
                day, customer, self.draw.choice((customer, self.draw.randrange(9))), number
            )

    def _customer(self, day: Day, customer: int, wechat: int, number: int) -> None:
        day.add(
            "crm.customers", source_system="crm", shop_id="own", customer_id=f"C{customer}", phone=phone(customer),
            wechat_unionid=f"U{wechat}", registered_at=FIRST, updated_at=FIRST + timedelta(days=number),
        )  # fmt: skip

    def _ads(self, day: Day, number: int) -> None:
        """The spend of this day and, with other amounts, of up to two days before, as ad platforms restate it."""
        for on in range(max(number - self.draw.randrange(3), 0), number + 1):
            for platform, campaign in (("google_ads", "1"), ("juguang", "2"))[
                : self.draw.randrange(3)
            ]:
                day.add(
                    "ads.daily_spend", source_system=platform, shop_id="own", report_level="campaign",
                    account_id="a", campaign_id=campaign, ad_id="", segment="", split_by="",
                    spend_on=(FIRST + timedelta(days=on)).date(), ad_platform=platform, currency="CNY",
                    impressions=self.draw.randrange(100, 900), clicks=self.draw.randrange(50),
                    spend_amount=self.draw.randrange(1, 60), claimed_conversions=self.draw.randrange(4),
                )  # fmt: skip

    def _products(self, day: Day, number: int) -> None:
        """The catalogue on the first day; later a product with another cost, name or category."""
        for product in range(4) if number == 0 else [self.draw.randrange(4)] * (number % 3 == 2):
            day.add(
                "erp.products", source_system="erp", shop_id="own", product_id=f"P{product}",
                product_name=f"Tea {product} of day {number}", category=self.draw.choice(("tea", "cups")),
                unit_cost=self.draw.randrange(1, 5), list_price=10, currency="CNY",
            )  # fmt: skip

    def _order(self, day: Day, number: int) -> None:
        draw, order_id = self.draw, f"O{len(self.orders)}"
        at = FIRST + timedelta(
            days=max(number - draw.choice((0, 0, 0, 3)), 0), seconds=draw.randrange(80_000)
        )
        is_paid = draw.random() < 0.85
        order = {
            "source_system": "erp", "shop_id": draw.choice(("own", "other")), "order_id": order_id,
            "status": "paid" if is_paid else "unpaid", "paid_amount": draw.randrange(10, 90), "platform": "own",
            "sales_channel": draw.choice(("live", "shop", None)), "ordered_at": at, "paid_at": at if is_paid else None,
            "phone": phone(draw.randrange(12)) if draw.random() < 0.8 else None,
            "fee_amount": draw.choice((None, 1)),
        }  # fmt: skip
        self.orders.append(order)
        day.add("erp.orders", **order)
        for line in range(draw.randrange(3)):
            day.add(
                "erp.order_lines", source_system="erp", shop_id=order["shop_id"], order_id=order_id,
                line_id=f"{order_id}-{line}", product_id=f"P{draw.randrange(5)}", product_name=draw.choice(("Tea", "Tip")),
                quantity=draw.randrange(1, 4), unit_price=draw.randrange(5, 30), is_gift=draw.random() < 0.1,
            )  # fmt: skip

    def _change_order(self, day: Day, order: dict[str, object], number: int) -> None:
        """A refund, another status, amount or buyer, or a line less."""
        draw, order_id = self.draw, str(order["order_id"])
        change = draw.choice(("refund", "refund", "status", "amount", "buyer", "line"))
        at = FIRST + timedelta(days=number, hours=9)
        if change == "refund":
            day.add(
                "erp.refunds", source_system="erp", shop_id=order["shop_id"], refund_id=f"R-{order_id}",
                order_id=order_id, status=draw.choice(("success", "success", "requested")),
                refunded_amount=draw.randrange(1, 30), requested_at=at, refunded_at=at,
            )  # fmt: skip
        elif change == "line":
            self.withdrawn.setdefault(number, []).append(f"{order_id}-0")
        else:
            if change == "status":
                order |= {
                    "status": draw.choice(("completed", "cancelled", "paid")),
                    "paid_at": order["ordered_at"],
                }
            elif change == "amount":
                order["paid_amount"] = draw.randrange(10, 90)
            else:
                order["phone"] = phone(draw.randrange(12))
            day.add("erp.orders", **order)
