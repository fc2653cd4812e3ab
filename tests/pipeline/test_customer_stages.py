"""The flows of AIPL and the cohorts of AARRR equal plain Python over the facts of each customer."""

from collections import Counter
from datetime import date, timedelta

import pytest
from shops import Shop
from tag_facts import Facts, Person, seed

STAGES = {"none", "aware", "interested", "purchased", "loyal"}
STEP = 30
"""Days of a step of AARRR."""


@pytest.fixture(scope="module")
def facts(demo_shop: Shop) -> Facts:
    return Facts(demo_shop)


def test_flows_lead_to_the_stages_of_the_as_of_day(demo_shop: Shop) -> None:
    balance: Counter[str] = Counter()
    for day, before, after, count in demo_shop.ask("select * from marts.aipl_flows"):
        assert before != after and {before, after} <= STAGES, (day, before, after)
        balance[after] += count
        balance[before] -= count
    stated = dict(
        demo_shop.ask("select aipl, count(*) from marts.customer_tags_current group by 1")
    )
    assert {stage: balance[stage] for stage in STAGES - {"none"}} == {
        stage: stated.get(stage, 0) for stage in STAGES - {"none"}
    }


def test_flows_of_a_day_are_the_customers_who_changed(demo_shop: Shop) -> None:
    changes = demo_shop.ask(
        """select later.valid_from_on, earlier.tag_value, later.tag_value, count(*)
           from marts.customer_tags as later join marts.customer_tags as earlier
           on later.customer_id = earlier.customer_id and later.valid_from_on = earlier.valid_to_on
           where later.tag_code = 'aipl' and earlier.tag_code = 'aipl'
           and later.recorded_to_at is null and earlier.recorded_to_at is null
           and later.valid_from_on <= (select max(as_of_on) from marts.customer_360)
           group by all"""
    )
    # On their first day, customers come from no stage.
    first = demo_shop.ask(
        """select valid_from_on, 'none', tag_value, count(*) from (
             select * from marts.customer_tags where tag_code = 'aipl' and recorded_to_at is null
             qualify row_number() over (partition by customer_id order by valid_from_on) = 1)
           where tag_value <> 'none' group by all"""
    )
    expected: Counter[tuple] = Counter()
    for day, before, after, count in (*changes, *first):
        expected[day, before, after] += count
    stated = {tuple(row[:3]): row[3] for row in demo_shop.ask("select * from marts.aipl_flows")}
    assert stated == {key: count for key, count in expected.items() if key[0] <= date(2080, 1, 1)}


def _activity(person: Person) -> list[tuple[date, bool, bool]]:
    """Days of the customer with whether interest was shown and whether an order was placed."""
    found = [(day, True, True) for day in person.purchase_days]
    for visit in person.visits:
        carts = visit["favourite_count"] + visit["add_to_cart_count"]
        found.append((visit["session_on"], carts > 0, False))
    if person.profile["registered_on"]:
        found.append((person.profile["registered_on"], True, False))
    return sorted(found)


def test_cohorts_equal_the_steps_of_each_customer(demo_shop: Shop, facts: Facts) -> None:
    referral = {row["registration_channel"] for row in seed("referral_channels")}
    expected: dict[date, Counter[str]] = {}
    for person in facts.people.values():
        days = _activity(person)
        if not days:
            continue
        first = days[0][0]
        cohort = expected.setdefault(first.replace(day=1), Counter())
        cohort["acquired"] += 1
        cohort["referred"] += person.profile["registration_channel"] in referral
        ages = [((day - first).days, interest, order) for day, interest, order in days]
        cohort["activated"] += any(age < STEP and interest for age, interest, _ in ages)
        cohort["retained"] += any(STEP <= age < 2 * STEP for age, *_ in ages)
        cohort["bought"] += any(age < 3 * STEP and order for age, _, order in ages)
    stated = demo_shop.ask(
        "select cohort_month_on, acquired_count, referred_count, activated_count, retained_count, buyer_count"
        " from marts.aarrr_cohorts order by 1"
    )
    assert [row[0] for row in stated] == sorted(expected)
    for month, acquired, referred, *steps in stated:
        cohort = expected[month]
        assert (acquired, referred) == (cohort["acquired"], cohort["referred"]), month
        end = (month + timedelta(days=31)).replace(day=1)
        known = [end + timedelta(days=STEP * number) <= facts.as_of for number in (1, 2, 3)]
        counts = [cohort[name] for name in ("activated", "retained", "bought")]
        assert steps == [n if ok else None for n, ok in zip(counts, known, strict=True)], month
