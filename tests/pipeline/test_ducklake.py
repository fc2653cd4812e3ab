"""DuckLake, as docs/ducklake.md tells it: the same release, and two writers at work at once."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from shops import REPO, Shop

from orchestration.engines import ducklake

_PAGE = (REPO / "docs" / "ducklake.md").read_text(encoding="utf-8")
_LOGIN = "host=127.0.0.1 port=5432 dbname=lake user=shop360"
_FOLDER = "/mnt/shared/shop360"
_PG_CTL = shutil.which("pg_ctl") or next(
    (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))), ""
)
_IDS = "select record_key, customer_id, previous_customer_id, generation from {} order by all"

_OTHER_WRITER = """
import sys, duckdb
from orchestration.engines.ducklake import extension_files
con = duckdb.connect()
for file in extension_files().values():
    con.execute(f"load '{file}'")
*first, last = [part for part in sys.argv[1].split(";") if part.strip()]
for part in first:
    con.execute(part)
while sys.stdin.readline():
    con.execute(last)
    print("written", flush=True)
"""


def _missing() -> str:
    if not _PG_CTL or not Path(_PG_CTL).resolve().with_name("initdb").exists():
        return "PostgreSQL's initdb and pg_ctl are absent: apt install postgresql"
    try:
        ducklake.extension_files()
    except ducklake.DuckLakeMissing as error:
        return str(error)
    return ""


needs_postgres = pytest.mark.skipif(bool(_missing()), reason=_missing())


@dataclass(frozen=True)
class Lake:
    """A catalog and a folder, in the words of the page."""

    catalog: str
    folder: Path

    def shown(self, text: str) -> str:
        """A passage of the page with this lake in place of the example's."""
        return text.replace(_LOGIN, self.catalog).replace(_FOLDER, str(self.folder))

    @property
    def settings(self) -> Mapping[str, str]:
        """What the page says to export."""
        found = re.findall(r'^export (SHOP360_\w+)="?([^"\n]+)"?$', _PAGE, re.MULTILINE)
        return {name: self.shown(value) for name, value in found}

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A reader of the lake, by the page's own attach."""
        con = duckdb.connect()
        for file in ducklake.extension_files().values():
            con.execute(f"load '{file}'")
        con.execute(self.other_writer.partition(";")[0])
        return con

    @property
    def other_writer(self) -> str:
        """The statements of another writer, as the page has them."""
        block = re.search(r"```sql\n(.+?)```", _PAGE, re.DOTALL)
        assert block
        return self.shown(block[1])


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Generator[Lake, None, None]:
    """A PostgreSQL server of our own on loopback, which refuses to be run by root."""
    root = Path(tempfile.mkdtemp(prefix="shop360-pg-"))
    user: dict[str, str] = {}
    if os.geteuid() == 0:
        shutil.chown(root, 65534)
        user = {"user": 65534}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def postgres(program: str, *arguments: str) -> None:
        subprocess.run(
            [Path(_PG_CTL).resolve().with_name(program), "-D", root / "data", *arguments],
            check=True,
            cwd=root,
            stdout=subprocess.DEVNULL,
            **user,
        )

    postgres("initdb", "--auth=trust", "--username=shop360", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={root}"
    postgres("pg_ctl", "-o", options, "-l", str(root / "log"), "-w", "start")
    try:
        # The database that initdb makes is as empty as one by createdb.
        login = f"host=127.0.0.1 port={port} dbname=postgres user=shop360"
        yield Lake(login, tmp_path_factory.mktemp("shared"))
    finally:
        postgres("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(root)


@dataclass(frozen=True)
class Moved:
    """A copy of the demo shop that moved to DuckLake, and what another process wrote meanwhile."""

    before: Shop
    after: Shop
    lake: Lake
    written: int


@pytest.fixture(scope="module")
def moved(demo_shop: Shop, lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """Build in the lake what DuckDB has built, while another process writes to it too."""
    home = tmp_path_factory.mktemp("moved") / "home"
    shop = replace(demo_shop.copy(home), extra=lake.settings)
    run = shop.start("run", "--target", "ducklake")
    while run.poll() is None and not list(lake.folder.glob("ducklake/seeds/*/*.parquet")):
        time.sleep(0.2)
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER_WRITER, lake.other_writer],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPO,
    ) as other:
        assert other.stdin and other.stdout
        written = 0
        while run.poll() is None:
            other.stdin.write("again\n")
            other.stdin.flush()
            assert other.stdout.readline() == "written\n"
            written += 1
            time.sleep(1)
        other.stdin.close()
    shown, _ = run.communicate()
    assert run.returncode == 0, shown
    assert other.returncode == 0
    return Moved(demo_shop, shop, lake, written)


@needs_postgres
@pytest.mark.thorough
def test_every_released_table_is_the_one_that_duckdb_built(moved: Moved) -> None:
    moved.before.assert_equals(moved.after)


@needs_postgres
@pytest.mark.thorough
def test_another_process_writes_to_the_lake_while_a_run_builds(moved: Moved) -> None:
    assert moved.written > 5
    with moved.lake.connect() as con:
        rows = con.execute("select count(*) from lake.notes.targets").fetchall()
        marts = con.execute(
            "select count(*) from duckdb_tables() where database_name = 'lake' "
            "and schema_name = 'marts'"
        ).fetchall()
    assert rows == [(moved.written,)]
    assert marts[0][0] >= 10
    assert not moved.after.ask("select 1 from duckdb_tables() where table_name = 'targets'")


@needs_postgres
@pytest.mark.thorough
def test_the_release_from_the_lake_is_the_same_release(moved: Moved) -> None:
    sql = "select schema_name, table_name, comment from duckdb_tables() order by all"
    columns = """select schema_name, table_name, column_name, data_type, comment
                 from duckdb_columns() where not internal order by all"""
    assert moved.after.ask(sql) == moved.before.ask(sql)
    assert moved.after.ask(columns) == moved.before.ask(columns)


@needs_postgres
@pytest.mark.thorough
def test_customer_ids_travel_to_the_lake_and_back(moved: Moved) -> None:
    table = "intermediate.int_identity__customer_ids"
    before = moved.before.ask_warehouse(_IDS.format(table))
    with moved.lake.connect() as con:
        assert con.execute(_IDS.format(f"lake.{table}")).fetchall() == before
    assert moved.after.ask_warehouse(_IDS.format(table)) == before


@needs_postgres
def test_a_lake_that_does_not_open_is_a_plain_word(tmp_path: Path) -> None:
    nowhere = "postgres:host=127.0.0.1 port=1 dbname=lake user=shop360"
    shop = Shop(tmp_path, extra={"SHOP360_TARGET": "ducklake", "SHOP360_DUCKLAKE": nowhere})
    shown = shop.cli("dbt", "debug")
    assert shown.returncode == 1
    assert "Is PostgreSQL running" in shown.stderr


@needs_postgres
def test_without_a_catalog_a_run_says_what_to_set(tmp_path: Path) -> None:
    shown = Shop(tmp_path).cli("run", "--target", "ducklake")
    assert shown.returncode == 2
    assert "Set SHOP360_DUCKLAKE" in shown.stderr


def test_without_the_extensions_a_run_says_what_to_install(tmp_path: Path) -> None:
    hidden = (
        "import sys; sys.modules['duckdb_extension_ducklake'] = None; "
        "from orchestration.commands.main import app; app()"
    )
    shown = subprocess.run(
        [sys.executable, "-c", hidden, "run", "--target", "ducklake", "--home", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPO,
    )
    assert shown.returncode == 2
    assert "pip install 'shop360[ducklake]'" in shown.stderr
