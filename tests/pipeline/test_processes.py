"""A child ends with its parent whatever ended the parent, and no process of anybody else is ever ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from orchestration.system import processes
from orchestration.system.processes import Process, end_orphans, process_of

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")

_CHILD = """
import os, sys, time
from pathlib import Path
from orchestration.system import processes
if "poll" in sys.argv:
    del os.pidfd_open
processes.end_with_parent()
with processes.noted(Path(sys.argv[1]), "a child"):
    print(os.getpid(), flush=True)
    time.sleep(600)
"""
# Started by a thread that ends at once: a child must follow the process, not the thread.
_PARENT = """
import subprocess, sys, threading, time
from orchestration.system import processes
processes.export()
start = lambda: subprocess.Popen([sys.executable, "-c", *sys.argv[1:]])
thread = threading.Thread(target=start)
thread.start()
thread.join()
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Generator[Path]:
    yield tmp_path
    for note in tmp_path.glob("children/*.json"):
        child = processes.parse(json.loads(note.read_text())["process"])
        if child and child.is_alive:
            os.kill(child.pid, signal.SIGKILL)


def _start(home: Path, *options: str) -> tuple[subprocess.Popen[str], Process]:
    """A parent and its child, both at work."""
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, _CHILD, str(home), *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    return parent, process_of(int(parent.stdout.readline()))


def _ends(process: Process, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while process.is_alive and time.monotonic() < deadline:
        time.sleep(0.02)
    return not process.is_alive


@pytest.mark.parametrize("way", ["descriptor", "poll"])
def test_a_child_ends_with_a_killed_parent(home: Path, way: str) -> None:
    parent, child = _start(home, way)
    assert not _ends(child, 0.5), "the thread that started it has ended, the parent has not"
    parent.kill()
    assert _ends(child)
    parent.wait()


def test_a_child_whose_parent_is_gone_does_not_start(tmp_path: Path) -> None:
    gone = Process(os.getpid(), "1")
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        env={**os.environ, processes.PARENT: str(gone)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_child_started_in_a_shell_is_nobodys(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != processes.PARENT}
    code = "from orchestration.system import processes; processes.end_with_parent(); print('works')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True
    )
    assert done.stdout == b"works\n"
    assert end_orphans(tmp_path) == []


def _sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


def _note(home: Path, process: Process, parent: Process) -> Path:
    note = home / "children" / f"{process.pid}.json"
    note.parent.mkdir(exist_ok=True)
    content = {"process": str(process), "parent": str(parent), "what": "dbt build"}
    note.write_text(json.dumps(content))
    return note


def test_an_orphan_is_ended_and_said(home: Path) -> None:
    with _sleeper() as orphan:
        note = _note(home, process_of(orphan.pid), Process(2**22 + 1, "77"))
        said = end_orphans(home)
        assert said == [
            f"Ended dbt build (process {orphan.pid}), which a killed run had left behind."
        ]
        assert orphan.wait(timeout=5) == -signal.SIGKILL
    assert not note.exists()


def test_a_child_of_a_living_parent_is_left_alone(home: Path) -> None:
    with _sleeper() as child:
        note = _note(home, process_of(child.pid), process_of(os.getpid()))
        assert end_orphans(home) == []
        assert child.poll() is None
        assert note.exists()
        child.kill()


@pytest.mark.parametrize("started", ["1", ""])
def test_a_process_that_is_not_ours_is_never_ended(home: Path, started: str) -> None:
    with _sleeper() as other:
        _note(home, Process(other.pid, started), Process(2**22 + 1, "77"))
        assert end_orphans(home) == []
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"process": "x"}', '{"process": 3}'])
def test_a_damaged_note_stops_nothing(home: Path, text: str) -> None:
    (home / "children").mkdir()
    (home / "children" / "1.json").write_text(text)
    assert end_orphans(home) == []
    assert list(home.glob("children/*")) == []


def test_a_system_without_proc_ends_nobody_and_works(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_state", lambda pid: None)
    with _sleeper() as other:
        here = process_of(other.pid)
        assert here == Process(other.pid, "")
        assert here.is_alive
        assert here.started_at is None
        _note(home, here, Process(2**22 + 1, ""))
        assert end_orphans(home) == []
        assert other.poll() is None
        other.kill()
