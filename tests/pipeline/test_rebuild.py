"""A warehouse that is lost or damaged is made again from the archive: same figures, same customer ids."""

from collections.abc import Callable
from pathlib import Path

import pytest
from landing_kit import HEADER, LandingShop, csv_of, order
from shops import REPO, Shop, real_data

from orchestration.config.settings import Settings
from orchestration.landing.record import archive
from orchestration.pipeline.rebuild import RebuildFailed, rebuild

_IDS = """select record_type, source_system, shop_id, record_id, customer_id
          from intermediate.int_identity__customer_map order by all"""


def _assert_rebuilds(shop: Shop, damage: Callable[[Path], object]) -> str:
    warehouse = shop.home / "private" / "warehouse.duckdb"
    ids, figures = shop.ask_warehouse(_IDS), shop.fingerprint()
    released = shop.released.resolve()
    damage(warehouse)
    for command in ("land", "run"):
        refused = shop.cli(command)
        assert refused.returncode == 1, refused.stdout
        [error] = refused.stderr.strip().splitlines()
        assert error.startswith("✗") and "rebuild" in error, refused.stderr
    done = shop.cli("rebuild")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tables are equal" in done.stdout
    assert shop.ask_warehouse(_IDS) == ids
    assert shop.fingerprint() == figures
    assert shop.released.resolve() != released
    assert not (shop.home / "private" / "rebuilding").exists()
    verified = shop.cli("verify")
    assert verified.returncode == 0, verified.stdout
    return done.stdout


def test_a_lost_warehouse_is_rebuilt_from_the_archive(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "lost")
    shown = _assert_rebuilds(shop, lambda warehouse: warehouse.unlink())
    assert "private/kept" in shown


@pytest.mark.thorough
def test_real_exports_are_rebuilt_and_the_damaged_file_is_kept(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "bikes", REPO / "examples/crm_erp/shop.yml", real_data("crm_erp"))
    shop.run()
    content = (shop.home / "private" / "warehouse.duckdb").read_bytes()[:40_000]
    _assert_rebuilds(shop, lambda warehouse: warehouse.write_bytes(content))
    (kept,) = (shop.home / "private").glob("warehouse.damaged-*.duckdb")
    assert kept.read_bytes() == content


@pytest.mark.thorough
def test_other_figures_are_shown_and_not_released(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "newer")
    released = shop.released.resolve()
    settings = Settings(shop.home, shop.config, shop.home / "inbox")
    archive.rewrite(settings, lambda line: None if line.get("feed") == "erp.refunds" else line)
    settings.warehouse.unlink()
    done = shop.cli("rebuild")
    assert done.returncode == 1, done.stdout
    assert "Tables differ from the last release" in done.stderr
    assert "marts.refunds" in done.stdout
    assert shop.released.resolve() == released
    accepted = shop.cli("release")
    assert accepted.returncode == 0, accepted.stderr
    assert shop.ask("select count(*) from marts.refunds") == [(0,)]


def _landed(folder: Path) -> LandingShop:
    shop = LandingShop(folder)
    shop.put("orders_1.csv", csv_of(HEADER, order(1)))
    shop.land()
    return shop


@pytest.mark.parametrize("damage", ["lost", "changed", "ledger"])
def test_an_archive_that_is_not_whole_changes_nothing(tmp_path: Path, damage: str) -> None:
    shop = _landed(tmp_path)
    (entry,) = archive.read(shop.settings).landed
    path = shop.settings.archive / entry.archived_as
    if damage == "lost":
        path.unlink()
    elif damage == "changed":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        with archive.path_of(shop.settings).open("ab") as handle:
            handle.write(b"{]\n")
    before = shop.settings.warehouse.read_bytes()
    with pytest.raises(RebuildFailed, match=r"orders_1\.csv|line 3"):
        rebuild(shop.settings)
    assert shop.settings.warehouse.read_bytes() == before
    assert not shop.settings.rebuilding.exists()


def test_a_home_without_archive_says_that_nothing_can_be_rebuilt(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    with pytest.raises(RebuildFailed, match="nothing to rebuild from"):
        rebuild(shop.settings)


def test_a_release_lists_the_files_when_the_ledger_is_lost(tmp_path: Path) -> None:
    shop = _landed(tmp_path)
    before = archive.read(shop.settings).landed
    released = shop.settings.released
    released.parent.mkdir(parents=True)
    shop.settings.warehouse.rename(released)
    archive.path_of(shop.settings).unlink()
    (shop.settings.archive / before[0].archived_as).unlink()
    with pytest.raises(RebuildFailed, match=r"orders_1\.csv\) is missing"):
        rebuild(shop.settings)
    (again,) = archive.read(shop.settings).landed
    assert again.key == before[0].key
