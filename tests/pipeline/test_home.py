"""The folders of a home: who may open them, who makes them, and how an older layout moves."""

import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shops import REPO, Shop

from orchestration.config import home
from orchestration.config.settings import load_settings
from orchestration.engines import manifest


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """The umask of other tests, which `home.make` changes."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def _open_bits(root: Path) -> list[str]:
    """Private files and folders that group or others may read."""
    found = [root, *root.rglob("*")]
    return [
        str(path)
        for path in found
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def _older_home(folder: Path) -> None:
    for name in ("archive/ab", "dagster/history", "dbt/duckdb", "logs", "tmp", "serving/gen-1"):
        (folder / name).mkdir(parents=True)
    for name in ("warehouse.duckdb", "salt", "target", "writer.lock", "archive/ab/abc.csv"):
        (folder / name).write_text(name)
    (folder / "target").write_text("spark")
    (folder / "inbox").mkdir()


def test_a_new_home_is_closed_whatever_the_umask(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "shop")
    assert home.make(settings)
    (settings.logs / "a.log").write_text("x")
    assert _open_bits(settings.private) == []
    assert _open_bits(settings.inbox) == []
    home.open_serving(settings)
    assert settings.serving.stat().st_mode & 0o777 == 0o755
    assert settings.home.stat().st_mode & 0o777 == 0o711
    assert not home.make(settings)


def test_an_older_home_moves_and_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    _older_home(folder)
    assert load_settings(home=folder).target == "spark"
    settings = load_settings(home=folder)
    assert home.exists(settings)
    home.make(settings)
    assert sorted(path.name for path in folder.iterdir()) == ["inbox", "private", "serving"]
    assert settings.warehouse.read_text() == "warehouse.duckdb"
    assert (settings.archive / "ab" / "abc.csv").exists()
    assert load_settings(home=folder).target == "spark"
    assert _open_bits(settings.private) == []


def test_a_move_that_was_interrupted_is_finished(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    _older_home(folder)
    (folder / "private").mkdir()
    (folder / "archive").rename(folder / "private" / "archive")
    home.make(load_settings(home=folder))
    assert sorted(path.name for path in folder.iterdir()) == ["inbox", "private", "serving"]


def test_an_older_home_in_use_is_not_moved(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    _older_home(folder)
    with (folder / "writer.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(home.HomeBusy, match="earlier version"):
            home.make(load_settings(home=folder))
    assert (folder / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["land"],
        ["release"],
        ["rollback"],
        ["query", "select 1"],
        ["goals"],
        ["alerts"],
        ["explain", "1"],
        ["identity", "report"],
        ["dbt", "build"],
    ],
    ids=lambda command: command[0],
)
def test_a_mistyped_home_is_not_created(tmp_path: Path, command: list[str]) -> None:
    shop = Shop(tmp_path / "mistyped")
    done = shop.cli_alone(*command, "--home", shop.home, "--config", REPO / "shop.yml")
    assert done.returncode != 0
    assert str(shop.home) in done.stderr
    assert "Traceback" not in done.stderr
    assert not shop.home.exists()


def test_init_creates_a_home_and_says_where(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "new")
    done = shop.cli("init")
    assert done.returncode == 0, done.stderr
    assert f"New home: {shop.home}" in done.stderr
    assert str(shop.home / "inbox") in done.stdout
    assert (shop.home / "inbox").is_dir()


def test_a_dry_run_needs_no_home_and_makes_none(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shop = Shop(tmp_path / "none", inbox=inbox)
    assert shop.cli("land", "--dry-run").returncode == 0
    assert not shop.home.exists()


def test_the_salt_is_in_no_file_but_its_own(demo_shop: Shop) -> None:
    salt = (demo_shop.home / "private" / "salt").read_bytes()
    assert len(salt) == 32
    holders = [
        path.relative_to(demo_shop.home).as_posix()
        for path in demo_shop.home.rglob("*")
        if path.is_file() and salt in path.read_bytes()
    ]
    assert holders == ["private/salt"]


def test_everything_private_of_a_run_is_closed(demo_shop: Shop) -> None:
    assert _open_bits(demo_shop.home / "private") == []
    assert demo_shop.released.stat().st_mode & 0o777 == 0o444


def test_dbt_without_the_salt_of_the_home_builds_nothing(tmp_path: Path) -> None:
    """Started by hand, dbt would hash identifiers without a salt."""
    dbt = Path(sys.executable).with_name("shop360-dbt")
    environment = {"PATH": os.environ["PATH"], "SHOP360_WAREHOUSE": str(tmp_path / "w.duckdb")}
    environment |= {"SHOP360_PRIVATE": str(tmp_path), "PYTHONPATH": str(REPO)}
    places = ["--profiles-dir", REPO, "--target-path", tmp_path, "--log-path", tmp_path]
    done = subprocess.run(
        [dbt, "seed", "--select", "festivals", *places],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPO,
        env=environment,
    )
    assert done.returncode != 0
    assert "The salt of this home is not set" in done.stdout


def test_what_dbt_read_stays_until_another_project_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(home=tmp_path / "shop")
    manifest.forget_another_project(settings)
    read = settings.dbt_target / "partial_parse.msgpack"
    read.write_text("what dbt read")
    manifest.forget_another_project(settings)
    assert read.exists()
    monkeypatch.setenv("SHOP360_SEEDS", str(tmp_path / "lists"))
    manifest.forget_another_project(settings)
    assert not read.exists()
