"""Day by day or in one run: the same customers under the same ids, and no others change."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from identity_lab import FEEDS, Lab
from identity_oracle import Edge, persons
from identity_world import Day, month

Clusters = set[frozenset[tuple[str, ...]]]

# Tables that a day adds to and takes from; their keys are salted, so two homes agree in numbers only.
_KEPT = ("order_buyers", "records", "identifiers", "hubs", "edges", "rejected_ties", "persons")


def _land(lab: Lab, days: Iterable[tuple[int, Day]]) -> None:
    for number, day in days:
        for second, feed in enumerate(FEEDS):
            lab.land(feed, day.feeds.get(feed, []), f"2026-02-01 00:{number:02d}:{second:02d}")


def _clusters(customers: dict) -> Clusters:
    groups = defaultdict(set)
    for record, customer in customers.items():
        groups[customer].add(record)
    return {frozenset(group) for group in groups.values()}


def _sizes(lab: Lab) -> dict[str, int]:
    return {
        table: lab.sql(f"select count(*) from intermediate.int_identity__{table}")[0][0]
        for table in _KEPT
    }


def _compare(tmp_path: Path, days: int, *, corrected: bool) -> None:
    world = month(people=150, days=days, seed=days, corrected=corrected)
    daily = Lab(tmp_path / "daily")
    for number, day in enumerate(world):
        before = daily.customers() if number else {}
        _land(daily, [(number, day)])
        daily.build()
        _nobody_else_is_touched(daily, before)
    by_day = daily.customers()
    runs = daily.sql(
        "select distinct run_number, is_full_run from intermediate.int_identity__last_run_state"
    )
    changes = {c for (c,) in daily.sql("select distinct change from marts.identity_changes")}
    once = Lab(tmp_path / "once")
    _land(once, enumerate(world))
    once.build()
    _assert_rounds(daily)
    _assert_rounds(once)
    at_a_stroke = once.customers()
    assert runs == [(days, False)], "the last day was not resolved as a day"
    assert {"born", "grown", "merged"} <= changes
    assert _clusters(by_day) == _clusters(at_a_stroke)
    assert _sizes(daily) == _sizes(once)
    # An order that loses its buyer later leaves the customer id with the first buyer; one run over all
    # days never assigns it there.
    assert corrected or by_day == at_a_stroke


def _assert_rounds(lab: Lab) -> None:
    """Persons are those that the oracle makes of the same edges."""
    edges = lab.sql(
        "select record_key, tie_key, identifier_key, id_type, id_scope, probability, priority, strength, is_tie,"
        " max_ids_per_customer, uncompared_types from intermediate.int_identity__edges"
    )
    found: dict[str, set[str]] = defaultdict(set)
    for record, person in lab.sql(
        "select record_key, person_key from intermediate.int_identity__persons"
        " where record_key in (select record_key from intermediate.int_identity__edges)"
    ):
        found[person].add(record)
    assert {frozenset(group) for group in found.values()} == persons([Edge(*e) for e in edges])


def _nobody_else_is_touched(lab: Lab, before: dict) -> None:
    after = lab.customers()
    affected = {
        key
        for (key,) in lab.sql("select record_key from intermediate.int_identity__records_to_map")
    }
    keys = dict(
        lab.sql(
            "select record_type || '|' || source_system || '|' || shop_id || '|' || record_id, record_key"
            " from intermediate.int_identity__customer_map"
        )
    )
    for record, customer in before.items():
        if keys["|".join(record)] not in affected:
            assert after[record] == customer, f"{record} was not touched and has another id"


def test_a_week_day_by_day_gives_the_ids_of_a_week_at_a_stroke(tmp_path: Path) -> None:
    _compare(tmp_path, days=7, corrected=False)


def test_orders_that_change_their_buyer_keep_the_customers(tmp_path: Path) -> None:
    _compare(tmp_path, days=5, corrected=True)


@pytest.mark.thorough
@pytest.mark.parametrize("corrected", [False, True])
def test_a_month_day_by_day_is_a_month_at_a_stroke(tmp_path: Path, corrected: bool) -> None:
    _compare(tmp_path, days=30, corrected=corrected)
