"""A Spark server of one's own: Spark Connect on loopback, alive as long as this process.

It is for operators with Java and one machine but no cluster. A server that the operator names in
SHOP360_SPARK_REMOTE is used as it is, and never started or stopped from here.
"""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from orchestration.config.settings import Settings
from orchestration.engines.spark.requirements import require_client, spark_home
from orchestration.system.errors import OperatorError
from orchestration.terminal.progress import report_progress

_START_SECONDS = 120
# The server ends when its standard input closes, so it outlives no parent, killed ones included.
_UNTIL_PARENT_ENDS = '"$@" < /dev/null & server=$!; read -r _; kill $server; wait $server'


class SparkFailed(OperatorError):
    """A Spark process did not come up."""


@dataclass(frozen=True)
class Server:
    """A running server and where clients find it."""

    process: subprocess.Popen[bytes]
    remote: str

    def stop(self) -> None:
        """End the server and wait for it."""
        stop(self.process)


_own: dict[Path, Server] = {}


def ensure_server(settings: Settings) -> str:
    """The address of the server for this home; starts one on the first call of this process.

    Raises SparkMissing when something is not installed, SparkFailed when it does not start.
    """
    require_client()
    if own := _own.get(settings.home):
        return own.remote
    given = os.environ.get("SHOP360_SPARK_REMOTE")
    if given and given not in {server.remote for server in _own.values()}:
        return given
    report_progress("spark", 0, 1, "starting a server")
    server = start_server("local[*]", settings.spark)
    report_progress("spark", 1, 1, server.remote)
    _own[settings.home] = server
    atexit.register(server.stop)
    # dbt runs in a process of its own and finds the server here.
    os.environ["SHOP360_SPARK_REMOTE"] = server.remote
    return server.remote


def start_server(master: str, folder: Path, *, options: dict[str, str] | None = None) -> Server:
    """Start Spark Connect against a master; its catalog and tables live in `folder`."""
    # Files that a killed server left there are of no use.
    shutil.rmtree(scratch(folder), ignore_errors=True)
    port = free_port()
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": os.environ.get("SHOP360_SPARK_MEMORY", "4g"),
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
        "spark.sql.catalogImplementation": "hive",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": (
            f"jdbc:derby:;databaseName={folder}/catalog;create=true"
        ),
        # Deep plans of long models need a deeper stack than Java's default.
        "spark.driver.extraJavaOptions": (
            f'-Xss8m "-Dderby.system.home={folder}" "-Djava.io.tmpdir={scratch(folder)}"'
        ),
        # Spark's default of 200 is for clusters; a few tasks for each core are enough here.
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 2)),
        **(options or {}),
    }
    arguments = ["org.apache.spark.deploy.SparkSubmit", "--master", master]
    arguments += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    for name, value in settings.items():
        arguments += ["--conf", f"{name}={value}"]
    log = folder / "server.log"
    process = start([*arguments, "spark-internal"], log)
    wait_for_port(process, port, log)
    return Server(process, f"sc://127.0.0.1:{port}")


def start(arguments: list[str], log: Path, folder: Path | None = None) -> subprocess.Popen[bytes]:
    """Start one of Spark's Java programs; it ends with this process at the latest."""
    home = spark_home()
    with log.open("ab") as handle:
        return subprocess.Popen(
            [
                "bash",
                "-c",
                _UNTIL_PARENT_ENDS,
                "spark",
                str(home / "bin" / "spark-class"),
                *arguments,
            ],
            stdin=subprocess.PIPE,
            stdout=handle,
            stderr=handle,
            cwd=folder or log.parent,
            env={
                **os.environ,
                "SPARK_HOME": str(home),
                "SPARK_LOCAL_IP": "127.0.0.1",
                "SPARK_LOCAL_DIRS": str(scratch(log.parent)),
                # Workers run this Python, which has the packages of the models of purchases.
                "PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON", sys.executable),
            },
            start_new_session=True,
        )


def scratch(folder: Path) -> Path:
    """Where a server or worker spills; below its own folder, so that nothing stays behind elsewhere."""
    place = folder / "tmp"
    place.mkdir(parents=True, exist_ok=True)
    return place


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program started by `start` and wait for it."""
    if process.stdin and not process.stdin.closed:
        process.stdin.close()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server answers; raises SparkFailed with the end of the log."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    stop(process)
    raise SparkFailed(f"Spark did not start within {_START_SECONDS} s; the end of {log}:\n{tail}")
