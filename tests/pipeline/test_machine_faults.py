"""Faults of the machine stop the work with one line and change nothing: disk, rights, warehouse, memory."""

import errno
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from landing_kit import HEADER, LandingShop, csv_of, files_limited_to, order
from shops import REPO, Shop

from orchestration.demo.write import write_demo
from orchestration.landing.write.sinks import transaction
from orchestration.system import faults
from orchestration.system.files import write_whole

_LIMITED = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
user = int(sys.argv[2])
sys.argv = ["shop360", *sys.argv[3:]]
from orchestration.commands.main import app
if user:
    # Another user may not read the libraries of this one.
    from orchestration.config import environment, home
    from orchestration.pipeline import landing_assets
    from orchestration.release import generations
    from orchestration.reports import status, summary
    os.seteuid(user)
app()
"""


@pytest.fixture
def shop(tmp_path: Path) -> LandingShop:
    shop = LandingShop(tmp_path)
    shop.put("orders1.csv", csv_of(HEADER, order(1)))
    shop.land()
    return shop


def _cli(shop: LandingShop, *arguments: str, file_size: int = 0, user: int = 0):
    """`shop360 …` in a process of its own, where no file may grow beyond `file_size`."""
    limited = ["-c", _LIMITED, str(file_size or resource.RLIM_INFINITY), str(user)]
    places = ["--home", shop.settings.home, "--config", shop.settings.config]
    if arguments[0] != "compare":
        places += ["--inbox", shop.inbox]
    return subprocess.run(
        [str(part) for part in (sys.executable, *limited, *arguments, *places)],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO)},
    )


def _assert_one_line(done: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    shown = [line for line in done.stderr.splitlines() if line.startswith("✗")]
    assert len(shown) == 1, done.stderr
    for word in words:
        assert word in shown[0], shown[0]


def _many_orders(shop: LandingShop) -> None:
    shop.put(
        "orders2.csv", csv_of(HEADER, *(order(n, phone=13800000000 + n) for n in range(2, 60_000)))
    )


def test_a_full_disk_at_landing_rejects_no_file(shop: LandingShop) -> None:
    before = shop.query("select file_name, status from meta.files")
    _many_orders(shop)
    size = shop.settings.warehouse.stat().st_size + 100_000
    for _ in range(2):
        done = _cli(shop, "land", file_size=size)
        _assert_one_line(done, "landing orders2.csv stopped", "File too large", "ulimit -f")
    assert shop.query("select file_name, status from meta.files") == before
    assert shop.query("select count(*) from raw.erp_orders") == [(1,)]
    report = shop.land()
    assert [file.file for file in report.landed] == ["orders2.csv"]
    assert shop.query("select count(*) from raw.erp_orders") == [(59_999,)]


def test_a_full_disk_while_a_file_is_copied_rejects_no_file(shop: LandingShop) -> None:
    shop.put("orders2.csv", csv_of(HEADER, *(order(n, note="x" * 900) for n in range(2, 9_000))))
    done = _cli(shop, "land", file_size=300_000)
    assert done.returncode == 1
    assert "File too large" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert shop.query("select status, count(*) from meta.files group by 1") == [("landed", 1)]


def test_a_failed_commit_tells_its_cause(tmp_path: Path) -> None:
    con = duckdb.connect()
    with pytest.raises(ZeroDivisionError), transaction(con):
        con.execute("rollback")
        raise ZeroDivisionError


def test_a_file_larger_than_the_free_disk_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(faults.MachineFault, match=r"landing a\.csv needs .* make room"):
        faults.need_room(tmp_path, shutil.disk_usage(tmp_path).total * 2, "landing a.csv")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/x"), "No space left.*free.*room"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT), "/tmp/x"), "quota"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "/tmp/x"), "writable"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "ulimit -n"),
        (MemoryError(), "memory"),
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block"), "memory"),
        (
            duckdb.OutOfMemoryException("Out of Memory Error: failed to offload data block"),
            "working files",
        ),
        (
            duckdb.TransactionException(
                'TransactionContext Error: Failed to commit: Could not write file "/tmp/w": '
                "No space left on device"
            ),
            "No space left on device at /tmp/w",
        ),
        (duckdb.IOException('IO Error: Cannot open file "/tmp/w": Input/output error'), "dmesg"),
        (duckdb.FatalException("FATAL Error: database has been invalidated"), "rebuild"),
    ],
)
def test_a_fault_of_the_machine_is_named_with_its_cure(error: Exception, words: str) -> None:
    fault = faults.of(error, "landing a.csv")
    assert fault is not None
    assert "\n" not in str(fault)
    assert str(fault).startswith("landing a.csv stopped: ")
    assert re.search(words, str(fault)), str(fault)


def test_a_cell_that_reads_like_a_fault_is_not_one() -> None:
    quoting = 'Error in line 2: Original Line: "/tmp/w": No space left on device'
    assert faults.of(duckdb.InvalidInputException(quoting)) is None
    assert faults.of(duckdb.ConversionException(quoting)) is None


def test_a_demo_that_fails_leaves_an_empty_inbox(tmp_path: Path) -> None:
    def stop(done: int, total: int, label: str) -> None:
        if done > 12:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_demo(tmp_path / "inbox", tmp_path / "truth", customers=1000, report=stop)
    assert list((tmp_path / "inbox").iterdir()) == []


def test_a_note_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    note = tmp_path / "salt"
    write_whole(note, "old")
    with files_limited_to(2), pytest.raises(OSError, match="File too large"):
        write_whole(note, "newer")
    assert note.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["salt"]


_HOLDER = """
import duckdb, sys
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_a_warehouse_open_elsewhere_names_the_process(shop: LandingShop) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(shop.settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    try:
        for options in ({}, {"dry_run": True}):
            with pytest.raises(faults.WarehouseUnusable) as shown:
                shop.land(**options)
            assert "is open in another program" in str(shown.value)
            assert f"process {holder.pid}" in str(shown.value)
        for command in (("release",), ("explain", "12345"), ("identity", "report"), ("dbt", "run")):
            done = _cli(shop, *command)
            _assert_one_line(done, f"process {holder.pid}", "close it there")
    finally:
        holder.communicate("")


def _newer(content: bytes) -> bytes:
    """A DuckDB file whose header says that a later version wrote it, with a right checksum."""
    import struct

    changed = bytearray(content)
    changed[12:20] = struct.pack("<Q", 99)
    total = 5381
    for (word,) in struct.iter_unpack("<Q", bytes(changed[8:4096])):
        total ^= (word * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    changed[:8] = struct.pack("<Q", total)
    return bytes(changed)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: b"", "is damaged: it is empty"),
        (lambda content: content[:100], "is damaged: it is cut off after 100 bytes"),
        (lambda content: content[:9000], "is damaged: it is cut off"),
        (lambda content: b"hello" * 5000, "is damaged: it is not a DuckDB file"),
        (lambda content: content[:30] + b"x" + content[31:], "is damaged: Corrupt database"),
        (_newer, "written by a newer version of DuckDB"),
    ],
)
def test_a_damaged_warehouse_says_how_to_get_it_back(shop: LandingShop, damage, words: str) -> None:
    warehouse = shop.settings.warehouse
    warehouse.write_bytes(damage(warehouse.read_bytes()))
    for options in ({}, {"dry_run": True}):
        with pytest.raises(faults.WarehouseUnusable) as shown:
            shop.land(**options)
        assert words in str(shown.value)
        assert "shop360 rebuild" in str(shown.value) and "\n" not in str(shown.value)


