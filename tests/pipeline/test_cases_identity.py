"""Who is who in small exports that once merged a household or left doubles apart: `cases`."""

from pathlib import Path

import pytest
from shops import Shop, run_case

pytestmark = pytest.mark.thorough


def _customers(shop: Shop) -> set[frozenset[str]]:
    rows = shop.ask("select list(record_id) from marts.customer_identities group by customer_id")
    return {frozenset(records) for (records,) in rows}


def test_three_and_four_records_of_one_crm_are_one_customer(tmp_path: Path) -> None:
    shop = run_case("four-crm-records", tmp_path)
    assert _customers(shop) == {
        frozenset(f"{person}{number}" for number in range(1, records + 1))
        for person, records in (("A", 3), ("B", 4), ("C", 3), ("D", 4))
    }


def test_two_names_on_one_phone_are_two_customers_and_reviewed(tmp_path: Path) -> None:
    shop = run_case("household-phone-merged", tmp_path)
    assert _customers(shop) == {
        frozenset({"C1", "H1"}),
        frozenset({"C2", "H2"}),
        frozenset({"C3", "H5"}),
    }
    [(reason, kind, limit, count, lines)] = shop.ask(
        "select reason, conflicting_id_type, max_ids_per_customer, id_count, block_lines"
        " from marts.identity_review"
    )
    assert (reason, kind, limit, count) == ("conflict", "full_name", 1, 2)
    assert [line.split(",")[1:5] for line in lines.splitlines()] == [
        ["crm", "crm", "mix", "C1"],
        ["crm", "crm", "mix", "C2"],
    ]
