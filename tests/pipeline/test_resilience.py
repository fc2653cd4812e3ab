"""What happens when things go wrong: killed runs, failed checks, readers at work."""

import os
import shutil
import signal
import threading
import time
from pathlib import Path

import duckdb
import pytest
from shops import Shop


@pytest.fixture(scope="module")
def small_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop of 1,000 customers that ran undisturbed."""
    shop = Shop(tmp_path_factory.mktemp("small"))
    assert shop.cli("demo", "--customers", 1000).returncode == 0
    shop.run()
    return shop


def _copy(shop: Shop, home: Path) -> Shop:
    """The same exports in a home where nothing ran yet."""
    shutil.copytree(shop.home / "inbox", home / "inbox")
    return Shop(home)


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
    return sum(path.is_file() for path in (shop.home / "archive").rglob("*"))


@pytest.mark.thorough
def test_a_run_killed_anywhere_ends_like_an_undisturbed_one(
    small_shop: Shop, tmp_path: Path
) -> None:
    shop = _copy(small_shop, tmp_path / "killed")
    _kill_when(shop, lambda: _archived(shop) >= 5)
    assert not shop.released.exists()
    log = shop.home / "logs" / "shop360.log"
    _kill_when(
        shop, lambda: log.exists() and "OK created sql table model intermediate" in log.read_text()
    )
    assert not shop.released.exists()
    serving = shop.home / "serving"
    _kill_when(shop, lambda: any(serving.glob(".building-*/shop360.duckdb")))
    shop.run()
    assert shop.fingerprint() == small_shop.fingerprint()


def test_readers_never_see_an_error_or_a_half_built_table(small_shop: Shop) -> None:
    expected = small_shop.ask(
        "select (select count(*) from marts.orders), (select count(*) from marts.customer_360)"
    )
    reader = _Reader(small_shop)
    reader.start()
    small_shop.run()
    reader.stop.set()
    reader.join()
    assert reader.errors == []
    assert reader.counts == set(expected)


def test_a_failed_blocking_check_keeps_the_last_release(small_shop: Shop, tmp_path: Path) -> None:
    home = tmp_path / "blocked"
    shutil.copytree(small_shop.home, home, symlinks=True)
    shop = Shop(home)
    before = shop.released.resolve()
    sound = home / "inbox" / "crm" / "授权记录.csv"
    header, first, *_ = sound.read_bytes().splitlines()
    broken = first.replace(b"20", b"9x")
    sound.with_name("授权记录_坏.csv").write_bytes(b"\n".join([header, *[broken] * 20]))
    stopped = shop.cli("run")
    assert stopped.returncode == 1
    assert "crm/consents" in stopped.stderr
    assert shop.released.resolve() == before
