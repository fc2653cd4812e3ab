"""The lake sink: the same rows as in tables, whatever happens to it."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landing_kit import HEADER, LandingShop, csv_of, order, orders

from orchestration.config.contract import load_contract
from orchestration.config.settings import PROJECT
from orchestration.engines.lake import open_lake
from orchestration.landing.record import ledger
from orchestration.landing.write import lake_sink
from orchestration.landing.write.lake_files import OWNER
from orchestration.landing.write.sink_change import sweep
from orchestration.quality.checks import run_suites
from orchestration.quality.suites import load_suite
from orchestration.system.landing_errors import LandingError

GAINED = "receiver_name"
WITH_CURSOR = orders(columns={"updated_at": "更新时间"})


def fresh(shop: LandingShop) -> None:
    shop.put("orders.csv", csv_of(HEADER, order(1, "5.10"), order(2, "5"), order(2, "6")))
    shop.land()


def restated(shop: LandingShop) -> None:
    shop.put("orders_a.csv", csv_of(HEADER, order(1, "5.10"), order(2, "6"), order(3, "7")))
    shop.put("orders_b.csv", csv_of(HEADER, order(2, "6"), order(3, "9"), order(4, "1")))
    shop.land()


def superseded_within_a_file(shop: LandingShop) -> None:
    shop.configure({"erp.orders": [WITH_CURSOR]})
    head = (*HEADER, "更新时间")
    rows = [(*order(1, n), f"2024-01-0{n}") for n in (3, 2, 4)] + [(*order(2, 1), "2024-01-01")]
    shop.put("orders_a.csv", csv_of(head, *rows))
    rows = [(*order(2, n), f"2024-01-0{n}") for n in (5, 6)] + [(*order(1, 4), "2024-01-04")]
    shop.put("orders_b.csv", csv_of(head, *rows))
    shop.land()


def repeated_and_refused(shop: LandingShop) -> None:
    shop.put("orders_a.csv", csv_of(HEADER, order(1), order(1), order("", 1), order(2)))
    shop.put("orders_b.csv", csv_of(HEADER, order(2), order(1), order(3, "x")))
    shop.put("orders_torn.csv", csv_of(HEADER, ("1", '"')))
    shop.land()


def two_shops(shop: LandingShop) -> None:
    shop.configure({"erp.orders": [orders(), orders(files="outlet*", shop_id="outlet")]})
    for n in (1, 2):
        shop.put(f"orders_{n}.csv", csv_of(HEADER, order(1, n), order(2)))
        shop.put(f"outlet_{n}.csv", csv_of(HEADER, order(1, n + 5), order(3)))
    shop.land()


DELIVERIES = (restated, superseded_within_a_file, repeated_and_refused, two_shops)


@pytest.fixture
def shop(tmp_path: Path) -> LandingShop:
    return LandingShop(tmp_path / "lake", target="spark")


def turn(shop: LandingShop, target: str) -> None:
    object.__setattr__(shop.settings, "target", target)


def dump(shop: LandingShop) -> dict[str, list]:
    """All that landing keeps, batch ids and clocks aside."""
    batch, clock = "_batch_id, _loaded_at", "batch_id, landed_at"
    queries = {
        "raw.erp_orders": batch,
        "history.erp_orders": f"{batch}, _replaced_at, _replaced_by_batch",
        "meta.row_ledger": clock,
        "meta.files": clock,
        "meta.control_totals": "batch_id",
        "meta.quarantine": "batch_id, quarantined_at",
        "meta.repairs": "batch_id, repaired_at",
    }
    found = {}
    with shop.reading() as con:
        for table, skip in queries.items():
            columns = con.execute(f"select column_name from (describe {table})").fetchall()
            names = sorted(name for (name,) in columns if name not in skip.split(", "))
            rows = con.execute(f"select {', '.join(names)} from {table} order by all")
            found[table] = rows.fetchall()
    return found


def stored(shop: LandingShop) -> set[str]:
    """The files that the lake holds below raw and history."""
    lake = open_lake(shop.settings)
    found = [f for schema in ("raw", "history") for f in lake.files.find(f"{lake.root}/{schema}")]
    return {name[len(lake.root) + 1 :] for name in found}


def listed(shop: LandingShop) -> set[str]:
    return {path for (path,) in shop.query("select path from meta.lake_files")}


@pytest.mark.parametrize("deliver", DELIVERIES)
def test_the_lake_holds_what_tables_hold(
    tmp_path: Path, shop: LandingShop, deliver: Callable[[LandingShop], None]
) -> None:
    plain = LandingShop(tmp_path / "tables")
    deliver(plain)
    deliver(shop)
    assert dump(shop) == dump(plain)
    assert stored(shop) == listed(shop)
    # Spark reads the folder, without the books.
    folder = Path(open_lake(shop.settings).place) / "raw" / "erp_orders"
    names = "order_id, shop_id, paid_amount, ordered_at"
    rows = f"select {names} from read_parquet('{folder}/*.parquet') order by all"
    assert duckdb.sql(rows).fetchall() == plain.query(
        f"select {names} from raw.erp_orders order by all"
    )


def test_every_feed_has_a_folder_with_the_types_of_the_contract(shop: LandingShop) -> None:
    fresh(shop)
    undescribed = "select column_name from duckdb_columns() where schema_name = 'meta' "
    assert shop.query(f"{undescribed} and comment is null") == []
    names = {"bigint": pa.int64(), "string": pa.string(), "date": pa.date32()}
    names |= {"boolean": pa.bool_(), "timestamp": pa.timestamp("us")}
    names |= {"decimal(18,4)": pa.decimal128(18, 4)}
    for feed in load_contract().values():
        for schema in ("raw", "history"):
            [file] = (Path(open_lake(shop.settings).place) / schema / feed.table).iterdir()
            kinds = dict(zip(*_columns(file), strict=True))
            own = [(c.name, c.data_type.replace(" ", "")) for c in feed.columns.values()]
            assert list(kinds)[: len(own)] == [name for name, _ in own]
            for name, kind in own:
                assert kinds[name] == names.get(kind, kinds[name]), (feed.code, name)
            assert kinds["_loaded_at"] == pa.timestamp("us")
            assert ("_replaced_at" in kinds) == (schema == "history")


def _columns(file: Path) -> tuple[list[str], list[pa.DataType]]:
    schema = pq.read_schema(file)
    return schema.names, schema.types


def test_the_same_file_again_writes_nothing(shop: LandingShop) -> None:
    fresh(shop)
    before = shop.settings.warehouse.read_bytes(), stored(shop)
    assert shop.land().batch_id is None
    assert (shop.settings.warehouse.read_bytes(), stored(shop)) == before
    shop.put("orders.csv", csv_of(HEADER, order(2, "6"), order(1, "5.1")))
    assert shop.land().totals["erp.orders"].unchanged == 2
    assert stored(shop) == before[1]


def test_a_dry_run_counts_alike_and_changes_nothing(shop: LandingShop) -> None:
    fresh(shop)
    before = shop.settings.warehouse.read_bytes(), stored(shop)
    shop.put("orders_b.csv", csv_of(HEADER, order(2, "7"), order(3), order("", 1)))
    counts = shop.land(dry_run=True).totals
    assert (shop.settings.warehouse.read_bytes(), stored(shop)) == before
    assert counts == shop.land().totals
    assert counts["erp.orders"].replaced == 1


def test_only_files_with_replaced_rows_are_written_again(shop: LandingShop) -> None:
    fresh(shop)
    first = listed(shop)
    shop.put("orders_b.csv", csv_of(HEADER, order(3), order(4)))
    shop.land()
    second = listed(shop)
    shop.put("orders_c.csv", csv_of(HEADER, order(3, "11")))
    shop.land()
    raw = {path for path in first if path.startswith("raw/")}
    assert raw <= listed(shop) and not (second - first) & listed(shop)


def test_small_files_are_merged_and_keep_their_rows(
    tmp_path: Path, shop: LandingShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_sink, "MANY", 2)
    plain = LandingShop(tmp_path / "tables")
    for each in (plain, shop):
        for n in range(4):
            each.put(f"orders_{n}.csv", csv_of(HEADER, order(n), order("same", n)))
        each.land()
    assert dump(shop) == dump(plain)
    counts = shop.query(
        "select schema_name, count(*) from meta.lake_files where table_name = 'erp_orders' group by 1"
    )
    assert len(counts) == 2 and all(count <= 3 for _, count in counts)
    assert stored(shop) == listed(shop)


@pytest.fixture
def with_less_columns(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The contract as it was before erp.orders gained GAINED; undo brings it."""
    feed = load_contract()["erp.orders"]
    columns = {name: column for name, column in feed.columns.items() if name != GAINED}
    monkeypatch.setitem(feed.__dict__, "columns", columns)
    return monkeypatch


