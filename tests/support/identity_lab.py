"""A bare warehouse in which identity alone is built, many times over: rows go straight into raw.

dbt runs in a process of its own that stays, so that a build costs seconds. What landing does to a
re-exported row is done here in the same way: the old version moves to history.
"""

import atexit
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import duckdb
from shops import REPO, Shop

FEEDS = ("crm.customers", "crm.identifiers", "crm.matches", "erp.customers", "erp.orders")
MARTS = (
    "customer_identities",
    "identity_changes",
    "identity_review",
    "int_identity__excluded_identifiers",
    "int_identity__review_candidates",
    "int_identity__review_decisions",
)

_BUILDER = """
import os
import sys
from pathlib import Path
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from orchestration.engines.dbt_entry import collect_garbage_seldom
from orchestration.config.environment import prepare_environment
from orchestration.config.settings import load_settings

collect_garbage_seldom()
places = ["--project-dir", sys.argv[1], "--profiles-dir", sys.argv[1], "--quiet"]
manifest = None
for line in sys.stdin:
    home, config, *command = line.split()
    for name in [name for name in os.environ if name.startswith("SHOP360_")]:
        del os.environ[name]
    prepare_environment(load_settings(home=Path(home), config=Path(config)))
    manifest = manifest or dbtRunner().invoke(["parse", *places]).result
    done = dbtRunner(manifest).invoke([*command, *places])
    DuckDBConnectionManager.close_all_connections()
    print("built" if done.success else "failed", flush=True)
"""


@cache
def _builder() -> "subprocess.Popen[str]":
    """One dbt for every lab of this process: it reads the project once, whatever homes it builds."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SHOP360_", "DBT_"))}
    process = subprocess.Popen(
        [sys.executable, "-c", _BUILDER, str(REPO)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPO,
        env={**environment, "DBT_LOG_LEVEL_FILE": "info"},
    )
    assert process.stdin is not None
    # It ends with its input.
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    return process


class Lab:
    """A home whose raw rows a test writes itself; `build` resolves everybody."""

    def __init__(self, home: Path, config: Path = REPO / "shop.yml") -> None:
        self._open(home, config)
        made = self.shop.cli("init")
        assert made.returncode == 0, made.stderr
        landed = self.shop.cli("land")
        assert landed.returncode == 0, landed.stdout + landed.stderr
        self._dbt("seed")

    @classmethod
    def of(cls, home: Path, config: Path) -> "Lab":
        """The lab of a home that exists."""
        lab = cls.__new__(cls)
        lab._open(home, config)
        return lab

    def _open(self, home: Path, config: Path) -> None:
        self.shop = Shop(home, config)
        self.warehouse = home / "private" / "warehouse.duckdb"

    def _dbt(self, command: str) -> None:
        builder = _builder()
        assert builder.stdin is not None and builder.stdout is not None
        builder.stdin.write(f"{self.shop.home} {self.shop.config} {command}\n")
        builder.stdin.flush()
        shown = []
        for line in builder.stdout:
            shown.append(line)
            if line.strip() in ("built", "failed"):
                break
        assert shown and shown[-1].strip() == "built", "dbt did not build:\n" + "".join(shown[-40:])

    def build(
        self, command: str = "run", models: str = f"+int_identity__last_run_rules {' '.join(MARTS)}"
    ) -> None:
        """Build models; by default all of identity and its marts."""
        self._dbt(f"{command} --select {models}")

    def differences(self, other: "Lab", table: str) -> list[tuple]:
        """Rows of a table, named with its schema, that one of two labs has and the other has not."""
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            con.execute(f"attach '{other.warehouse}' as other (read_only)")
            columns = ", ".join(
                f'"{name}"' for name, *_ in con.execute(f"describe {table}").fetchall()
            )
            ours = f"select {columns} from {table}"
            theirs = f"select {columns} from other.{table}"
            return con.execute(
                f"select 'kept', * from ({ours} except all {theirs}) union all by name"
                f" select 'at once', * from ({theirs} except all {ours})"
            ).fetchall()

    def sql(self, sql: str) -> list[tuple]:
        """Run a statement in the warehouse and return its rows."""
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(sql).fetchall()

    def land(self, feed: str, rows: Iterable[Mapping[str, object]], loaded_at: str) -> None:
        """Put rows into raw as landing does: a row with a known key replaces it, and the last row of a key counts."""
        table, keys = feed.replace(".", "_"), _KEYS[feed]
        rows = list({tuple(row[key] for key in keys.split(", ")): row for row in rows}.values())
        if not rows:
            return
        with duckdb.connect(str(self.warehouse)) as con:
            columns = [c[0] for c in con.execute(f"describe raw.{table}").fetchall()]
            con.execute(f"create temp table news as select * from raw.{table} limit 0")
            for row in rows:
                full = {"_batch_id": loaded_at, "_file": "lab", "_row": 1, "_loaded_at": loaded_at}
                full |= row
                unknown = set(full) - set(columns)
                assert not unknown, unknown
                con.execute(
                    f"insert into news ({', '.join(full)}) values ({', '.join('?' * len(full))})",
                    list(full.values()),
                )
            con.execute(
                f"insert into history.{table} by name select old.*, timestamp '{loaded_at}' as _replaced_at,"
                f" '{loaded_at}' as _replaced_by_batch from raw.{table} as old semi join news using ({keys})"
            )
            con.execute(f"delete from raw.{table} where ({keys}) in (select ({keys}) from news)")
            con.execute(f"insert into raw.{table} select * from news")

    def withdraw(self, feed: str, row_id: str, row_ids: Iterable[str], at: str) -> None:
        """Move rows to history as landing does where a file states a whole, such as an order, without them."""
        table, listed = feed.replace(".", "_"), list(row_ids)
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute(
                f"insert into history.{table} by name select *, timestamp '{at}' as _replaced_at,"
                f" '{at}' as _replaced_by_batch from raw.{table} where {row_id} in (select unnest(?))",
                [listed],
            )
            con.execute(f"delete from raw.{table} where {row_id} in (select unnest(?))", [listed])

    def customers(self) -> dict[tuple[str, str, str, str], str]:
        """The customer id of every CRM customer, ERP buyer and order."""
        rows = self.sql(
            "select record_type, source_system, shop_id, record_id, customer_id"
            " from intermediate.int_identity__customer_map"
        )
        return {tuple(row[:4]): row[4] for row in rows}


_KEYS = {
    "ads.daily_spend": "source_system, shop_id, report_level, account_id, campaign_id, ad_id, segment, split_by, spend_on",
    "crm.customers": "source_system, shop_id, customer_id",
    "crm.identifiers": "source_system, shop_id, customer_id, id_type, id_scope, id_value",
    "crm.matches": "source_system, shop_id, record_type_a, source_system_a, shop_id_a, record_id_a,"
    " record_type_b, source_system_b, shop_id_b, record_id_b",
    "erp.customers": "source_system, shop_id, customer_id",
    "erp.orders": "source_system, shop_id, order_id",
    "erp.order_lines": "source_system, shop_id, order_id, line_id",
    "erp.products": "source_system, shop_id, product_id",
    "erp.refunds": "source_system, shop_id, refund_id",
    "web.events": "source_system, shop_id, event_id",
}
