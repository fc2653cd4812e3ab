"""Does the whole way run, from raw exports to the released file?"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import parsed
from shops import Shop

from orchestration.engines.dbt_session import register_functions

PERSONAL = ("name", "phone", "email", "address", "member_card_no", "unionid", "platform_buyer_id")


def test_the_release_holds_every_public_mart(demo_shop: Shop) -> None:
    tables = {
        row[0]
        for row in demo_shop.ask(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        )
    }
    assert tables >= {
        "customer_360", "orders", "order_lines", "refunds", "products", "daily_sales",
        "daily_marketing", "daily_traffic", "monthly_cohorts", "kpi_values", "kpi_daily", "kpi_monthly", "kpi_comparisons",
        "net_sales_changes",
    }  # fmt: skip
    assert not demo_shop.ask("select * from duckdb_views() where not internal")


def test_every_released_table_and_column_is_described(demo_shop: Shop) -> None:
    assert not demo_shop.ask("select table_name from duckdb_tables() where comment is null")
    assert not demo_shop.ask(
        "select table_name, column_name from duckdb_columns() where comment is null and not internal"
    )


def test_customer_360_has_sixty_columns_and_nobody_s_data(demo_shop: Shop) -> None:
    columns = [
        row[0]
        for row in demo_shop.ask(
            "select column_name from duckdb_columns() where table_name = 'customer_360'"
        )
    ]
    assert len(columns) >= 60
    assert not set(columns) & {"full_name", "phone", "email", "address", "birth_on"}


def test_no_released_cell_holds_a_personal_value(demo_shop: Shop) -> None:
    personal = {
        value
        for column in ("phone", "email", "full_name", "member_card_no", "wechat_unionid")
        for (value,) in demo_shop.ask_warehouse(
            f"select distinct {column} from raw.crm_customers where length({column}) > 3 limit 50"
        )
    }
    assert len(personal) > 100
    with duckdb.connect(str(demo_shop.released), read_only=True) as con:
        texts = con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and not internal"
        ).fetchall()
        found = [
            (schema, table, column)
            for schema, table, column in texts
            if con.execute(
                f'select 1 from "{schema}"."{table}" where "{column}" in (select unnest(?)) limit 1',
                [list(personal)],
            ).fetchone()
        ]
    assert not found


def test_the_ledger_accounts_for_every_row(demo_shop: Shop) -> None:
    assert demo_shop.ask("select count(*) > 0 from meta.row_ledger") == [(True,)]
    assert not demo_shop.ask(
        "select * from meta.row_ledger where rows_read <> rows_accepted + rows_unchanged + rows_replaced + rows_quarantined"
    )
    quarantined = demo_shop.ask("select sum(rows_quarantined) from meta.row_ledger")
    assert quarantined == demo_shop.ask("select count(*) from meta.quarantine")


def test_the_unit_tests_of_the_models_pass(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "home")
    tested = shop.cli("dbt", "test", "--select", "test_type:unit")
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert "PASS=" in tested.stdout and "PASS=0" not in tested.stdout


def test_homes_share_what_dbt_read_of_the_project(demo_shop: Shop, tmp_path: Path) -> None:
    """Otherwise every home of every test would wait for dbt to read it again."""
    assert parsed.found_hash(demo_shop.home) == parsed.profile_hash(demo_shop.home)
    copy = demo_shop.copy(tmp_path / "home")
    assert parsed.found_hash(copy.home) == parsed.profile_hash(copy.home)


def _nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for child in plan["children"]:
        yield from _nodes(child)


def test_no_join_by_a_key_compares_every_row_with_every_other(demo_shop: Shop) -> None:
    """DuckDB does so where an outer join also asks something of one side alone; patterns leave it no choice."""
    compiled = sorted(
        demo_shop.home.glob("private/dbt/duckdb/transform-*/compiled/shop360/models/**/*.sql")
    )
    assert len(compiled) > 150
    slow = []
    with duckdb.connect(
        str(demo_shop.home / "private" / "warehouse.duckdb"), read_only=True
    ) as con:
        register_functions(con)
        for file in compiled:
            row = con.execute(
                f"explain (format json) {file.read_text(encoding='utf-8')}"
            ).fetchone()
            assert row is not None
            for node in _nodes({"name": "", "children": json.loads(row[1])}):
                asked = str(node.get("extra_info", {}).get("Condition", ""))
                if (
                    node["name"] == "BLOCKWISE_NL_JOIN"
                    and "~~" not in asked
                    and re.search(r"\w = \w", asked)
                ):
                    slow.append((file.stem, asked))
    assert not slow


def test_old_drivers_can_open_the_release(demo_shop: Shop) -> None:
    with duckdb.connect() as con:
        con.execute(f"attach '{demo_shop.released}' as released (read_only)")
        tags = con.execute(
            "select tags from duckdb_databases() where database_name = 'released'"
        ).fetchone()
    assert tags is not None and "v1.0.0" in str(tags[0])
    assert not demo_shop.released.with_name("shop360.duckdb.wal").exists()


def test_query_answers_and_refuses_to_write(demo_shop: Shop) -> None:
    asked = demo_shop.cli("query", "select count(*) as customers from marts.customer_360", "--csv")
    assert asked.returncode == 0
    assert int(asked.stdout.split()[1]) > 0
    refused = demo_shop.cli("query", "drop table marts.customer_360")
    assert refused.returncode == 1
    assert "read-only" in refused.stderr


def test_rollback_serves_the_release_before(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "home")
    before = shop.released.resolve()
    assert shop.cli("release").returncode == 0
    latest = shop.released.resolve()
    assert latest != before
    assert shop.cli("rollback").returncode == 0
    assert shop.released.resolve() == before
    released = shop.cli("release")
    assert released.returncode == 0
    assert shop.released.resolve().parent.name > latest.parent.name
    generations = list((shop.home / "serving").glob("gen-*"))
    assert len(generations) == 3


def test_status_tells_runs_freshness_and_refusals(demo_shop: Shop) -> None:
    shown = demo_shop.cli("status")
    assert shown.returncode == 0, shown.stderr
    for word in ("success", "Coverage", "Refused rows", "generations kept"):
        assert word in shown.stdout
