"""Identity is updated only where nothing else changed; otherwise all records are resolved again."""

import pytest
from identity_lab import Lab


def _crm(number: int, phone: int) -> dict[str, object]:
    return {
        "source_system": "crm",
        "shop_id": "brand",
        "customer_id": f"C{number}",
        "phone": f"1371{phone:07d}",
        "registered_at": "2026-01-01",
    }


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    lab = Lab(tmp_path_factory.mktemp("full"))
    lab.land("crm.customers", [_crm(n, phone=n // 2) for n in range(40)], "2026-02-01 00:00:00")
    lab.build()
    return lab


def _build(lab: Lab) -> str | None:
    """Resolve; returns why all records were resolved, None when only new ones were."""
    lab.build()
    ((reason,),) = lab.sql(
        "select distinct full_run_reason from intermediate.int_identity__last_run_state"
    )
    return reason


def _pairs(lab: Lab) -> int:
    customers = lab.customers()
    return len(customers) - len(set(customers.values()))


def test_a_day_is_added_to_what_is_known(lab: Lab) -> None:
    assert _build(lab) is None
    lab.land("crm.customers", [_crm(40, phone=0)], "2026-02-02 00:00:00")
    assert _build(lab) is None
    assert _pairs(lab) == 21


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (
            "delete from raw.crm_customers where customer_id = 'C39'",
            "rows were removed or backdated",
        ),
        (
            "insert into raw.crm_customers by name select * replace ('C90' as customer_id, "
            "'13719000000' as phone) from raw.crm_customers where customer_id = 'C1'",
            "rows were removed or backdated",
        ),
        (
            "update intermediate.int_identity__run_scope set run_number = run_number + 1",
            "the last run did not finish",
        ),
        (
            "update seeds.identity_policy set max_customers_per_id = 4 where id_type = 'phone'",
            "rules or models changed",
        ),
        ("drop table intermediate.int_identity__edges", "a table was missing"),
        (
            "update intermediate.int_identity__customer_ids set generation = generation + 1",
            "another engine assigned ids",
        ),
    ],
)
def test_everybody_is_resolved_anew_when(lab: Lab, deed: str, reason: str) -> None:
    known = lab.customers()
    lab.sql(deed)
    assert _build(lab) == reason
    now = lab.customers()
    assert all(now[record] == customer for record, customer in known.items() if record in now)
    assert _build(lab) is None, "once is enough"


def _order(number: int, phone: int | None) -> dict[str, object]:
    return {
        "source_system": "erp",
        "shop_id": "shop",
        "order_id": f"O{number}",
        "phone": phone and f"1371{phone:07d}",
        "receiver_name": phone and f"Buyer {phone}",
        "status": "paid",
        "ordered_at": f"2026-01-{number + 1:02d} 10:00:00",
        "updated_at": f"2026-01-{number + 1:02d} 10:00:00",
    }


def test_an_order_that_changes_its_buyer_takes_no_known_id(lab: Lab) -> None:
    def customer(number: int) -> str:
        return lab.customers()["order", "erp", "shop", f"O{number}"]

    lab.land("erp.orders", [_order(0, 900), _order(1, 900)], "2026-03-01 00:00:00")
    lab.build()
    kept = customer(1)
    assert customer(0) == kept
    lab.land("erp.orders", [_order(0, None)], "2026-03-02 00:00:00")
    lab.build()
    assert customer(1) == kept
    anonymous = customer(0)
    assert anonymous != kept
    lab.land("erp.orders", [_order(0, 901)], "2026-03-03 00:00:00")
    lab.build()
    assert customer(1) == kept
    assert customer(0) not in (kept, anonymous)
