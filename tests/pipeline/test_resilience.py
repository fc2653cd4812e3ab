"""What happens when things go wrong: killed runs, failed checks, readers at work."""

import json
import os
import random
import re
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

from orchestration.system import processes
from orchestration.system.processes import Process


class _Reader(threading.Thread):
    """Opens the released file again and again, and remembers what went wrong."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(daemon=True)
        self.shop = shop
        self.stop = threading.Event()
        self.errors: list[str] = []
        self.counts: set[tuple[int, int]] = set()

    def __enter__(self) -> "_Reader":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.join()

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
    with _Reader(shop) as reader:
        shop.run()
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
    shop = demo_shop.beside(tmp_path / "killed")
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


def _child_of(shop: Shop, run: "subprocess.Popen[str]", timeout: float = 600) -> Process:
    """The dbt that a run has started and that builds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and run.poll() is None:
        for note in (shop.home / "private" / "children").glob("*.json"):
            content = json.loads(note.read_text())
            if content["what"] == "dbt build" and (found := processes.parse(content["process"])):
                return found
        time.sleep(0.01)
    raise AssertionError(f"the run started no dbt: {run.communicate()[0]}")


def test_dbt_ends_with_a_killed_run_and_the_run_is_closed(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "orphan")
    run = shop.start("run", "--always")
    dbt = _child_of(shop, run)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 5
    while dbt.is_alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not dbt.is_alive
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb")) as con:
        assert con.execute("select count(*) from raw.erp_orders").fetchone()
    assert _fail_orphaned_runs(shop) == "1 of 1"
    assert _fail_orphaned_runs(shop) == "0 of 0"


def _fail_orphaned_runs(shop: Shop) -> str:
    """How many of the unended runs of the home were reported as failed."""
    code = (
        "import dagster as dg; from orchestration.pipeline.orphaned_runs import fail_orphaned_runs\n"
        "with dg.DagsterInstance.get() as instance:\n"
        "    unended = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))\n"
        "    print(len(fail_orphaned_runs(instance)), 'of', len(unended))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DAGSTER_HOME": str(shop.home / "private" / "dagster")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.thorough
def test_thirty_kills_at_random_moments_lose_nothing(demo_shop: Shop, tmp_path: Path) -> None:
    """SHOP360_KILLS and SHOP360_KILL_SEED choose how many and which moments."""
    count = int(os.environ.get("SHOP360_KILLS", "30"))
    seed = int(os.environ.get("SHOP360_KILL_SEED", "360"))
    moments = random.Random(seed)
    small = demo_shop.beside(tmp_path / "small")
    _keep_last_quarter(small.home / "inbox")
    undisturbed = small.beside(tmp_path / "undisturbed")
    started = time.monotonic()
    undisturbed.run()
    seconds = time.monotonic() - started
    expected = undisturbed.fingerprint()
    for number in range(count):
        # Every third kill meets a home that has released before.
        shop = small.beside(tmp_path / f"killed{number}")
        if number % 3 == 2:
            shutil.copytree(undisturbed.home, shop.home, symlinks=True, dirs_exist_ok=True)
        after = moments.uniform(0, seconds)
        moment = f"kill {number + 1} of {count}, seed {seed}, after {after:.1f} of {seconds:.1f} s"
        _kill_after(shop, after, moment)
        print(moment, flush=True)
        if number % 3 == 2:
            assert shop.ask("select count(*) > 0 from marts.orders") == [(True,)], moment
        again = shop.cli("run")
        assert again.returncode == 0, f"{moment}\n{again.stdout}\n{again.stderr}"
        assert shop.fingerprint() == expected, moment
        _remove(shop.home)


def _keep_last_quarter(inbox: Path) -> None:
    """Of the exports that name their period only the latest, so that a whole run takes half as long."""
    for file in inbox.rglob("*"):
        if re.search("20(25|26)", file.name) and not re.search("2026(Q4|H2|-1)", file.name):
            file.unlink()


def _kill_after(shop: Shop, seconds: float, moment: str) -> None:
    """SIGKILL the process of a run alone, so that only the process itself ends its children."""
    with _Reader(shop) as reader:
        run = shop.start("run", "--always")
        try:
            run.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
        run.wait()
    assert reader.errors == [], moment


def _remove(home: Path) -> None:
    for folder in (home, *home.glob("serving/*")):
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o700)
    shutil.rmtree(home)


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
    from orchestration.pipeline.dbt_assets import end_process

    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    end_process(process)
    assert process.poll() is not None
    end_process(process)
