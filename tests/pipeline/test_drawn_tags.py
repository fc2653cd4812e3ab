"""Drawn customers: their tag periods are whole and equal the oracle, whatever their orders and visits are."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import tag_oracle_orders
import tag_oracle_visits
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shops import Shop
from tag_facts import Person
from tag_lab import TagLab, known_facts
from tag_oracle import HOURS, TAGS

ORACLES = (tag_oracle_orders, tag_oracle_visits)
"""Modules whose rules register themselves in TAGS."""

START = date(2025, 3, 1)
THRESHOLD = Decimal(100)
# Read from columns of lines and of touches, which are not drawn.
_LEFT_OUT = {"first_category", "price_band", "top_category", "series_affinity"}

_days = st.integers(0, 800) | st.sampled_from([0, 29, 30, 364, 365, 539, 540])
_orders = st.lists(
    st.fixed_dictionaries(
        {
            "day": _days,
            "net_amount": st.integers(0, 300_000).map(lambda cents: Decimal(cents) / 100),
            "margin_amount": st.none() | st.integers(-500, 1500).map(Decimal),
            "list_amount": st.sampled_from(["99.99", "100", "109.99", "110"]).map(Decimal),
            "refunded_share": st.sampled_from([None, 0, 10, 40]),
            "promotion_id": st.sampled_from([None, "P"]),
            "units_count": st.sampled_from([1, 2, 60]).map(Decimal),
            "product_count": st.integers(1, 2),
            "platform": st.sampled_from(["own", "tmall"]),
            "sales_channel": st.sampled_from([None, "live", "shelf"]),
            "city": st.sampled_from([None, "上海", "Nowhere"]),
        }
    ),
    max_size=7,
)
_visits = st.lists(
    st.fixed_dictionaries(
        {
            "day": _days,
            "start_hour": st.sampled_from([None, 3, 9, 20]),
            "device_type": st.sampled_from([None, "mobile", "desktop"]),
            "view_item_count": st.integers(0, 5),
            "favourite_count": st.integers(0, 1),
            "add_to_cart_count": st.integers(0, 1),
            "is_cart_abandoned": st.booleans(),
        }
    ),
    max_size=8,
)
_refunds = st.lists(st.tuples(_days, st.sampled_from(["late", "broken"])), max_size=3)
_people = st.lists(
    st.tuples(st.none() | _days, st.booleans(), _orders, _visits, _refunds), min_size=1, max_size=3
)


@pytest.fixture(scope="module")
def lab(demo_shop: Shop) -> TagLab:
    return TagLab(demo_shop)


def _on(day: int) -> date:
    return START + timedelta(days=day)


def _is_festival(day: date) -> bool:
    return day.day % 3 == 0


def _person(drawn: tuple) -> Person:
    registered, has_conflict, orders, visits, refunds = drawn
    profile: dict[str, Any] = dict.fromkeys(
        (
            "gender",
            "birth_year",
            "city",
            "member_level",
            "registration_channel",
            "identity_confidence",
        )
    )
    profile |= {f"has_{c}_consent": False for c in ("sms", "email", "phone", "wechat", "app_push")}
    profile |= {
        "registered_on": None if registered is None else _on(registered),
        "has_identity_conflict": has_conflict,
    }
    person = Person(profile)
    for number, order in enumerate(orders):
        on, share = _on(order["day"]), order["refunded_share"]
        person.orders.append(
            order
            | {
                "order_key": f"o{number}", "ordered_on": on, "ordered_at": datetime.combine(on, time(number)),
                "paid_amount": order["net_amount"], "source_system": "s", "shop_id": "s",
                "refunded_amount": None if share is None else order["net_amount"] * share / 100,
            }
        )  # fmt: skip
    for visit in visits:
        person.visits.append(visit | {"session_on": _on(visit["day"])})
    for day, reason in refunds:
        person.refunds.append({"refunded_on": _on(day), "reason": reason})
    return person


def _write(lab: TagLab, people: dict[str, Person]) -> None:
    orders, visits, refunds = [], [], []
    for name, person in people.items():
        for order in person.orders:
            row = {"customer_id": name, **order, "discount_amount": 0}
            row |= {
                "is_promoted": order["promotion_id"] is not None,
                "is_festival": _is_festival(order["ordered_on"]),
                "is_filled_up": order["promotion_id"] is not None
                and THRESHOLD <= order["list_amount"] < THRESHOLD * Decimal("1.1"),
            }
            for left_out in ("day", "refunded_share", "promotion_id", "source_system", "shop_id"):
                row.pop(left_out)
            orders.append(row)
        for number, visit in enumerate(person.visits):
            row = {"customer_id": name, "session_key": f"{name}-{number}", **visit}
            hour = row.pop("start_hour")
            groups = [
                group for low, high, group in HOURS if hour is not None and low <= hour <= high
            ]
            row["hour_group"] = groups[0] if groups else None
            row.pop("day")
            visits.append(row)
        refunds += [{"customer_id": name, **refund} for refund in person.refunds]
    lab.write("buyer_orders", orders)
    lab.write("visits", visits)
    lab.write("buyer_refunds", refunds)
    lab.write("customer_facts", [known_facts(name, person) for name, person in people.items()])


@settings(
    max_examples=60,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=_people, steps=st.lists(st.integers(0, 1500), min_size=4, max_size=4))
def test_drawn_customers_have_whole_periods(lab: TagLab, drawn: list, steps: list[int]) -> None:
    people = {f"c{number}": _person(one) for number, one in enumerate(drawn)}
    _write(lab, people)
    periods = defaultdict(list)
    for name, code, start, end, value in lab.intervals():
        periods[name, code].append((start, end, value))
    assert set(periods) == {(name, code) for name in people for code in TAGS}
    facts = lab.figures()
    facts.festivals = {day for n in range(900) if _is_festival(day := _on(n))}
    facts.thresholds = {("s", "s", "P"): THRESHOLD}
    for (name, code), rows in periods.items():
        person = people[name]
        starts, ends, values = zip(*rows, strict=True)
        at = (code, rows)
        assert starts[0] == person.known_from and ends == (*starts[1:], None), at
        assert all(start < end for start, end in pairwise(starts)), at
        assert all(value != after for value, after in pairwise(values)), at
        if code in _LEFT_OUT:
            continue
        for day in {max(_on(step), person.known_from) for step in steps} | set(starts):
            stated = next(
                value for start, end, value in rows if start <= day and (not end or day < end)
            )
            expected = TAGS[code](facts, person, day)
            if code == "net_amount_365":
                stated, expected = Decimal(stated), Decimal(expected).quantize(Decimal("0.01"))
            assert stated == expected, (code, day, stated, expected, person)
