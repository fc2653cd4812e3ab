"""Writes the demo shop's exports and truth, one step after another."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from orchestration.demo import other_exports, traps, truth, world
from orchestration.demo.calendar import first_day, quarters
from orchestration.demo.causes import Cause
from orchestration.demo.defects import LEDGER, count_of_each
from orchestration.demo.export_list import EXPORTS
from orchestration.demo.exports import Inbox, write_csv


@dataclass(frozen=True)
class DemoReport:
    """What was written: (feed, file, rows) of every file, and how often each defect was injected."""

    customers: int
    seed: int
    first: date
    last: date
    files: list[tuple[str, str, int]]
    defects: dict[str, int]

    @property
    def rows(self) -> int:
        """Data rows in all files."""
        return sum(rows for _, _, rows in self.files)


def write_demo(
    inbox: Path,
    truth_folder: Path,
    *,
    customers: int = 20_000,
    seed: int = 360,
    end_on: date = date(2026, 10, 31),
    torn_file: bool = True,
    without: Collection[Cause] = (),
    report: Callable[[int, int, str], None] | None = None,
) -> DemoReport:
    """Write the exports of the 18 months up to `end_on` into `inbox` and the truth beside them.

    `report(done, total, label)` is told of every step. With `torn_file` three files are added
    that must be rejected as a whole. The same seed `without` a cause gives the same shop, less
    what the cause changes.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    truth_folder.mkdir(parents=True, exist_ok=True)
    before = set(inbox.iterdir())
    try:
        return _write(inbox, truth_folder, customers, seed, end_on, torn_file, without, report)
    except BaseException:
        # Half of the exports would look like a shop.
        for path in set(inbox.iterdir()) - before:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _write(
    inbox: Path,
    truth_folder: Path,
    customers: int,
    seed: int,
    end_on: date,
    torn_file: bool,
    without: Collection[Cause],
    report: Callable[[int, int, str], None] | None,
) -> DemoReport:
    with tempfile.TemporaryDirectory(dir=truth_folder) as folder:
        con = world.connect(seed, Path(folder))
        target = Inbox(con, inbox, Path(folder), end_on, count_of_each(customers))
        steps = list(_steps(target, customers, truth_folder, torn_file, without))
        for number, (label, step) in enumerate(steps):
            if report:
                report(number, len(steps), label)
            step()
        if report:
            report(len(steps), len(steps), "truth")
        written = con.execute("select feed, file_name, rows from wrote order by all").fetchall()
        injected = con.execute("select kind, count(*) from defects group by kind order by kind")
        counts = dict(injected.fetchall())
        con.close()
    return DemoReport(customers, seed, first_day(end_on), end_on, written, counts)


def _steps(
    inbox: Inbox,
    customers: int,
    truth_folder: Path,
    torn_file: bool,
    without: Collection[Cause],
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What there is to do, in order, each with its label."""
    con = inbox.con
    yield (
        "calendar, products, campaigns",
        partial(world.prepare, con, customers, inbox.last, inbox.each, without),
    )
    for name in world.STEPS:
        yield name[2:], partial(world.run, con, name)
    yield "ledger", partial(con.execute, LEDGER)
    for export in EXPORTS:
        yield export.name.replace("_", " "), partial(write_csv, inbox, export)
    yield "workbooks and reviews", partial(other_exports.write, inbox)
    for quarter in quarters(inbox.last):
        yield f"events since {quarter}", partial(other_exports.write_events, inbox, quarter)
    if torn_file:
        yield "torn files", partial(other_exports.write_torn, inbox)
    yield "defects", partial(world.run, con, "world_defects")
    yield "traps", partial(traps.note, con)
    yield "truth", partial(truth.write, con, truth_folder)
