"""Settlements of the demo shop: every entry is in the marts, and what was planted is found."""

from decimal import Decimal

from shops import Shop

SHORT = Decimal("-5.00")
"""By how much a planted order is paid short."""


def test_entries_add_up_to_the_cent(demo_shop: Shop) -> None:
    [(raw,)] = demo_shop.ask_warehouse("select sum(amount) from raw.erp_settlements")
    [(months, elsewhere)] = demo_shop.ask(
        "select sum(entry_amount), sum(unmatched_amount + without_order_amount)"
        " from marts.settlement_months"
    )
    [(orders,)] = demo_shop.ask(
        "select sum(settled_amount + pending_amount) from marts.settlement_reconciliation"
    )
    assert raw == months == orders + elsewhere
    assert raw > 0 > elsewhere


def test_planted_differences_are_the_only_ones(demo_shop: Shop) -> None:
    truth = f"'{demo_shop.home}/private/truth/settlements.parquet'"
    planted = demo_shop.ask(f"select order_id from {truth} where kind = 'short' order by all")
    found = demo_shop.ask(
        """select order_id, difference_amount from marts.settlement_reconciliation
           where state = 'different' order by all"""
    )
    assert len(planted) > 3
    assert [(order,) for order, _ in found] == planted
    assert {difference for _, difference in found} == {SHORT}


def test_orders_that_were_forgotten_are_overdue(demo_shop: Shop) -> None:
    truth = f"'{demo_shop.home}/private/truth/settlements.parquet'"
    [(last,)] = demo_shop.ask("select data_until_on from meta.shop")
    forgotten = demo_shop.ask(
        f"""select shown.order_id, shown.state, shown.unsettled_days, shown.reason_en
            from {truth} as planted join marts.settlement_reconciliation as shown using (order_id)
            where kind = 'forgotten' and shown.paid_on < date '{last}' - 45"""
    )
    assert len(forgotten) > 2
    assert {(state, reason) for _, state, _, reason in forgotten} == {
        ("overdue", "not settled yet")
    }
    assert min(days for _, _, days, _ in forgotten) > 45


def test_fees_of_orders_and_settlements_are_not_added(demo_shop: Shop) -> None:
    """The demo's orders state their fees, so those of the bills change nothing."""
    [(orders, billed, taken)] = demo_shop.ask(
        """select sum(fee_amount), -sum(commission_amount + platform_fee_amount + creator_commission_amount),
               count(*) filter (is_fee_settled)
           from marts.settlement_reconciliation where state in ('matched', 'different')"""
    )
    assert orders == billed > 0
    assert taken == 0