def test_a_column_that_the_contract_gains_is_in_every_file(
    tmp_path: Path, shop: LandingShop, with_less_columns: pytest.MonkeyPatch
) -> None:
    plain = LandingShop(tmp_path / "tables")
    for each in (plain, shop):
        fresh(each)
    with_less_columns.undo()
    for each in (plain, shop):
        assert GAINED not in str(each.query("describe raw.erp_orders"))
        each.put("orders_d.csv", csv_of(HEADER, order(9), order(1, 3)))
        each.land()
    assert dump(shop) == dump(plain)
    folder = Path(open_lake(shop.settings).place) / "raw" / "erp_orders"
    orders_of_columns = {tuple(pq.read_schema(file).names) for file in folder.iterdir()}
    assert len(orders_of_columns) == 1 and GAINED in orders_of_columns.pop()


def test_a_column_that_the_contract_loses_stays(
    shop: LandingShop, with_less_columns: pytest.MonkeyPatch
) -> None:
    less = load_contract()["erp.orders"].columns
    with_less_columns.undo()
    fresh(shop)
    with_less_columns.setitem(load_contract()["erp.orders"].__dict__, "columns", less)
    shop.put("orders_b.csv", csv_of(HEADER, order(2, 1), order(3)))
    shop.land()
    assert shop.query(f"select {GAINED} from raw.erp_orders") == [(None,)] * 3


