"""What can a second operating-system user open of a home?"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from landing_kit import HEADER, LandingShop, csv_of, order
from shops import Shop

from orchestration.config import environment
from orchestration.config.settings import Settings
from orchestration.engines.warehouse import connect
from orchestration.release import build_facts, generations

_NOBODY = 65534


def _as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
    setpriv = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    packages = Path(duckdb.__file__).parents[1]
    return subprocess.run(
        [*setpriv, *command],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(packages)},
    )


@pytest.fixture(scope="module", autouse=True)
def _second_user() -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("acting as a second user needs root and setpriv")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everyone can reach, unlike pytest's own."""
    path = Path("/var/tmp") / f"shop360-access-{os.getpid()}"
    path.mkdir(mode=0o755)
    path.chmod(0o755)
    before = os.umask(0o022)
    saved = dict(os.environ)
    yield path
    os.umask(before)
    os.environ.clear()
    os.environ.update(saved)
    subprocess.run(["chmod", "-R", "u+w", str(path)], check=False)
    shutil.rmtree(path, ignore_errors=True)


def _python_of_nobody() -> str | None:
    """An interpreter with DuckDB that the second user can start, if there is one."""
    for python in (sys.executable, "/usr/bin/python3"):
        if _as_nobody(python, "-c", "import duckdb").returncode == 0:
            return python
    return None


def _assert_fence(settings: Settings, *private: Path) -> None:
    released = settings.released
    read = _as_nobody("head", "-c", "12", str(released))
    assert read.returncode == 0 and "DUCK" in read.stdout, read.stderr
    for path in (settings.private, settings.inbox, *private):
        assert path.exists(), path
        listed = _as_nobody("ls", str(path)) if path.is_dir() else _as_nobody("cat", str(path))
        assert listed.returncode != 0 and "ermission denied" in listed.stderr, path
    for path in (settings.home, settings.serving, released.parent, released):
        written = _as_nobody("test", "-w", str(path))
        assert written.returncode != 0, f"{path} can be written to"
    if python := _python_of_nobody():
        code = (
            "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True);"
            "print(con.execute('select count(*) from meta.files').fetchone()[0])"
        )
        opened = _as_nobody(python, "-c", code, str(released))
        assert opened.returncode == 0 and opened.stdout.strip() == "1", opened.stderr
        refused = _as_nobody(python, "-c", code, str(settings.warehouse))
        assert refused.returncode != 0


def _release_one_table(settings: Settings) -> None:
    with connect(settings) as con:
        con.execute("create schema marts; create table marts.orders as select 1 as order_key")
    node = {"resource_type": "model", "config": {"schema": "marts"}, "depends_on": {"nodes": []}}
    manifest = {"nodes": {"model.shop360.orders": node}}
    (settings.dbt_target / "manifest.json").write_text(json.dumps(manifest))
    build_facts.record_raw_checks(settings, {"erp.orders": True})
    build_facts.end(
        settings, build_facts.begin(settings, "a run"), {"model.shop360.orders": "success"}
    )
    generations.release(settings)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_second_user_opens_the_release_and_nothing_else(folder: Path, umask: int) -> None:
    os.umask(umask)
    shop = LandingShop(folder / "shop")
    (folder / "shop").chmod(0o755)
    settings = Settings(folder / "home", shop.settings.config, folder / "home" / "inbox")
    shop.settings, shop.inbox = settings, settings.inbox
    os.environ.pop("SHOP360_SALT", None)
    environment.prepare_environment(settings)
    shop.put("orders.csv", csv_of(HEADER, order(1)))
    shop.land()
    _release_one_table(settings)
    (settings.lock).touch()
    (settings.logs / "shop360.log").touch()
    names = (settings.warehouse, settings.archive, settings.logs, settings.dagster_home)
    files = (settings.lock, settings.private / "salt", settings.logs / "shop360.log")
    _assert_fence(settings, *names, *files, settings.dbt_target)


def test_nothing_private_of_a_whole_run_is_open_to_others(demo_shop: Shop) -> None:
    private = demo_shop.home / "private"
    open_to_others = [
        path.relative_to(private).as_posix()
        for path in (private, *private.rglob("*"))
        if not path.is_symlink() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []
    assert demo_shop.released.stat().st_mode & 0o777 == 0o444
