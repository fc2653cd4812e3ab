"""The demo shop: 18 months of exports of a Chinese shop on five platforms, with their known truth.

`world.py` builds what truly happened, `exports.py` and `other_exports.py` write what the systems
exported of it, `defects.py` says what is wrong with that, `truth.py` keeps what is known,
`verdict.py` and `score.py` judge a warehouse against it. Same arguments, same bytes.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.demo import other_exports, truth, world
from orchestration.demo.calendar import first_day
from orchestration.demo.defects import LEDGER, count_of_each, note_world_defects
from orchestration.demo.exports import EXPORTS, Inbox, write_csv


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
    report: Callable[[int, int, str], None] | None = None,
) -> DemoReport:
    """Write the exports of the 18 months up to `end_on` into `inbox` and the truth beside them.

    `report(done, total, label)` is told of every step. With `torn_file` three files are added
    that must be rejected as a whole.
    """
    steps = len(EXPORTS) + 4
    tell = report or (lambda done, total, label: None)
    inbox.mkdir(parents=True, exist_ok=True)
    truth_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=truth_folder) as folder:
        con = world.connect(seed, Path(folder))
        tell(0, steps, "people and their orders")
        each = count_of_each(customers)
        world.build(con, customers, end_on, each)
        con.execute(LEDGER)
        target = Inbox(con, inbox, Path(folder), end_on, each)
        for number, export in enumerate(EXPORTS, start=1):
            tell(number, steps, export.name)
            write_csv(target, export)
        tell(steps - 2, steps, "events and workbooks")
        other_exports.write(target)
        if torn_file:
            other_exports.write_torn(target)
        tell(steps - 1, steps, "truth")
        note_world_defects(con)
        truth.write(con, truth_folder)
        tell(steps, steps, "truth")
        written = con.execute("select feed, file_name, rows from wrote order by all").fetchall()
        injected = con.execute("select kind, count(*) from defects group by kind order by kind")
        counts = dict(injected.fetchall())
        con.close()
    return DemoReport(customers, seed, first_day(end_on), end_on, written, counts)
