"""Days of a shop's web events as they arrive: late, exported again, with logins of customers who merge."""

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
        order = FIRST + timedelta(days=number, hours=6)
        day.add(
            "erp.orders", source_system="erp", shop_id="own", order_id=f"O{number}", status="paid",
            phone=phone(draw.randrange(9)), paid_amount=10, ordered_at=order, paid_at=order, platform="own",
        )  # fmt: skip
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
        """One more CRM customer per day; some share a WeChat id with an earlier one, which merges the two."""
        if number < 9:
            day.add(
                "crm.customers", source_system="crm", shop_id="own", customer_id=f"C{number}", phone=phone(number),
                wechat_unionid=f"U{number // 2 if self.draw.random() < 0.5 else number}",
                registered_at=FIRST, updated_at=FIRST + timedelta(days=number),
            )  # fmt: skip