def test_a_type_that_the_contract_changes_stops_the_landing(shop: LandingShop) -> None:
    fresh(shop)
    with closing(duckdb.connect(str(shop.settings.warehouse))) as con:
        con.execute("create or replace view raw.erp_orders as select 1 as order_id")
    with pytest.raises(LandingError, match=r"raw\.erp_orders\.order_id is INTEGER .* now says VAR"):
        shop.land()


def test_a_landing_that_fails_leaves_no_row_and_no_file(
    shop: LandingShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh(shop)
    before, files = dump(shop), stored(shop)

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "record_file", fail)
    shop.put("orders_b.csv", csv_of(HEADER, order(2, "7"), order(3)))
    with pytest.raises(KeyboardInterrupt):
        shop.land()
    assert (dump(shop), stored(shop)) == (before, files)


KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.landing.land import land
from orchestration.landing.record import ledger
from orchestration.landing.write import lake_files
where, home, config, inbox = sys.argv[1], *map(Path, sys.argv[2:])
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
if where == "before": ledger.record_file = die
else: lake_files.LakeFiles._delete = lambda self, paths: paths and self.dropped and die()
land(Settings(home, config, inbox, "spark"), load_shop_config(config))
"""


@pytest.mark.parametrize("where", ["before", "after"])
def test_killed_at_the_commit_all_rows_count_or_none(shop: LandingShop, where: str) -> None:
    fresh(shop)
    before = dump(shop)
    shop.put("orders_b.csv", csv_of(HEADER, order(2, "7"), order(3)))
    places = (shop.settings.home, shop.settings.config, shop.inbox)
    code = [sys.executable, "-c", KILLED, where, *map(str, places)]
    assert subprocess.run(code, cwd=PROJECT, check=False).returncode == -9
    assert stored(shop) > listed(shop)
    assert (dump(shop) == before) == (where == "before")
    with closing(duckdb.connect(str(shop.settings.warehouse))) as con:
        sweep(con, shop.settings)
    assert stored(shop) == listed(shop)
    shop.land()
    assert [str(row["paid_amount"]) for row in shop.raw()] == ["5.1000", "7.0000", "10.0000"]
    assert stored(shop) == listed(shop)


def test_a_home_moves_to_the_lake_and_back_with_every_row(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    fresh(shop)
    tables = dump(shop)
    turn(shop, "spark")
    assert shop.land().batch_id is None
    assert dump(shop) == tables
    assert shop.query("select count(*) from duckdb_tables() where schema_name = 'raw'") == [(0,)]
    shop.put("orders_d.csv", csv_of(HEADER, order(1, "99")))
    shop.land()
    lake = dump(shop)
    assert len(lake["history.erp_orders"]) == 2
    turn(shop, "duckdb")
    assert shop.land().batch_id is None
    assert dump(shop) == lake
    assert shop.query("select count(*) from duckdb_views() where schema_name = 'raw'") == [(0,)]
    assert (listed(shop), stored(shop)) == (set(), set())


def test_a_home_that_was_moved_reads_its_lake_at_the_new_place(tmp_path: Path) -> None:
    old = LandingShop(tmp_path / "old", target="spark")
    fresh(old)
    rows = old.raw()
    shutil.move(tmp_path / "old", tmp_path / "new")
    shop = LandingShop(tmp_path / "new", target="spark")
    shop.land()
    assert shop.raw() == rows


def test_a_missing_file_stops_the_landing_and_says_the_way_out(shop: LandingShop) -> None:
    fresh(shop)
    [path] = [path for path in listed(shop) if path.startswith("raw/erp_orders/")]
    (Path(open_lake(shop.settings).place) / path).unlink()
    for target in ("spark", "duckdb"):
        turn(shop, target)
        with pytest.raises(LandingError, match=rf"{path}: 1 of \d+ files .* archive again"):
            shop.land()
    with pytest.raises(LandingError, match="the lake cannot be read"):
        shop.land(dry_run=True)


def test_a_lake_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cases = {
        f"{tmp_path}/file/lake": "the lake cannot be read or written",
        "nonsense://bucket/lake": "Expected a folder, or a URL such as",
        f"{tmp_path}/lake*": "choose a path without",
    }
    for number, (lake, words) in enumerate(cases.items()):
        shop = LandingShop(tmp_path / str(number), target="spark", lake=lake)
        with pytest.raises(LandingError, match=words):
            shop.land()


def test_a_home_never_sweeps_the_lake_of_another(tmp_path: Path) -> None:
    lake = tmp_path / "common"
    first = LandingShop(tmp_path / "first", target="spark", lake=str(lake))
    fresh(first)
    second = LandingShop(tmp_path / "second", target="spark", lake=str(lake))
    with pytest.raises(LandingError, match=f"is the lake of {first.settings.home}, not of"):
        second.land()
    (lake / OWNER).unlink()
    with pytest.raises(LandingError, match="holds files of someone else"):
        second.land()
    assert stored(first) == listed(first)


@pytest.fixture(params=["memory", "s3"])
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A lake behind a URL: fsspec's memory, and a server that speaks S3."""
    if request.param == "memory":
        yield "memory://lake"
        fsspec.filesystem("memory").store.clear()
        return
    reason = "needs s3fs and moto[server], which are no dependencies"
    pytest.importorskip("s3fs", reason=reason)
    moto = pytest.importorskip("moto.server", reason=reason)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3").mkdir("bucket")
    yield "s3://bucket/lake"
    server.stop()


def test_a_lake_behind_a_url_holds_the_same_rows(tmp_path: Path, url: str) -> None:
    plain = LandingShop(tmp_path / "tables")
    shop = LandingShop(tmp_path / "lake", target="spark", lake=url)
    for each in (plain, shop):
        restated(each)
    assert dump(shop) == dump(plain)
    assert stored(shop) == listed(shop)
    assert shop.land(dry_run=True).batch_id is None
    turn(shop, "duckdb")
    shop.land()
    assert dump(shop) == dump(plain)
    assert stored(shop) == set()


def test_expectations_are_checked_where_the_rows_live(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path, target="spark", lake="memory://checked")
    fresh(shop)
    outcomes = run_suites(shop.settings, [load_suite(load_contract()["erp.orders"])])
    assert len(outcomes) >= 10
    assert [o for o in outcomes if o.error or (o.severity == "critical" and not o.passed)] == []