def test_a_damaged_release_is_one_line_for_every_reader(shop: LandingShop) -> None:
    generation = shop.settings.serving / "gen-1"
    generation.mkdir(parents=True)
    (generation / "shop360.duckdb").write_bytes(b"cut off")
    (shop.settings.serving / "current").symlink_to("gen-1")
    for command in (("query", "select 1"), ("goals",), ("alerts",), ("status",)):
        _assert_one_line(_cli(shop, *command), "is damaged", "shop360 run")


def test_a_home_of_another_user_is_one_line(shop: LandingShop) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to be another user")
    shop.settings.home.chmod(0o755)
    for folder in (shop.settings.home, *shop.settings.home.parents):
        if folder.stat().st_mode & 0o001 == 0:
            folder.chmod(folder.stat().st_mode | 0o055)
        if folder == Path("/tmp"):
            break
    done = _cli(shop, "land", user=65534)
    _assert_one_line(done, "Permission denied", "belongs to root")


def test_a_config_that_is_missing_or_unreadable_is_one_line(shop: LandingShop) -> None:
    config = shop.settings.config
    config.write_bytes("shop: {id: 店}".encode("gb18030"))
    _assert_one_line(_cli(shop, "land"), "not YAML in UTF-8", code=2)
    config.unlink()
    _assert_one_line(_cli(shop, "land"), "cannot be read", code=2)


@pytest.mark.thorough
@pytest.mark.parametrize("room", [30, 90], ids=["at_landing", "at_dbt"])
def test_a_run_on_a_full_disk_ends_well_after_making_room(
    demo_shop: Shop, tmp_path: Path, room: int
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={room}m", "tmpfs", str(home)]
    if os.geteuid() or subprocess.run(["mount", *options], check=False).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    try:
        shop = demo_shop.beside(home)
        stopped = shop.cli("run")
        _assert_one_line(stopped, "free")
        subprocess.run(["mount", "-o", "remount,size=2g", str(home)], check=True)
        shop.run()
        assert shop.fingerprint() == demo_shop.fingerprint()
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)
