"""What happens when things go wrong: killed runs, failed checks, readers at work."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from shops import Shop


class _Reader(threading.Thread):
    """Opens the released file again and again, and remembers what went wrong."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(daemon=True)
        self.shop = shop
        self.stop = threading.Event()
        self.errors: list[str] = []
        self.counts: set[tuple[int, int]] = set()

    def run(self) -> None:
        while not self.stop.is_set():
            if self.shop.released.exists():
                try:
                    # A path of its own per generation, as a new process would open it.
                    with duckdb.connect(str(self.shop.released.resolve()), read_only=True) as con:
                        row = con.execute(
                            "select (select count(*) from marts.orders), (select count(*) from marts.customer_360)"
                        ).fetchone()
                        assert row is not None
                        self.counts.add(row)
                except Exception as error:
                    self.errors.append(str(error))
            time.sleep(0.02)


@dataclass(frozen=True)
class Again:
    """A second run of a copy of the demo shop, and what its readers met meanwhile."""

    before: Shop
    after: Shop
    reader: _Reader


@pytest.fixture(scope="module")
def again(demo_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """Run once more while the released file is being read."""
    shop = demo_shop.copy(tmp_path_factory.mktemp("again") / "home")
    reader = _Reader(shop)
    reader.start()
    shop.run()
    reader.stop.set()
    reader.join()
    return Again(demo_shop, shop, reader)


def _kill_when(shop: Shop, condition, timeout: float = 180) -> None:
    """Start a run and SIGKILL its whole process group as soon as the condition holds."""
    process = shop.start("run")
    deadline = time.monotonic() + timeout
    while not condition() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.poll() is None, (
        f"the run ended before it could be killed: {process.communicate()[0]}"
    )
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _archived(shop: Shop) -> int:
    return sum(path.is_file() for path in (shop.home / "private" / "archive").rglob("*"))


@pytest.mark.thorough
def test_a_run_killed_anywhere_ends_like_an_undisturbed_one(
    demo_shop: Shop, tmp_path: Path
) -> None:
    shop = Shop(tmp_path / "killed")
    shutil.copytree(demo_shop.home / "inbox", shop.home / "inbox")
    _kill_when(shop, lambda: _archived(shop) >= 5)
    assert not shop.released.exists()
    log = shop.home / "private" / "logs" / "shop360.log"
    _kill_when(
        shop, lambda: log.exists() and "OK created sql table model intermediate" in log.read_text()
    )
    assert not shop.released.exists()
    serving = shop.home / "serving"
    _kill_when(shop, lambda: any(serving.glob(".building-*/shop360.duckdb")))
    shop.run()
    assert shop.fingerprint() == demo_shop.fingerprint()


def test_a_second_run_changes_no_row(again: Again) -> None:
    assert again.after.fingerprint() == again.before.fingerprint()


def test_readers_never_see_an_error_or_a_half_built_table(again: Again) -> None:
    expected = again.before.ask(
        "select (select count(*) from marts.orders), (select count(*) from marts.customer_360)"
    )
    assert again.reader.errors == []
    assert again.reader.counts == set(expected)


def test_a_failed_blocking_check_keeps_the_last_release(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "blocked")
    before = shop.released.resolve()
    sound = shop.home / "inbox" / "crm" / "授权记录.csv"
    header, first, *_ = sound.read_bytes().splitlines()
    broken = first.replace(b"20", b"9x")
    sound.with_name("授权记录_坏.csv").write_bytes(b"\n".join([header, *[broken] * 20]))
    stopped = shop.cli("run")
    assert stopped.returncode == 1
    assert "crm/consents" in stopped.stderr
    assert shop.released.resolve() == before


def test_dbt_does_not_go_on_behind_a_run_that_has_stopped() -> None:
    from orchestration.transform import end_process

    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    end_process(process)
    assert process.poll() is not None
    end_process(process)
