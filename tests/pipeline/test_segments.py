"""Segments, their movement and the stages of customers equal plain Python over the tags of each day."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from shops import Shop
from tag_facts import Facts, Person, seed

Periods = dict[tuple[str, str], list[tuple[date, date | None]]]


@pytest.fixture(scope="module")
def facts(demo_shop: Shop) -> Facts:
    return Facts(demo_shop)


@pytest.fixture(scope="module")
def memberships(demo_shop: Shop) -> Periods:
    """Days of entry and exit per segment and customer."""
    found: Periods = defaultdict(list)
    for segment, customer, *period in demo_shop.ask(
        "select segment_code, customer_id, entered_on, left_on from marts.segment_members order by all"
    ):
        found[segment, customer].append(tuple(period))
    return found


def _members(memberships: Periods, segment: str, day: date) -> set[str]:
    return {
        customer
        for (code, customer), periods in memberships.items()
        if code == segment
        and any(entered <= day and (not left or day < left) for entered, left in periods)
    }


def _tags_on(shop: Shop, day: date) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for customer, code, value in shop.ask(
        "select customer_id, tag_code, tag_value from marts.customer_tags where recorded_to_at is null"
        f" and valid_from_on <= date '{day}' and (valid_to_on is null or valid_to_on > date '{day}')"
    ):
        found[customer][code] = value
    return found


def _meets(tags: Mapping[str, str], rules: Iterable[Mapping[str, str]]) -> bool:
    for rule in rules:
        value = tags[rule["tag_code"]]
        if rule["tag_values"]:
            if value not in rule["tag_values"].split(";"):
                return False
        elif not (
            Decimal(rule["least"] or "-Infinity")
            <= Decimal(value)
            <= Decimal(rule["most"] or "Infinity")
        ):
            return False
    return True


def _segments() -> dict[str, list[dict[str, str]]]:
    rules = defaultdict(list)
    for rule in seed("segment_rules"):
        rules[rule["segment_code"]].append(rule)
    return rules


def test_members_of_past_days_meet_the_rules(
    demo_shop: Shop, facts: Facts, memberships: Periods
) -> None:
    draw, met = random.Random(3), Counter()
    days = {facts.as_of, *draw.sample(facts.months, 3)}
    days |= {facts.as_of - timedelta(days=draw.randrange(1, 400)) for _ in range(4)}
    for day in sorted(days):
        tags = _tags_on(demo_shop, day)
        for segment, rules in _segments().items():
            expected = {name for name, known in tags.items() if _meets(known, rules)}
            stated = _members(memberships, segment, day)
            assert stated == expected, (day, segment, sorted(stated ^ expected)[:5])
            met[segment] += len(expected)
    assert len(days) == 8 and all(met[segment] for segment in _segments()), met


def test_memberships_of_a_customer_do_not_overlap(memberships: Periods) -> None:
    for key, periods in memberships.items():
        assert all(left and left < entered for (_, left), (entered, _) in pairwise(periods)), key


def test_movement_of_every_month_adds_up(
    demo_shop: Shop, facts: Facts, memberships: Periods
) -> None:
    last: dict[str, int] = {}
    rows = demo_shop.ask(
        "select segment_code, month_on, start_count, entered_count, left_count, end_count"
        " from marts.segment_months order by month_on, segment_code"
    )
    assert {row[0] for row in rows} == set(_segments())
    for segment, month, start, entered, left, end in rows:
        at = (segment, month, start, entered, left, end)
        assert start + entered - left == end, at
        assert start == last.get(segment, start), at
        if month in facts.months[::4]:
            assert start == len(_members(memberships, segment, month - timedelta(days=1))), at
        last[segment] = end
    final = {segment: len(_members(memberships, segment, facts.as_of)) for segment in last}
    assert last == final


def test_sales_and_outcomes_are_those_of_the_members(
    demo_shop: Shop, facts: Facts, memberships: Periods
) -> None:
    rows = demo_shop.ask(
        "select segment_code, month_on, order_count, net_amount, buying_90d_count, staying_90d_count, net_amount_90d"
        " from marts.segment_months order by all"
    )
    bought, matured = 0, 0
    for segment, month, *stated in rows:
        until = month + timedelta(days=90)
        at_start = _members(memberships, segment, month - timedelta(days=1))
        staying = at_start & _members(memberships, segment, until)
        expected = [*_sales(facts, memberships, segment, month)]
        # A month without members at its start has no outcome.
        if until <= facts.as_of and at_start:
            expected += _outcome(facts, at_start, staying, month, until)
            matured += 1
        else:
            expected += [None] * 3
        assert stated == expected, (segment, month)
        bought += stated[0]
    assert bought > 100 and matured > 10


def _sales(facts: Facts, memberships: Periods, segment: str, month: date) -> tuple[int, Decimal]:
    amounts = [
        order["net_amount"]
        for (code, customer), periods in memberships.items()
        if code == segment
        for order in facts.people[customer].orders
        if order["ordered_on"].replace(day=1) == month
        and any(on < order["ordered_on"] and (not to or order["ordered_on"] <= to) for on, to in periods)
    ]  # fmt: skip
    return len(amounts), sum(amounts, Decimal(0))


def _outcome(
    facts: Facts, members: set[str], staying: set[str], month: date, until: date
) -> tuple[int, int, Decimal]:
    orders = [
        (customer, order["net_amount"])
        for customer in members
        for order in facts.people[customer].orders
        if month <= order["ordered_on"] < until
    ]
    return len({name for name, _ in orders}), len(staying), sum((a for _, a in orders), Decimal(0))


def test_overlap_is_the_intersection_of_members(
    demo_shop: Shop, facts: Facts, memberships: Periods
) -> None:
    sets = {segment: _members(memberships, segment, facts.as_of) for segment in _segments()}
    expected = {(one, other): len(sets[one] & sets[other]) for one in sets for other in sets}
    rows = demo_shop.ask("select * from marts.segment_overlap")
    assert {(one, other): count for one, other, count in rows} == expected


def test_reasons_are_those_of_the_day(demo_shop: Shop, facts: Facts) -> None:
    rows = demo_shop.ask(
        "select customer_id, entered_on, entry_reason, left_on, exit_reason from marts.segment_members"
    )
    found = Counter()
    for customer, entered, entry, left, out in rows:
        assert (left is None) == (out is None)
        for day, reason in ((entered, entry), (left, out)):
            if day is None:
                continue
            is_active = day in _active_days(facts.people[customer])
            assert (reason == "behaviour") == is_active, (customer, day, reason)
            if reason == "cutoff":
                assert day.day == 1, (customer, day)
            found[reason] += 1
    assert set(found) == {"behaviour", "cutoff", "time"}, found


def _active_days(person: Person) -> set[date]:
    visits = {visit["session_on"] for visit in person.visits}
    return {*person.purchase_days, *visits, person.profile["registered_on"]}
