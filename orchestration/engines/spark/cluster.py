"""A standalone cluster on this machine: a master, some workers and a Spark Connect server.

For tests, and to see what a cluster does before there is one:
`python -m orchestration.engines.spark.cluster --workers 2 --folder DIR` runs until it is interrupted.
All processes listen on loopback only.
"""

import argparse
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.engines.spark.server import (
    Server,
    free_port,
    start,
    start_server,
    stop,
    wait_for_port,
)

_LOOPBACK = ("--host", "127.0.0.1", "--webui-port", "0")


@dataclass
class Cluster:
    """The running processes. Workers share this machine's disk, so all of them see the lake."""

    folder: Path
    master: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    server: Server | None = None

    @property
    def remote(self) -> str:
        """The address for SHOP360_SPARK_REMOTE."""
        assert self.server is not None
        return self.server.remote

    def kill_worker(self, number: int) -> None:
        """SIGKILL a worker with its executors, as a lost machine would."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)

    def tasks_done(self) -> dict[str, int]:
        """Tasks that each worker's executors finished, from their logs."""
        return {
            worker.name: sum(
                text.count("Finished task")
                for log in worker.glob("work/*/*/stderr")
                for text in [log.read_text(errors="replace")]
            )
            for worker in sorted(self.folder.glob("worker*"))
            if worker.is_dir()
        }

    def stop(self) -> None:
        """End everything, the server first."""
        if self.server:
            self.server.stop()
        for process in [*self.workers, self.master]:
            stop(process)


def start_cluster(
    folder: Path,
    *,
    workers: int = 2,
    cores: int = 1,
    memory: str = "2g",
    options: dict[str, str] | None = None,
) -> Cluster:
    """Start the cluster, one executor with so many cores and so much memory on each worker.

    Raises SparkMissing or SparkFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "master.log"
    address = f"spark://127.0.0.1:{port}"
    master = start(
        ["org.apache.spark.deploy.master.Master", *_LOOPBACK, "--port", str(port)],
        log,
    )
    cluster = Cluster(folder, master)
    try:
        wait_for_port(master, port, log)
        for number in range(workers):
            cluster.workers.append(
                _start_worker(folder / f"worker{number}", address, cores, memory)
            )
        executors = {
            "spark.executor.memory": memory,
            "spark.executor.cores": str(cores),
            "spark.cores.max": str(workers * cores),
            # Without both executors the first statements would all run on the one that came first.
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",
            "spark.scheduler.maxRegisteredResourcesWaitingTime": "60s",
            "spark.executor.extraJavaOptions": "-Xss8m",
        }
        cluster.server = start_server(
            address, folder / "server", options={**executors, **(options or {})}
        )
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _start_worker(folder: Path, master: str, cores: int, memory: str) -> subprocess.Popen[bytes]:
    folder.mkdir(exist_ok=True)
    arguments = ["org.apache.spark.deploy.worker.Worker", *_LOOPBACK, "--cores", str(cores)]
    arguments += ["--memory", memory, "--work-dir", str(folder / "work"), master]
    return start(arguments, folder / "worker.log")


def main() -> None:
    """Run a cluster until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--workers", type=int, default=2, help="workers with an executor each")
    parser.add_argument("--cores", type=int, default=1, help="cores of an executor")
    parser.add_argument("--memory", default="2g", help="memory of an executor")
    parser.add_argument("--folder", type=Path, required=True, help="logs, catalog and tables")
    given = parser.parse_args()
    cluster = start_cluster(
        given.folder.resolve(), workers=given.workers, cores=given.cores, memory=given.memory
    )
    print(f"export SHOP360_SPARK_REMOTE={cluster.remote}", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("stopping")
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
