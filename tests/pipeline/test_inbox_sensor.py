"""When does the inbox start a run?"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from landing_kit import HEADER, LandingShop, csv_of, order
from shops import Shop

from orchestration.config.settings import Settings
from orchestration.pipeline.arrivals import not_landed
from orchestration.pipeline.landing_assets import build_land
from orchestration.pipeline.triggers import inbox_sensor


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[LandingShop]:
    shop = LandingShop(tmp_path)
    shop.settings.private.mkdir(parents=True)
    yield shop


def _looks(settings: Settings, *, cursor: str | None = None, times: int = 3) -> list[bool]:
    """Whether each of several looks in a row starts a run."""
    sensor, started = inbox_sensor("shop360", settings), []
    for _ in range(times):
        tick = sensor.evaluate_tick(dg.build_sensor_context(cursor=cursor))
        cursor = tick.cursor or cursor
        started.append(bool(tick.run_requests))
    return started


def _run(shop: LandingShop, selection: list[dg.AssetKey] | None = None) -> None:
    """The landing of a whole run, or of one selected in the UI."""
    land = build_land(shop.settings)
    job = dg.define_asset_job("shop360", selection=[land])
    done = dg.Definitions(assets=[land], jobs=[job]).resolve_job_def("shop360")
    assert done.execute_in_process(asset_selection=selection).success


def test_new_exports_start_one_run_once_they_stop_changing(shop: LandingShop) -> None:
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    assert _looks(shop.settings) == [False, True, False]


def test_nothing_new_since_the_last_run_starts_no_run(shop: LandingShop) -> None:
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    _run(shop)
    assert _looks(shop.settings) == [False, False, False]


def test_a_rejected_file_that_has_not_changed_starts_no_run(shop: LandingShop) -> None:
    shop.put("orders.csv", "")
    shop.put("orders.zip", b"PK torn")
    _run(shop)
    assert shop.query("select count(*) from meta.files where status = 'rejected'") == [(2,)]
    assert _looks(shop.settings) == [False, False, False]
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    assert _looks(shop.settings) == [False, True, False]


def test_a_growing_file_is_waited_for(shop: LandingShop) -> None:
    sensor, cursor = inbox_sensor("shop360", shop.settings), None
    for size in (1, 2, 3):
        shop.put("orders.csv", csv_of(HEADER, *[order(n) for n in range(size)]))
        tick = sensor.evaluate_tick(dg.build_sensor_context(cursor=cursor))
        cursor = tick.cursor
        assert not tick.run_requests
    assert _looks(shop.settings, cursor=cursor, times=2) == [True, False]


def test_a_change_restarts_a_run_that_failed_before_landing(shop: LandingShop) -> None:
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    sensor, cursor = inbox_sensor("shop360", shop.settings), None
    for _ in range(2):
        tick = sensor.evaluate_tick(dg.build_sensor_context(cursor=cursor))
        cursor = tick.cursor
    assert tick.run_requests
    assert _looks(shop.settings, cursor=cursor) == [False, False, False]
    shop.put("orders2.csv", csv_of(HEADER, order(2)))
    assert _looks(shop.settings, cursor=cursor) == [False, True, False]


def test_landing_alone_leaves_a_run_to_do(shop: LandingShop) -> None:
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    _run(shop, list(build_land(shop.settings).keys))
    assert _looks(shop.settings) == [False, True, False]


def test_a_file_that_arrives_while_a_run_lands_starts_another(shop: LandingShop) -> None:
    path = shop.put("orders.csv", csv_of(HEADER, order(1)))
    _run(shop)
    path.write_text(csv_of(HEADER, order(1), order(2)))
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1))
    assert list(not_landed(shop.settings)) == ["orders.csv"]


def test_a_home_without_its_warehouse_has_landed_nothing(shop: LandingShop) -> None:
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    _run(shop)
    shop.settings.warehouse.unlink()
    assert _looks(shop.settings) == [False, True, False]


def test_no_run_is_started_while_another_process_writes(shop: LandingShop) -> None:
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    holder = (
        "import sys; from pathlib import Path; from orchestration.config.settings import Settings\n"
        "from orchestration.engines.warehouse import writer\n"
        "with writer(Settings(Path(sys.argv[1]), Path(), Path()), 'a test'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holder, str(shop.settings.home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stdout.readline() == "held\n"
        assert _looks(shop.settings) == [False, False, False]
        process.communicate("")
    assert _looks(shop.settings) == [False, True, False]


def test_a_run_from_the_command_line_leaves_nothing_to_start(demo_shop: Shop) -> None:
    settings = Settings(demo_shop.home, demo_shop.config, demo_shop.home / "inbox")
    assert not_landed(settings) == {}
    assert _looks(settings) == [False, False, False]
