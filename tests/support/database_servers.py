"""A PostgreSQL and a MariaDB server, started for tests in a temporary folder and reached over TCP."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

PASSWORD = "geh eim$1/ß"
"""With characters that a URL and SQL must escape."""
_BIN = next((str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"))), "")
INITDB = shutil.which("initdb") or (f"{_BIN}/initdb" if _BIN else "")
MARIADBD = shutil.which("mariadbd") or next(
    (path for path in ("/usr/sbin/mariadbd", "/usr/libexec/mariadbd") if Path(path).exists()), ""
)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A server with the database and the user `shop`, whose own zone is Tokyo; tests write in UTC."""

    type = "postgres"

    def __init__(self) -> None:
        # Not below the folder of pytest, which only root may enter: PostgreSQL refuses to run as root.
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="shop360-pg-")), free_port()
        self.who: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, 65534)
            self.who = {"user": 65534}
        self._run(
            INITDB, "-D", str(self.folder / "data"), "-U", "root", "-A", "trust", "-E", "UTF8"
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.start()
        self.sql(f"create role shop login password '{PASSWORD}'")
        self.sql("create database shop owner shop")
        # From here on the password counts.
        hba = self.folder / "data" / "pg_hba.conf"
        hba.write_text("local all root trust\nhost all shop 127.0.0.1/32 scram-sha-256\n")
        self.sql("select pg_reload_conf()")

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", check=False, **self.who
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = ["-p", str(self.port), "-k", str(self.folder), "-c", "listen_addresses=127.0.0.1"]
        options += ["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "timezone=Asia/Tokyo"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(Path(INITDB).resolve().with_name("postgres")),
                    "-D",
                    self.folder / "data",
                    *options,
                ],
                stdout=log,
                stderr=log,
                cwd="/",
                **self.who,
            )
        _wait(lambda: self.sql("select 1"))

    def sql(self, text: str, database: str = "postgres") -> str:
        """Run statements as the superuser; the result without headers."""
        psql = str(Path(INITDB).resolve().with_name("psql"))
        return self._run(
            psql, "-h", str(self.folder), "-p", str(self.port), "-U", "root", "-d", database,
            "-v", "ON_ERROR_STOP=1", "-qAt", "-c", text,
        )  # fmt: skip

    def do(self, text: str) -> str:
        """Run statements in the database of the shop."""
        return self.sql(f"set time zone 'UTC'; {text}", "shop")

    @property
    def url(self) -> str:
        """The URL of the user `shop`, with the password."""
        return f"postgresql://shop:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/shop"

    def kill(self) -> None:
        """End the server at once, as a crash does."""
        _end(self.process, signal.SIGQUIT)

    def close(self) -> None:
        """End the server and remove its data."""
        self.kill()
        shutil.rmtree(self.folder)


class MariaDb:
    """The same with MariaDB."""

    type = "mysql"

    def __init__(self) -> None:
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="shop360-my-")), free_port()
        install = Path(MARIADBD).with_name("mariadb-install-db")
        install = install if install.exists() else Path("/usr/bin/mariadb-install-db")
        user = f"--user={'root' if os.geteuid() == 0 else os.environ.get('USER', '')}"
        done = subprocess.run(
            [install, "--no-defaults", f"--datadir={self.folder / 'data'}", user, "--skip-test-db",
             "--auth-root-authentication-method=normal"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        self.user = user
        self.process: subprocess.Popen[bytes] | None = None
        self.start()
        self.sql("create database shop character set utf8mb4")
        self.sql(f"create user shop@'127.0.0.1' identified by '{PASSWORD}'")
        self.sql("grant select on shop.* to shop@'127.0.0.1'")

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [MARIADBD, "--no-defaults", f"--datadir={self.folder / 'data'}", self.user,
                 f"--socket={self.folder / 's'}", f"--port={self.port}", "--bind-address=127.0.0.1",
                 f"--pid-file={self.folder / 'pid'}", "--innodb-buffer-pool-size=16M",
                 "--innodb-flush-log-at-trx-commit=0", "--default-time-zone=+09:00",
                 "--skip-name-resolve"],
                stdout=log, stderr=log,
            )  # fmt: skip
        _wait(lambda: self.sql("select 1"))

    def sql(self, text: str, database: str = "mysql") -> str:
        """Run statements as root; the result without headers."""
        done = subprocess.run(
            ["mariadb", "--no-defaults", "--default-character-set=utf8mb4", "-u", "root",
             "-S", self.folder / "s", "-N", database],
            input=text, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def do(self, text: str) -> str:
        """Run statements in the database of the shop; zero dates are allowed, as in old shops."""
        return self.sql(f"set sql_mode='', time_zone='+00:00'; {text}", "shop")

    @property
    def url(self) -> str:
        """The URL of the user `shop`, with the password."""
        return f"mysql://shop:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/shop"

    def kill(self) -> None:
        """End the server at once, as a crash does."""
        _end(self.process, signal.SIGKILL)

    def close(self) -> None:
        """End the server and remove its data."""
        self.kill()
        shutil.rmtree(self.folder)


def missing(kind: type) -> str:
    """Why tests with a server are skipped; empty where it is installed."""
    if kind is Postgres and not INITDB:
        return "PostgreSQL's initdb is absent: apt install postgresql"
    if kind is MariaDb and not (MARIADBD and shutil.which("mariadb")):
        return "mariadbd is absent: apt install mariadb-server"
    return ""


def _wait(answers: Any) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            answers()
            return
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _end(process: "subprocess.Popen[bytes] | None", how: int) -> None:
    if process and process.poll() is None:
        process.send_signal(how)
        process.wait(30)


def cells(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    found = duckdb.execute("select * from read_parquet(?)", [str(path)])
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
