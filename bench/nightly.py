"""`python -m bench.nightly`: a full run and the run of one more day, by size of the shop and stage of the run.

The demo shop of each size is written and run, then a day is added (`next_day.py`) and run. Some tables are also written
by hand (`by_hand.py`). Figures are CPU seconds of the whole process tree; the last ones are in nightly.md, where those of
sizes that are not measured again stay.
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from bench.by_hand import compare
from bench.next_day import config_of_days, write_day
from bench.stages import STAGES, RunCost, measure_run
from bench.usage import SHOP360, measure

RESULTS = Path(__file__).with_name("nightly.md")
_BY_HAND = "## The same tables written by hand"
_CONFIG = Path(__file__).parents[1] / "shop.yml"


def config_with_days(folder: Path) -> str:
    """The demo shop's configuration with the mappings of later days, as a small shop has them."""
    home = folder / "small"
    measure(SHOP360, "demo", "--customers", 3_000, "--home", home)
    measure(SHOP360, "land", "--home", home, allowed=(0, 1))
    write_day(home / "private" / "warehouse.duckdb", home / "inbox")
    return config_of_days(_CONFIG, home / "inbox")


def measure_size(home: Path, customers: int, config: Path) -> list[tuple[str, int, RunCost]]:
    """The runs of one size: name, raw rows that it brought, cost."""
    if not home.exists():
        measure(SHOP360, "demo", "--customers", customers, "--home", home)
    warehouse = home / "private" / "warehouse.duckdb"
    full = _run(home, config, warehouse)
    write_day(warehouse, home / "inbox")
    return [("full", *full), ("one more day", *_run(home, config, warehouse))]


def _run(home: Path, config: Path, warehouse: Path) -> tuple[int, RunCost]:
    before = _landed(warehouse)
    cost = measure_run(["--home", home, "--config", config])
    return _landed(warehouse) - before, cost


def _landed(warehouse: Path) -> int:
    """Rows that landed so far, versions that were replaced included."""
    if not warehouse.exists():
        return 0
    with duckdb.connect(str(warehouse), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('raw', 'history')"
        ).fetchall()
        counts = [con.execute(f"select count(*) from {s}.{t}").fetchone() for s, t in tables]
    return sum(found[0] for found in counts if found)


def _line(customers: int, name: str, rows: int, cost: RunCost) -> str:
    stages = [f"{cost.stages.get(stage, 0):.1f}" for stage in (*STAGES.values(), "end")]
    cells = [
        f"{customers:,}",
        name,
        f"{rows:,}",
        *stages,
        f"**{cost.cpu:.0f}**",
        f"{cost.wall:.0f}",
    ]
    return f"| {' | '.join(cells)} | {cost.peak_mb:,.0f} |"


_HEAD = f"| customers | run | rows landed | {' | '.join(STAGES.values())} | end | CPU s | wall s | peak MB |"


def _kept(heading: str) -> dict[int, list[str]]:
    """Lines of the last table below a heading, by size of the shop."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    found: dict[int, list[str]] = {}
    for line in text.partition(heading)[2].partition("\n#")[0].splitlines():
        size = line.removeprefix("| ").partition(" |")[0].replace(",", "")
        if size.isdecimal():
            found.setdefault(int(size), []).append(line)
    return found


def _ratio(lines: list[str]) -> str:
    full, day = (float(line.split("|")[10].strip(" *")) for line in lines)
    return f"1/{full / day:.1f} at {lines[0].split('|')[1].strip()}"


def write(runs: dict[int, list[str]], hand: dict[int, list[str]]) -> None:
    """Write both tables."""
    sizes = " ".join(map(str, sorted(runs)))
    lines = [
        "# A full run and one more day",
        "",
        f"`python -m bench.nightly --customers {sizes}`, {os.cpu_count()} cores, DuckDB {duckdb.__version__}. CPU seconds "
        "of the whole process tree by stage; `land` includes the start, `peak` is the largest process. Sizes are measured one by one: a "
        "size that is not measured again keeps its figures.",
        "",
        _HEAD,
        f"|---:|---|{'---:|' * 10}",
        *(line for size in sorted(runs) for line in runs[size]),
        "",
        f"One more day costs, of a full run: {', '.join(_ratio(runs[size]) for size in sorted(runs))}.",
        "",
    ]
    if hand:
        lines += [
            _BY_HAND,
            "",
            "CPU seconds of the statements alone, in one process. Rows are equal.",
            "",
            "| customers | tables | models | by hand | ratio |",
            "|---:|---|---:|---:|---:|",
            *(line for size in sorted(hand) for line in hand[size]),
            "",
        ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every size, print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument(
        "--folder", type=Path, help="a place with room, where demo shops are kept; else temporary"
    )
    given = parser.parse_args(arguments)
    runs, hand = _kept(_HEAD), _kept(_BY_HAND)
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        config = Path(scratch) / "shop.yml"
        config.write_text(config_with_days(Path(scratch)), encoding="utf-8")
        for customers in given.customers:
            home = Path(given.folder or scratch) / f"shop{customers}"
            measured = measure_size(home, customers, config)
            runs[customers] = [_line(customers, *run) for run in measured]
            hand[customers] = [
                f"| {customers:,} | {name} | {models:.1f} | {by_hand:.1f} | {models / by_hand:.1f} |"
                for name, models, by_hand in compare(home, config)
            ]
            print("\n".join(runs[customers] + hand[customers]), flush=True)
            write(runs, hand)


if __name__ == "__main__":
    main()
