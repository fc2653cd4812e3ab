"""The cost of a whole process, with its children: CPU seconds, wall seconds and peak memory."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SHOP360 = str(Path(sys.executable).with_name("shop360"))


@dataclass(frozen=True)
class Usage:
    """The cost of one process: CPU seconds, wall seconds, peak resident memory in MB."""

    cpu: float
    wall: float
    peak_mb: float


def measure(*command: object, allowed: tuple[int, ...] = (0,), cwd: Path | None = None) -> Usage:
    """Run a command and measure it with its child processes; raises RuntimeError when it fails."""
    started = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, cwd=cwd)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in allowed:
        raise RuntimeError(f"{command} ended with status {status}")
    return Usage(used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024)


def median(usages: list[Usage]) -> Usage:
    """The median of each figure separately."""
    return Usage(
        *(
            statistics.median(getattr(usage, name) for usage in usages)
            for name in ("cpu", "wall", "peak_mb")
        )
    )
