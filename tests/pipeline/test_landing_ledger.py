"""Every row accounted for: idempotence, upserts, history, control totals, dry runs, killed runs."""

import hashlib
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import landing_kit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from landing_kit import HEADER, LandingShop, csv_of, order, orders

from orchestration.config.settings import PROJECT
from orchestration.landing.record.report import Event
from orchestration.system.errors import OperatorError
from orchestration.system.landing_errors import LandingError

LEDGER = "select rows_read, rows_accepted, rows_unchanged, rows_replaced, rows_quarantined from meta.row_ledger"
WITH_CURSOR = orders(columns={"updated_at": "更新时间"})


def warehouse_dump(shop):
    """Everything that landing wrote, batch ids and clocks aside."""
    skip = "_batch_id, _loaded_at, _replaced_at, _replaced_by_batch"
    raw = shop.query("select * exclude (_batch_id, _loaded_at) from raw.erp_orders order by all")
    old = shop.query(f"select * exclude ({skip}) from history.erp_orders order by all")
    ledger = shop.query(f"{LEDGER} order by all")
    bad = shop.query("select file_name, row_number, reason from meta.quarantine order by all")
    return raw, old, ledger, bad


def test_the_same_file_again_changes_nothing(tmp_path):
    shop = LandingShop(tmp_path)
    path = shop.put("orders.csv", csv_of(HEADER, order(1), order(2, "x")))
    first = shop.land()
    before = hashlib.sha256(shop.settings.warehouse.read_bytes()).hexdigest()
    shop.touch(path)
    again = shop.land()
    assert [file.status for file in again.files] == ["unchanged"]
    assert again.batch_id is None and first.batch_id is not None
    assert hashlib.sha256(shop.settings.warehouse.read_bytes()).hexdigest() == before


def test_a_re_export_accepts_keeps_and_replaces(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1, "5"), order(2, "6"), order(3, "7.10")))
    shop.land()
    shop.put(
        "orders.csv", csv_of(HEADER, order(2, "6.00"), order(3, "8"), order(4, "9"), order("", "1"))
    )
    report = shop.land()
    assert shop.query(f"{LEDGER} order by batch_id") == [(3, 3, 0, 0, 0), (4, 1, 1, 1, 1)]
    assert report.totals["erp.orders"].replaced == 1
    assert [row["paid_amount"] for row in shop.raw()] == [
        Decimal(5),
        Decimal(6),
        Decimal(8),
        Decimal(9),
    ]
    assert shop.query(
        "select order_id, paid_amount, _replaced_by_batch from history.erp_orders"
    ) == [("3", Decimal("7.10"), report.batch_id)]
    [totals] = shop.query(
        "select total_read, total_accepted, total_unchanged, total_replaced, total_replaced_before, "
        f"total_quarantined from meta.control_totals where batch_id = '{report.batch_id}'"
    )
    assert totals == tuple(map(Decimal, ("24", "9", "6", "8", "7.10", "1")))


def test_newest_file_wins_whatever_its_name(tmp_path):
    shop = LandingShop(tmp_path)
    shop.touch(shop.put("orders_a.csv", csv_of(HEADER, order(1, "2"))), datetime(2024, 3, 2))
    shop.touch(shop.put("orders_b.csv", csv_of(HEADER, order(1, "1"))), datetime(2024, 3, 1))
    shop.touch(
        shop.put("orders_c.csv", csv_of(HEADER, order(2, "1"))), datetime(2024, 3, 5, 1, 1, 1)
    )
    shop.touch(
        shop.put("orders_d.csv", csv_of(HEADER, order(2, "2"))), datetime(2024, 3, 5, 1, 1, 1)
    )
    report = shop.land()
    assert [file.file[7] for file in report.files] == ["b", "a", "c", "d"]
    assert [row["paid_amount"] for row in shop.raw()] == [Decimal(2), Decimal(2)]


