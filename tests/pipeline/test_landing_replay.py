"""Everything lands again from the archive as it landed: rows, history, batches and times."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from landing_kit import HEADER, LandingShop, csv_of, order, orders

from orchestration.config.settings import Settings
from orchestration.engines.warehouse import WarehouseMissing
from orchestration.landing.record import archive
from orchestration.landing.replay import replay
from orchestration.system.landing_errors import LandingError

_TABLES = (
    "raw.erp_orders",
    "history.erp_orders",
    "meta.row_ledger",
    "meta.control_totals",
    "meta.quarantine",
    "meta.repairs",
)


def _content(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        found = {
            table: con.execute(f"select * from {table} order by all").fetchall()
            for table in _TABLES
        }
        found["meta.files"] = con.execute(
            "select * from meta.files where status = 'landed' order by all"
        ).fetchall()
        found["meta.batches"] = con.execute(
            "select batch_id, started_at, finished_at, status from meta.batches order by all"
        ).fetchall()
        return found


def _replayed(shop: LandingShop) -> Settings:
    settings = replace(shop.settings, is_rebuilding=True)
    settings.rebuilding.mkdir()
    replay(settings, shop.config)
    return settings


def _assert_replays(shop: LandingShop) -> None:
    before = _content(shop.settings)
    ledger = archive.path_of(shop.settings).read_bytes()
    assert _content(_replayed(shop)) == before
    assert archive.path_of(shop.settings).read_bytes() == ledger


def _put_order(shop: LandingShop, name: str, *rows: tuple[object, ...]) -> Path:
    return shop.put(name, csv_of(HEADER, *rows))


def test_days_with_replacements_and_bad_rows_land_as_they_landed(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    _put_order(shop, "orders_1.csv", order(1), order(2), order(3, "ten"))
    shop.land()
    _put_order(shop, "orders_2.csv", order(2, "12.00"), order(4))
    _put_order(shop, "orders_3.csv", order(4, "9.00"))
    shop.land()
    # The same name with other content.
    _put_order(shop, "orders_1.csv", order(1, "7.00"))
    shop.land()
    _put_order(shop, "orders_0.csv", order(2, "11.00"), order(4))
    shop.land()
    assert shop.query("select count(*) from meta.batches") == [(4,)]
    assert shop.query("select count(*) > 2 from history.erp_orders") == [(True,)]
    _assert_replays(shop)


def test_files_that_left_the_inbox_land_again(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    path = _put_order(shop, "orders_1.csv", order(1))
    shop.land()
    path.unlink()
    _put_order(shop, "orders_2.csv", order(2))
    shop.land()
    _assert_replays(shop)


def test_a_file_lands_by_the_mapping_that_it_had(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    path = _put_order(shop, "orders_1.csv", order(1))
    shop.land()
    path.unlink()
    fen = {"paid_amount": {"from": "实付金额", "unit": "fen"}}
    shop.configure({"erp.orders": [orders(columns=fen, files="fen*")]})
    _put_order(shop, "fen_2.csv", order(2, "1000"))
    shop.land()
    amounts = [(row["order_id"], row["paid_amount"]) for row in shop.raw()]
    assert [(number, int(amount)) for number, amount in amounts] == [("1", 10), ("2", 10)]
    _assert_replays(shop)


def test_members_of_archives_and_lookup_files_land_again(tmp_path: Path) -> None:
    lookup = {"file": "status.csv", "key": "code", "value": "word"}
    status = {"status": {"from": "订单状态", "map": lookup}}
    feeds = {"erp.orders": [orders(columns=status, files="*orders*")]}
    shop = LandingShop(tmp_path, feeds)
    table = shop.put("status.csv", csv_of(("code", "word"), ("T", "paid")))
    packed = shop.inbox / "week.zip"
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("四月/orders.csv", csv_of(HEADER, order(1, status="T")))
    shop.touch(packed)
    shop.land()
    shop.put("status.csv", csv_of(("code", "word"), ("T", "completed")))
    _put_order(shop, "orders_2.csv", order(2, status="T"))
    shop.land()
    packed.unlink()
    table.unlink()
    assert {row["status"] for row in shop.raw()} == {"completed"}
    _assert_replays(shop)


def test_a_killed_landing_gets_its_ledger_line_later(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    _put_order(shop, "orders_1.csv", order(1))
    shop.land()
    _put_order(shop, "orders_2.csv", order(2))
    shop.land()
    whole = archive.path_of(shop.settings).read_bytes().splitlines(keepends=True)
    archive.path_of(shop.settings).write_bytes(b"".join(whole[:2]) + whole[2][:40])
    shop.land()
    assert len(archive.read(shop.settings).landed) == 2
    _assert_replays(shop)


def test_an_old_home_gets_a_ledger_at_its_next_landing(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    _put_order(shop, "orders_1.csv", order(1))
    shop.land()
    _put_order(shop, "orders_2.csv", order(1, "8.00"))
    shop.land()
    archive.path_of(shop.settings).unlink()
    shop.land()
    entries = archive.read(shop.settings).landed
    assert [(entry.file_name, entry.mappings) for entry in entries] == [
        ("orders_1.csv", ""),
        ("orders_2.csv", ""),
    ]
    _assert_replays(shop)


def test_a_missing_archived_file_stops_the_replay_and_is_named(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    _put_order(shop, "orders_1.csv", order(1))
    shop.land()
    (entry,) = archive.read(shop.settings).landed
    (shop.settings.archive / entry.archived_as).unlink()
    with pytest.raises(LandingError, match=r"orders_1\.csv: cannot be read from the archive"):
        _replayed(shop)


def test_landing_into_a_home_without_its_warehouse_names_rebuild(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    _put_order(shop, "orders_1.csv", order(1))
    shop.land()
    shop.settings.warehouse.unlink()
    for dry_run in (False, True):
        with pytest.raises(WarehouseMissing, match="shop360 rebuild"):
            shop.land(dry_run=dry_run)
    assert not shop.settings.warehouse.exists()


def test_landing_into_an_older_warehouse_names_rebuild(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    _put_order(shop, "orders_1.csv", order(1))
    shop.land()
    older = shop.settings.warehouse.read_bytes()
    _put_order(shop, "orders_2.csv", order(2)).with_name("orders_2.csv")
    shop.land()
    shop.settings.warehouse.write_bytes(older)
    with pytest.raises(LandingError, match=r"lacks a file .* orders_2\.csv .*shop360 rebuild"):
        shop.land()


def test_replaced_content_stays_replaced(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    path = _put_order(shop, "orders_1.csv", order(1), order(2))
    shop.land()
    (entry,) = archive.read(shop.settings).landed
    without = csv_of(HEADER, order(1)).encode()

    new_hash = hashlib.sha256(without).hexdigest()
    place = archive.place_of(new_hash, ".csv")
    (shop.settings.archive / place).parent.mkdir(exist_ok=True)
    (shop.settings.archive / place).write_bytes(without)
    (shop.settings.archive / entry.archived_as).unlink()
    archive.append_replaced(
        shop.settings, entry.file_hash, new_hash, place, len(without), "a person was removed"
    )
    with duckdb.connect(str(shop.settings.warehouse)) as con:
        con.execute("delete from raw.erp_orders where order_id = '2'")
        con.execute("update meta.files set file_hash = ?, archived_as = ?", [new_hash, place])
    again = path.rename(path.with_name("orders_again.csv"))
    assert [result.status for result in shop.land().files] == ["unchanged"]
    shop.configure({"erp.orders": [orders(nulls=["none"])]})
    assert again.exists()
    shop.land()
    assert [row["order_id"] for row in shop.raw()] == ["1"]
    rebuilt = _replayed(shop)
    assert [
        row[0]
        for row in duckdb.connect(str(rebuilt.warehouse))
        .execute("select order_id from raw.erp_orders")
        .fetchall()
    ] == ["1"]
