"""How tests run whole shops: through the command line, in homes of their own."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import parsed
import pytest

from orchestration.reports.compare import LOADING_TIMES

REPO = Path(__file__).resolve().parents[2]
REAL_DATA = Path(os.environ.get("SHOP360_REAL_DATA", REPO.parent / "shared" / "data"))

_SHOP360 = Path(sys.executable).with_name("shop360")


def real_data(folder: str) -> Path:
    """The folder of a real data set, or a skip that says what is missing."""
    path = REAL_DATA / folder
    if not path.is_dir():
        pytest.skip(f"{path} is absent; set SHOP360_REAL_DATA to run this on real exports")
    return path


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment without what another shop may have left in it, and with what this one adds."""
    ours = ("SHOP360_", "DBT_", "DAGSTER_HOME")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Every statement in dbt's log costs a tenth of a small build, and no test reads it.
    return {**kept, "DBT_LOG_LEVEL_FILE": "info", **extra}


@dataclass(frozen=True)
class Shop:
    """A home with its config and inbox."""

    home: Path
    config: Path = REPO / "shop.yml"
    inbox: Path | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    """Variables of its commands' environment."""

    def _command(self, *arguments: object) -> list[str]:
        places = ["--home", self.home, "--config", self.config]
        if self.inbox:
            places += ["--inbox", self.inbox]
        return [str(part) for part in (_SHOP360, *arguments, *places)]

    def cli(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run `shop360 …` to its end."""
        builds = arguments[0] in ("run", "dbt")
        if builds:
            parsed.lend(self.home)
        done = subprocess.run(
            self._command(*arguments),
            capture_output=True,
            text=True,
            check=False,
            cwd=REPO,
            env=_environment(self.extra),
        )
        if builds:
            parsed.keep(self.home)
        return done

    def cli_alone(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command that takes no home, such as `shop360 compare`."""
        command = [str(part) for part in (_SHOP360, *arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPO)

    def assert_equals(self, other: "Shop") -> None:
        """Every mart, and every other table that dbt builds for readers, is the other's, row by row."""
        compared = self.cli_alone("compare", self.home, other.home)
        assert compared.returncode == 0, compared.stdout
        tables = self.ask(
            """select schema_name || '.' || table_name from duckdb_tables() where schema_name = 'marts'
               or table_name in ('coverage', 'coverage_identity', 'kpi_catalogue')"""
        )
        assert len(tables) >= 13
        assert [table for (table,) in tables if f" {table} " not in compared.stdout] == []

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start `shop360 …` as the leader of its own process group."""
        parsed.lend(self.home)
        return subprocess.Popen(
            self._command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPO,
            env=_environment(self.extra),
            start_new_session=True,
        )

    def copy(self, home: Path) -> "Shop":
        """The same shop in another home, where a test may change it."""
        shutil.copytree(self.home, home, symlinks=True)
        parsed.readdress(home)
        return replace(self, home=home)

    def beside(self, home: Path) -> "Shop":
        """The same exports and salt in another home, where nothing has landed."""
        shutil.copytree(self.home / "inbox", home / "inbox")
        (home / "private").mkdir(mode=0o700)
        shutil.copy2(self.home / "private" / "salt", home / "private" / "salt")
        return replace(self, home=home)

    def run(self) -> str:
        """Run the whole job, which must end well, also if nothing has changed."""
        done = self.cli("run", "--always")
        log = self.home / "private" / "logs" / "shop360.log"
        tail = log.read_text()[-3000:] if log.exists() else ""
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{tail}"
        return done.stdout

    @property
    def released(self) -> Path:
        """The file that readers open."""
        return self.home / "serving" / "current" / "shop360.duckdb"

    def ask(self, sql: str) -> list[tuple]:
        """Rows from the released file."""
        with duckdb.connect(str(self.released), read_only=True) as con:
            return con.execute(sql).fetchall()

    def ask_warehouse(self, sql: str) -> list[tuple]:
        """Rows from the private warehouse."""
        with duckdb.connect(str(self.home / "private" / "warehouse.duckdb"), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(sql).fetchall()

    def fingerprint(self) -> dict[str, str]:
        """A hash of the rows of every released mart, whatever their order and when they were loaded."""
        with duckdb.connect(str(self.released), read_only=True) as con:
            tables = con.execute(
                """select table_name, list(column_name order by column_index) from duckdb_columns()
                   where schema_name = 'marts' group by table_name order by table_name"""
            ).fetchall()
            return {table: _hash(con, table, columns) for table, columns in tables}


def _hash(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str:
    kept = ", ".join(f'"{name}"' for name in columns if not name.endswith(LOADING_TIMES))
    rows = con.execute(
        f"select md5(string_agg(line, '' order by line)) from "
        f"(select md5(cast(t as varchar)) as line from (select {kept} from marts.{table}) as t)"
    ).fetchone()
    assert rows is not None
    return hashlib.md5(str(rows[0]).encode()).hexdigest()


def run_case(name: str, tmp_path: Path) -> Shop:
    """A small export in the layout of a real one that was once read wrongly, run in a home of its own."""
    case = REAL_DATA.parent / "cases" / name
    if not case.is_dir():
        pytest.skip(f"{case} is absent; set SHOP360_REAL_DATA to the folder beside it")
    shop = Shop(tmp_path / "home", case / "shop.yml", case / "inbox")
    shop.run()
    return shop