def test_the_latest_change_counts_then_the_last_row(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [WITH_CURSOR]})
    head = (*HEADER, "更新时间")
    rows = [
        (*order(1, "3"), "2024-01-03"),
        (*order(1, "2"), "2024-01-02"),
        (*order(1, "0"), ""),
        (*order(2, "5"), "2024-01-01"),
        (*order(2, "6"), "2024-01-01"),
        (*order(3, "7"), "2024-01-01"),
        (*order(3, "7"), "2024-01-01"),
    ]
    shop.put("orders.csv", csv_of(head, *rows))
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.unchanged, file.counts.replaced) == (3, 1, 3)
    assert [row["paid_amount"] for row in shop.raw()] == [Decimal(3), Decimal(6), Decimal(7)]
    assert shop.query("select order_id, paid_amount from history.erp_orders order by 1, 2") == [
        ("1", Decimal(0)),
        ("1", Decimal(2)),
        ("2", Decimal(5)),
    ]
    assert any(
        "2 keys of erp.orders occur with differing content in this file" in w for w in file.warnings
    )


def test_sources_and_shops_never_collide(tmp_path):
    mappings = [
        orders(files="a.csv"),
        orders(files="b.csv", source_system="jd"),
        orders(files="c.csv", shop_id="outlet"),
    ]
    shop = LandingShop(tmp_path, {"erp.orders": mappings})
    for name, amount in (("a.csv", 1), ("b.csv", 2), ("c.csv", 3)):
        shop.put(name, csv_of(HEADER, order(1, amount)))
    assert shop.land().totals["erp.orders"].accepted == 3
    shop.put("b.csv", csv_of(HEADER, order(1, 9)))
    shop.land()
    assert shop.query(
        "select source_system, shop_id, paid_amount from raw.erp_orders order by all"
    ) == [
        ("jd", "camellia", Decimal(9)),
        ("taobao", "camellia", Decimal(1)),
        ("taobao", "outlet", Decimal(3)),
    ]


def test_one_file_feeds_several_tables_and_mappings(tmp_path):
    person = {"customer_id": "会员", "id_value": "手机", "id_type": {"const": "phone"}}
    mail = {"customer_id": "会员", "id_value": "邮箱", "id_type": {"const": "email"}}
    common = {"files": "crm.csv", "source_system": "crm"}
    feeds = {
        "crm.customers": [{**common, "columns": {"customer_id": "会员", "phone": "手机"}}],
        "crm.identifiers": [{**common, "columns": person}, {**common, "columns": mail}],
    }
    shop = LandingShop(tmp_path, feeds)
    shop.put("crm.csv", "会员,手机,邮箱\n1,138,a@b.c\n2,139,\n")
    report = shop.land()
    assert [file.counts.accepted for file in report.files] == [2, 2, 1]
    assert all(not file.warnings for file in report.files)
    assert shop.query("select count(*) from raw.crm_identifiers where _extra is not null") == [(0,)]
    again = shop.land()
    assert [file.status for file in again.files] == ["unchanged"] * 3


def test_a_changed_mapping_lands_its_files_again(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1, "100")))
    shop.land()
    fen = {"paid_amount": {"from": "实付金额", "unit": "fen"}}
    for columns, amount in ((fen, 1), ({}, 100), (fen, 1)):
        shop.configure({"erp.orders": [orders(columns=columns)]})
        assert shop.land().totals["erp.orders"].replaced == 1
        assert shop.raw()[0]["paid_amount"] == Decimal(amount)
        assert [file.status for file in shop.land().files] == ["unchanged"]


