"""Customer tags equal an oracle in plain Python; their periods are whole, their values have labels."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import tag_oracle_orders
import tag_oracle_visits
from shops import REPO, Shop
from tag_facts import Facts, Person, seed
from tag_oracle import TAGS

from tools import wide_tags

ORACLES = (tag_oracle_orders, tag_oracle_visits)
"""Modules whose rules register themselves in TAGS."""

NOW = "marts.customer_tags where recorded_to_at is null"
ORDER_STEPS = (0, 1, 29, 30, 89, 90, 179, 180, 364, 365, 394, 395, 539, 540, 899, 900)
VISIT_STEPS = (0, 6, 7, 14, 15, 29, 30, 89, 90, 96, 97, 179, 180)
DAYS_PER_CUSTOMER, CUSTOMERS = 12, 100


@pytest.fixture(scope="module")
def facts(demo_shop: Shop) -> Facts:
    return Facts(demo_shop)


def _boundaries(facts: Facts, person: Person) -> list[date]:
    """Days on which a window of the customer begins or ends, month starts, and the as-of day."""
    days = {person.known_from, facts.as_of, *facts.months}
    for bought in person.purchase_days:
        days |= {bought + timedelta(days=step) for step in ORDER_STEPS}
    for visit in person.visits:
        days |= {visit["session_on"] + timedelta(days=step) for step in VISIT_STEPS}
    return sorted(day for day in days if day >= person.known_from)


def _is_same(stated: str, expected: str) -> bool:
    """Measures are numbers, of two decimals."""
    if stated.replace(".", "").lstrip("-").isdigit() and "." in stated:
        return Decimal(stated) == Decimal(expected).quantize(Decimal("0.01"))
    return stated == expected


# Estimates rest on a fitted model and have no history.
_ESTIMATES = {row["tag_code"] for row in seed("tag_catalogue") if row["kind"] == "estimate"}


def test_every_tag_has_a_rule_in_the_oracle() -> None:
    assert set(TAGS) == {row["tag_code"] for row in seed("tag_catalogue")} - _ESTIMATES


def test_tags_equal_the_oracle_on_boundary_days(demo_shop: Shop, facts: Facts) -> None:
    draw = random.Random(7)
    buyers = sorted(name for name, person in facts.people.items() if person.orders)
    others = sorted(name for name, person in facts.people.items() if not person.orders)
    chosen = [*draw.sample(buyers, CUSTOMERS * 4 // 5), *draw.sample(others, CUSTOMERS // 5)]
    listed = ", ".join(f"'{name}'" for name in chosen)
    periods = defaultdict(list)
    for name, code, *period in demo_shop.ask(
        f"select customer_id, tag_code, tag_value, valid_from_on, valid_to_on from {NOW} and customer_id in ({listed})"
    ):
        periods[name, code].append(period)
    differing, compared = [], 0
    for name in chosen:
        person = facts.people[name]
        days = _boundaries(facts, person)
        for day in draw.sample(days, min(len(days), DAYS_PER_CUSTOMER)):
            for code, rule in TAGS.items():
                stated = [
                    value
                    for value, start, end in periods[name, code]
                    if start <= day and (end is None or day < end)
                ]
                expected = rule(facts, person, day)
                compared += 1
                if len(stated) != 1 or not _is_same(stated[0], expected):
                    differing.append((code, name, str(day), stated, expected))
    assert compared > 30_000
    assert not differing, (len(differing), differing[:8])


def test_every_tag_has_a_value_beside_its_default(demo_shop: Shop) -> None:
    without = demo_shop.ask(
        f"""select tag_code from meta.tag_catalogue as catalogue where kind <> 'estimate' and not exists (
            select 1 from {NOW} and customer_tags.tag_code = catalogue.tag_code
            and tag_value not in (catalogue.default_value, 'unknown'))"""
    )
    assert without == []


def test_every_tag_code_of_the_mart_is_in_the_catalogue(demo_shop: Shop) -> None:
    stated = demo_shop.ask("select distinct tag_code from marts.customer_tags order by 1")
    known = {row["tag_code"] for row in seed("tag_catalogue")} - _ESTIMATES
    assert [code for (code,) in stated] == sorted(known)


def test_periods_neither_overlap_nor_leave_a_gap(demo_shop: Shop, facts: Facts) -> None:
    periods = defaultdict(list)
    for name, code, start, end, value in demo_shop.ask(
        f"select customer_id, tag_code, valid_from_on, valid_to_on, tag_value from {NOW} order by all"
    ):
        periods[name, code].append((start, end, value))
    assert len(periods) == len(facts.people) * len(TAGS)
    for (name, code), rows in periods.items():
        starts, ends, values = zip(*rows, strict=True)
        at = (name, code, rows)
        assert starts[0] == facts.people[name].known_from, at
        assert ends == (*starts[1:], None), at
        assert all(value != after for value, after in pairwise(values)), at


def test_the_wide_mart_has_the_values_of_the_as_of_day(demo_shop: Shop, facts: Facts) -> None:
    codes = ", ".join(TAGS)
    wide = f"select customer_id, tag_code, tag_value from marts.customer_tags_current unpivot (tag_value for tag_code in ({codes}))"
    narrow = (
        f"select customer_id, tag_code, tag_value from {NOW} and valid_from_on <= date '{facts.as_of}'"
        f" and (valid_to_on is null or valid_to_on > date '{facts.as_of}')"
    )
    assert demo_shop.ask(f"({wide} except {narrow}) union all ({narrow} except {wide})") == []


def test_every_value_of_a_fixed_list_has_a_label(demo_shop: Shop) -> None:
    """Tags whose listed values are only none and unknown have names of the shop as values."""
    fixed = defaultdict(set)
    for row in seed("tag_values"):
        fixed[row["tag_code"]].add(row["tag_value"])
    open_lists = {code for code, values in fixed.items() if values <= {"none", "unknown"}}
    # Categories, beside the value for baskets without a main one.
    open_lists.add("top_category")
    stated = demo_shop.ask(
        f"""select distinct tag_code, tag_value from {NOW} union
        select distinct unpivoted.tag_code, unpivoted.tag_value
        from marts.customer_tags_current unpivot (tag_value for tag_code in (ltv_predicted, p_alive)) as unpivoted"""
    )
    measures = {row["tag_code"] for row in seed("tag_catalogue") if row["kind"] == "measure"}
    left = sorted(
        (code, value)
        for code, value in stated
        if code not in open_lists | measures and value not in fixed[code]
    )
    assert left == []
    assert {code for code, _ in stated} == set(fixed) | measures


def test_the_generated_lists_of_tags_are_up_to_date() -> None:
    assert wide_tags.outdated(REPO) == [], "`make book` writes them again"


def test_a_new_tag_reaches_every_generated_list() -> None:
    tags = [*wide_tags.catalogue(), dict.fromkeys(wide_tags.catalogue()[0], "new_tag")]
    for path in (wide_tags.MACRO, wide_tags.MART):
        text = (REPO / path).read_text(encoding="utf-8")
        assert "new_tag" in wide_tags.render(path, text, tags)
