"""Do the suites find what they are for, inside DuckDB, and keep people out of what they tell?"""

from pathlib import Path

import pytest

from orchestration.config.contract import load_contract
from orchestration.config.settings import Settings, load_settings
from orchestration.engines.warehouse import connect
from orchestration.landing.write.tables import prepare
from orchestration.quality.checks import Outcome, run_suites
from orchestration.quality.suites import SuiteError, load_suite


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(home=tmp_path)
    with connect(settings) as con:
        prepare(con)
        con.execute(
            """insert into raw.erp_orders by name
               select 'wdt' as source_system, 'tmall' as shop_id, 'o' || n as order_id,
                   'paid' as status, timestamp '2026-01-01' as ordered_at,
                   timestamp '2026-01-01 00:05:00' as paid_at, 10 as paid_amount,
                   timestamp '2026-02-01' as _loaded_at, '13912345678' as phone
               from range(100) as numbers(n)"""
        )
        con.execute(
            """insert into raw.crm_identifiers by name
               select 'crm' as source_system, 'tmall' as shop_id, 'c1' as customer_id,
                   'phone' as id_type, '' as id_scope, '13912345678' as id_value"""
        )
    return settings


def _run(settings: Settings, feed: str) -> dict[str, Outcome]:
    outcomes = run_suites(settings, [load_suite(load_contract()[feed])])
    return {outcome.description: outcome for outcome in outcomes}


def _change(settings: Settings, sql: str) -> None:
    with connect(settings) as con:
        con.execute(sql)


def test_good_orders_pass_every_expectation(settings: Settings) -> None:
    outcomes = _run(settings, "erp.orders")
    assert len(outcomes) >= 10
    assert [o for o in outcomes.values() if not o.passed or o.error] == []
    assert (settings.data_docs / "index.html").exists()


def test_a_repeated_key_is_critical_and_its_rows_are_named(settings: Settings) -> None:
    _change(settings, "insert into raw.erp_orders from raw.erp_orders where order_id = 'o7'")
    unique = _run(settings, "erp.orders")["One row per key, however often an export repeats it."]
    assert (unique.passed, unique.severity) == (False, "critical")
    assert '"order_id": "o7"' in unique.failing


def test_future_orders_are_critical_late_payments_warn(
    settings: Settings,
) -> None:
    _change(settings, "update raw.erp_orders set ordered_at = '2062-01-01' where order_id <= 'o2'")
    outcomes = _run(settings, "erp.orders")
    failed = {o.description: o.severity for o in outcomes.values() if not o.passed}
    assert failed == {
        "At most 1 % of the orders are in the future; otherwise a date format is misread.": "critical",
        "Orders are not paid before they are placed.": "warning",
    }


def test_too_many_refused_rows_in_the_last_batch_are_critical(settings: Settings) -> None:
    for batch, quarantined in (("b1", 90), ("b2", 4), ("b3", 6)):
        _change(
            settings,
            f"""insert into meta.row_ledger by name select '{batch}' as batch_id, 'erp.orders' as feed,
                100 as rows_read, {100 - quarantined} as rows_accepted, {quarantined} as rows_quarantined""",
        )
        text = "At most 5% of the last batch's rows were refused."
        assert _run(settings, "erp.orders")[text].passed == (quarantined == 4)


def test_totals_are_no_refused_rows_and_the_shop_sets_the_share(settings: Settings) -> None:
    _change(
        settings,
        """insert into meta.row_ledger by name select 'b4' as batch_id, 'erp.orders' as feed,
           20 as rows_read, 18 as rows_accepted, 2 as rows_quarantined;
           insert into meta.quarantine by name select 'b4' as batch_id, 'erp.orders' as feed,
           unnest(['total_row', 'not_a_date']) as reason_code""",
    )
    feed = load_contract()["erp.orders"]

    def passes(most: float, percent: str) -> bool:
        found = run_suites(settings, [load_suite(feed, max_refused=most)])
        [outcome] = [o for o in found if o.description.startswith(f"At most {percent} of")]
        return outcome.passed

    assert passes(0.05, "5%")
    assert not passes(0.045, "4.5%")


def test_failing_rows_never_quote_a_person(settings: Settings) -> None:
    failed = [o for o in _run(settings, "crm.identifiers").values() if not o.passed]
    assert [o.severity for o in failed] == ["warning"]
    assert '"customer_id": "c1"' in failed[0].failing
    pages = [page.read_text() for page in settings.data_docs.rglob("*.html")]
    assert pages
    assert not any("13912345678" in text for text in [*pages, *(o.failing for o in failed)])


def test_the_warehouse_is_free_again_afterwards(settings: Settings) -> None:
    _run(settings, "erp.orders")
    with connect(settings) as con:
        con.execute("create table raw.free as select 1 as one")


def test_a_feed_without_its_suite_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"erp\.orders\.yml: missing"):
        load_suite(load_contract()["erp.orders"], tmp_path)
