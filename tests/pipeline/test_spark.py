"""The second engine: a home that moves to a Spark cluster keeps every figure, a lost worker included."""

import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from shops import REPO, Shop

from orchestration.engines.spark import requirements
from orchestration.engines.spark.cluster import Cluster, start_cluster


def _missing() -> str:
    try:
        requirements.spark_home()
    except requirements.SparkMissing as error:
        return str(error)
    return ""


# On a small shop Java's optimising compiler and its collector's threads cost more than they save;
# without that compiler Java keeps too little room for the code that Spark generates.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"

# Tables that need not outlive their server need no catalog on disk, and small ones no more tasks than cores.
_SMALL = {"spark.sql.catalogImplementation": "in-memory", "spark.sql.shuffle.partitions": "2"}

# Tasks that each of two workers has done when half of the run is over.
_MIDDLE = 500

needs_spark = pytest.mark.skipif(bool(_missing()), reason=_missing())


@dataclass(frozen=True)
class Moved:
    """A copy of the demo shop that moved to Spark, and the tasks that each worker did before one was lost."""

    before: Shop
    after: Shop
    tasks: dict[str, int]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Generator[Cluster, None, None]:
    """A master and two workers with an executor each, and Spark Connect before them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", _JAVA)
        # Two cores each, as the one that is left has the machine for itself.
        running = start_cluster(tmp_path_factory.mktemp("cluster"), cores=2, options=_SMALL)
        yield running
        running.stop()


@pytest.fixture(scope="module")
def moved(demo_shop: Shop, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """Build on the cluster what DuckDB has built, and kill a worker in the middle."""
    home = tmp_path_factory.mktemp("moved") / "home"
    shop = replace(demo_shop.copy(home), extra={"SHOP360_SPARK_REMOTE": cluster.remote})
    run = shop.start("run", "--target", "spark")
    while run.poll() is None and min(cluster.tasks_done().values(), default=0) < _MIDDLE:
        time.sleep(0.5)
    tasks = cluster.tasks_done()
    cluster.kill_worker(1)
    shown, _ = run.communicate(timeout=1500)
    assert run.returncode == 0, shown
    return Moved(demo_shop, shop, tasks)


@needs_spark
def test_the_loss_of_an_executor_changes_no_figure(moved: Moved) -> None:
    assert min(moved.tasks.values()) >= _MIDDLE, moved.tasks
    moved.before.assert_equals(moved.after)


@needs_spark
def test_the_release_from_spark_is_the_release_that_readers_know(moved: Moved) -> None:
    sql = """select schema_name, table_name, comment from duckdb_tables() order by all"""
    columns = """select schema_name, table_name, column_name, data_type, comment
                 from duckdb_columns() where not internal order by all"""
    assert moved.after.ask(sql) == moved.before.ask(sql)
    assert moved.after.ask(columns) == moved.before.ask(columns)


@needs_spark
def test_customer_ids_and_their_history_travel_along(moved: Moved) -> None:
    name = "int_identity__customer_ids"
    kept = moved.after.home / "lake" / "kept" / "intermediate" / name
    sql = "select record_key, customer_id, previous_customer_id, generation from {} order by all"
    with duckdb.connect() as con:
        history = con.execute(sql.format(f"'{kept}/*.parquet'")).fetchall()
    assert history == moved.before.ask_warehouse(sql.format(f"intermediate.{name}"))


@needs_spark
def test_a_home_moves_back_with_every_row(moved: Moved, tmp_path: Path) -> None:
    home = tmp_path / "home"
    back = replace(moved.after.copy(home), extra={})
    # The torn files of the demo shop are still in the inbox, and still refused: exit code 1.
    assert back.cli("land", "--target", "duckdb").returncode == 1
    for table in ("erp_orders", "crm_customers", "web_events"):
        rows = f"select * from raw.{table} order by all"
        assert back.ask_warehouse(rows) == moved.before.ask_warehouse(rows)
    assert not list((home / "lake" / "raw").rglob("*.parquet"))


@needs_spark
def test_a_run_without_a_cluster_starts_and_ends_a_server(moved: Moved) -> None:
    alone = replace(moved.after, extra={})
    built = alone.cli("dbt", "run", "--select", "stg_erp__refunds")
    assert built.returncode == 0, built.stdout + built.stderr
    left = subprocess.run(
        ["pgrep", "-f", str(alone.home / "private" / "spark")], capture_output=True, check=False
    )
    assert not left.stdout


def test_without_the_packages_a_run_says_what_to_install(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['pyspark'] = None; from orchestration.commands.main import app; app()"
    shown = subprocess.run(
        [sys.executable, "-c", hidden, "run", "--target", "spark", "--home", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPO,
    )
    assert shown.returncode == 2
    assert "pyspark, which is not installed" in shown.stderr
    assert "make spark" in shown.stderr


@needs_spark
def test_without_java_a_run_says_what_to_install(tmp_path: Path) -> None:
    shop = Shop(tmp_path, extra={"PATH": str(tmp_path), "JAVA_HOME": ""})
    shown = shop.cli("run", "--target", "spark")
    assert shown.returncode == 2
    assert "Install Java 17" in shown.stderr
    assert "SHOP360_SPARK_REMOTE" in shown.stderr
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_an_unknown_target_is_refused(tmp_path: Path) -> None:
    shown = Shop(tmp_path).cli("run", "--target", "oracle")
    assert shown.returncode == 2
    assert "expected one of duckdb, ducklake, spark" in shown.stderr
