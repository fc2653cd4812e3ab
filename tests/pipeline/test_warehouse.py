"""One writer per home, and none after its process has ended."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from shops import REPO

from orchestration.config.settings import load_settings
from orchestration.engines.warehouse import WarehouseBusy, writer

_HOLDER = """
import sys, time
from pathlib import Path
from orchestration.config.settings import load_settings
from orchestration.engines.warehouse import writer
with writer(load_settings(home=Path(sys.argv[1])), "testing"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_sees_the_holder_of_the_lock(
    tmp_path: Path,
) -> None:
    settings = load_settings(home=tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=REPO
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with (
        pytest.raises(WarehouseBusy, match=f"process {holder.pid}, testing since"),
        writer(settings, "another"),
    ):
        pass
    holder.kill()
    holder.wait()
    started = time.monotonic()
    with writer(settings, "another", wait_seconds=5):
        assert time.monotonic() - started < 5


def test_a_writer_may_enter_again(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    with writer(settings, "outer"), writer(settings, "inner"):
        pass
    with writer(settings, "afterwards"):
        pass
