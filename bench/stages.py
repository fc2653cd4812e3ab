"""The CPU seconds of a run by stage: the process tree is read at each line of progress that the run prints."""

import os
import subprocess
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench.usage import SHOP360

# The line that ends a stage of a run starts with these words.
STAGES = {
    "Landing files": "land",
    "Matching records": "match",
    "Checking raw feeds": "check raw",
    "Building models": "build",
    "Releasing": "release",
}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class RunCost:
    """CPU seconds by stage, their sum, wall seconds, and the peak memory of the largest process in MB."""

    stages: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: float = 0.0


def _stat(pid: int) -> tuple[int, float, float]:
    """Parent, own CPU seconds, and those of ended children, of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own, children = fields[11:13], fields[13:15]
    return int(fields[1]), sum(map(int, own)) / _TICKS, sum(map(int, children)) / _TICKS


def tree_cpu(root: int) -> float:
    """CPU seconds so far of a process, of its live descendants, and of those that have ended."""
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stats[int(entry.name)] = _stat(int(entry.name))
            except (OSError, ValueError):
                # Ended between the two reads.
                continue
    members, seconds = {root}, 0.0
    for pid in sorted(stats):
        parent, own, ended = stats[pid]
        if pid in members or parent in members:
            members.add(pid)
            seconds += own + ended
    return seconds


def _peak(root: int, cost: RunCost, ended: threading.Event) -> None:
    while not ended.wait(0.2):
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                pid = int(entry.name)
                if pid != root and _stat(pid)[0] != root:
                    continue
                status = (entry / "status").read_text()
            except (OSError, ValueError):
                continue
            for line in status.splitlines():
                if line.startswith("VmHWM"):
                    cost.peak_mb = max(cost.peak_mb, int(line.split()[1]) / 1024)


def measure_run(arguments: Iterable[object]) -> RunCost:
    """`shop360 run` with these arguments; raises RuntimeError when it fails."""
    command = [SHOP360, "run", "--always", *map(str, arguments)]
    cost, started, before = RunCost(), time.monotonic(), 0.0
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    ended = threading.Event()
    watcher = threading.Thread(target=_peak, args=(process.pid, cost, ended))
    watcher.start()
    assert process.stdout is not None
    text = []
    for line in process.stdout:
        text.append(line)
        stage = STAGES.get(line.partition(":")[0])
        if stage:
            now = tree_cpu(process.pid)
            cost.stages[stage], before = now - before, now
    _, status, used = os.wait4(process.pid, 0)
    ended.set()
    watcher.join()
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{command} ended with status {status}:\n{''.join(text)}")
    cost.cpu, cost.wall = used.ru_utime + used.ru_stime, time.monotonic() - started
    cost.stages["end"] = cost.cpu - before
    return cost