def test_widening_a_glob_is_no_change_of_the_mapping(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    shop.land()
    shop.configure({"erp.orders": [orders(files=["orders*", "more*"])]})
    assert [file.status for file in shop.land().files] == ["unchanged"]


def test_a_name_that_goes_back_to_older_content_is_a_new_export(tmp_path):
    shop = LandingShop(tmp_path)
    for amount in ("1", "2", "1"):
        shop.put("orders.csv", csv_of(HEADER, order(1, amount)))
        assert [file.status for file in shop.land().files] == ["landed"]
        assert shop.raw()[0]["paid_amount"] == Decimal(amount)
    shop.put("orders_copy.csv", csv_of(HEADER, order(1, "2")))
    assert [file.status for file in shop.land().files] == ["unchanged", "unchanged"]


def test_a_copy_in_the_same_landing_is_no_news_either(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders_1.csv", csv_of(HEADER, order(1, "1")))
    shop.put("orders_2.csv", csv_of(HEADER, order(1, "2")))
    shop.put("orders_3.csv", csv_of(HEADER, order(1, "1")))
    assert [file.status for file in shop.land().files] == ["landed", "landed", "unchanged"]
    assert shop.raw()[0]["paid_amount"] == Decimal(2)


def test_landed_content_is_archived_under_its_hash(tmp_path):
    shop = LandingShop(tmp_path)
    path = shop.put("orders.csv", csv_of(HEADER, order(1)))
    shop.land()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = shop.settings.archive / digest[:2] / f"{digest}.csv"
    assert kept.read_bytes() == path.read_bytes()
    assert shop.query("select file_hash, archived_as, size_bytes from meta.files") == [
        (digest, f"{digest[:2]}/{digest}.csv", path.stat().st_size)
    ]
    assert [p.name for p in shop.settings.private.iterdir() if p.name.startswith("landing-")] == []


def test_a_batch_that_was_killed_is_closed_as_aborted(tmp_path):
    shop = LandingShop(tmp_path)
    shop.land()
    with duckdb.connect(str(shop.settings.warehouse)) as con:
        con.execute("insert into meta.batches values ('b1', now(), null, 'running', 0)")
    assert shop.land().batch_id is None
    assert shop.query("select status from meta.batches") == [("aborted",)]


def test_a_dry_run_beside_a_run_is_an_operator_error(tmp_path):
    shop = LandingShop(tmp_path)
    shop.land()
    with duckdb.connect(str(shop.settings.warehouse)) as con:
        con.execute("begin")
        with pytest.raises(OperatorError, match="cannot be opened"):
            shop.land(dry_run=True)


def test_progress_is_told(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    shop.put("orders_bad.csv", "x\n")
    events: list[Event] = []
    report = shop.land(report=events.append)
    assert [(e.kind, e.file, e.number, e.total) for e in events] == [
        ("started", "orders.csv", 1, 2),
        ("done", "orders.csv", 1, 2),
        ("started", "orders_bad.csv", 2, 2),
        ("done", "orders_bad.csv", 2, 2),
    ]
    assert [e.result for e in events if e.result] == report.files


def test_feeds_without_files_are_reported_not_connected(tmp_path):
    shop = LandingShop(tmp_path)
    report = shop.land()
    assert report.files == [] and "erp.orders" in report.not_connected
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    assert "erp.orders" not in shop.land().not_connected


def test_without_an_inbox_nothing_can_land(tmp_path):
    shop = LandingShop(tmp_path)
    shop.inbox.rmdir()
    with pytest.raises(LandingError, match="no such inbox folder"):
        shop.land()


def test_a_warehouse_that_is_open_elsewhere_is_an_operator_error(tmp_path):
    shop = LandingShop(tmp_path)
    shop.land()
    code = f"import duckdb, time; c = duckdb.connect({str(shop.settings.warehouse)!r}); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        with pytest.raises(OperatorError, match="is open in another program"):
            shop.land()
        other.kill()


def tree(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_dry_run_counts_alike_and_leaves_no_trace(tmp_path):
    shop = LandingShop(tmp_path)
    shop.put("orders.csv", csv_of(HEADER, order(1, "5"), order(2, "6")))
    fresh = shop.land(dry_run=True)
    assert not shop.settings.home.exists()
    assert fresh.dry_run and fresh.totals["erp.orders"].accepted == 2
    shop.land()
    shop.put("orders.csv", csv_of(HEADER, order(1, "5"), order(2, "7"), order(3, "x")))
    shop.put("orders_more.csv", csv_of(HEADER, order(2, "7"), order(4, "1")))
    shop.put("orders_bad.csv", "x\n")
    before = tree(shop.settings.home)
    dry = shop.land(dry_run=True)
    assert tree(shop.settings.home) == before
    real = shop.land()
    assert [(f.file, f.status, f.counts, f.warnings, f.error) for f in dry.files] == [
        (f.file, f.status, f.counts, f.warnings, f.error) for f in real.files
    ]
    assert real.totals["erp.orders"].unchanged == 2


# A simple oracle: rows one by one, in the order that the rules give, against a dictionary.
ROW = st.tuples(
    st.integers(1, 4),
    st.integers(0, 3),
    st.sampled_from(["", "2024-01-01", "2024-01-02"]),
    st.booleans(),
)
EXPORTS = st.lists(st.lists(ROW, max_size=6), min_size=1, max_size=4)


def oracle(exports):
    """Raw, history and ledger rows as (key, amount, time) from landing the exports one after another."""
    raw, history, ledger = {}, [], []
    for rows in exports:
        counts = Counter(accepted=0, unchanged=0, replaced=0, quarantined=0)
        good = []
        for place, (key, amount, at, ok) in enumerate(rows):
            if ok:
                good.append((at, place, key, amount))
            else:
                counts["quarantined"] += 1
        newest = {key: max(at for at, _, other, _ in good if other == key) for _, _, key, _ in good}
        # A version that is older than the known one by its time changes nothing.
        older = {key for key, at in newest.items() if key in raw and "" < at < raw[key][2]}
        for at, _, key, amount in sorted(good):
            if key in older:
                counts["unchanged"] += 1
                continue
            new = (key, amount, at)
            old = raw.get(key)
            counts["accepted" if old is None else "unchanged" if old == new else "replaced"] += 1
            if old is not None and old != new:
                history.append(old)
            raw[key] = new
        ledger.append(
            tuple(counts[name] for name in ("accepted", "unchanged", "replaced", "quarantined"))
        )
    return sorted(raw.values()), sorted(history), ledger


@given(EXPORTS)
@settings(max_examples=8, deadline=None)
def test_random_re_exports_agree_with_the_oracle(tmp_path_factory, exports):
    shop = LandingShop(tmp_path_factory.mktemp("oracle"), {"erp.orders": [WITH_CURSOR]})
    head = (*HEADER, "更新时间")
    for n, rows in enumerate(exports):
        lines = [(*order(k, a if ok else "x"), at) for k, a, at, ok in rows]
        # The file's own number keeps equal exports from being one content.
        shop.put(f"orders_{n}.csv", f"第{n}份\n" + csv_of(head, *lines))
    report = shop.land()
    raw, history, ledger = oracle(exports)
    shown = "order_id::int, paid_amount::int, coalesce(strftime(updated_at + interval 8 hour, '%Y-%m-%d'), '')"
    assert sorted(shop.query(f"select {shown} from raw.erp_orders")) == raw
    assert sorted(shop.query(f"select {shown} from history.erp_orders")) == history
    counts = [
        (f.counts.accepted, f.counts.unchanged, f.counts.replaced, f.counts.quarantined)
        for f in report.files
    ]
    assert counts == ledger
    [(identity,)] = shop.query(
        "select coalesce((select sum(paid_amount) from raw.erp_orders), 0) = sum(total_accepted) "
        "+ sum(total_replaced) - sum(total_replaced_before) from meta.control_totals"
    )
    assert identity
    assert shop.query(
        "select count(*) from meta.row_ledger where rows_read <> rows_accepted "
        "+ rows_unchanged + rows_replaced + rows_quarantined"
    ) == [(0,)]


LAND = """
import sys
sys.path.insert(0, "{tests}")
from pathlib import Path
from landing_kit import LandingShop
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.landing.land import land
home, config, inbox = map(Path, sys.argv[1:4])
land(Settings(home, config, inbox), load_shop_config(config))
"""


def start(shop, home):
    code = LAND.format(tests=Path(landing_kit.__file__).parent)
    arguments = [str(home), str(shop.settings.config), str(shop.inbox)]
    return subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=PROJECT)


def test_killed_at_any_moment_and_run_again_gives_the_same_rows(tmp_path):
    shop = LandingShop(tmp_path)
    for n in range(3):
        rows = [order(i, i % 7 + n) for i in range(n * 2000, n * 2000 + 8000)]
        shop.put(f"orders_{n}.csv", csv_of(HEADER, *rows, order("", 1)))
    begun = time.monotonic()
    shop.land()
    undisturbed, span = warehouse_dump(shop), time.monotonic() - begun
    killed = LandingShop(tmp_path)
    object.__setattr__(killed.settings, "home", tmp_path / "killed")
    for part in (0.2, 0.5, 0.8):
        process = start(shop, killed.settings.home)
        for _ in range(400):
            if killed.settings.warehouse.exists():
                break
            time.sleep(0.02)
        time.sleep(span * part)
        process.send_signal(signal.SIGKILL)
        process.wait()
    report = killed.land()
    assert report.rejected == []
    assert warehouse_dump(killed) == undisturbed
    with duckdb.connect(str(killed.settings.warehouse)) as con:
        statuses = {row[0] for row in con.execute("select status from meta.batches").fetchall()}
    assert "finished" in statuses and statuses <= {"finished", "aborted"}
    assert not list(killed.settings.private.glob("landing-*"))
    assert not list(killed.settings.archive.rglob("*.part"))
