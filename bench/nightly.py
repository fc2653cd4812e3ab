"""`python -m bench.nightly`: a full run and the run of one more day, by size of the shop and stage of the run.

The demo shop of each size is written and run, then a day is added (`next_day.py`) and run, then nothing is added. Figures are
CPU seconds of the whole process tree; the last ones are in nightly.md.
"""

import argparse
import os
import tempfile
from pathlib import Path

import duckdb

from bench.next_day import config_of_days, write_day
from bench.stages import STAGES, RunCost, measure_run
from bench.usage import SHOP360, measure

RESULTS = Path(__file__).with_name("nightly.md")
_CONFIG = Path(__file__).parents[1] / "shop.yml"


def measure_size(home: Path, customers: int) -> list[tuple[str, int, RunCost]]:
    """The runs of one size: name, raw rows that it brought, cost."""
    measure(SHOP360, "demo", "--customers", customers, "--home", home)
    warehouse, config = home / "private" / "warehouse.duckdb", home / "shop.yml"
    runs = [("full", *_run(home, _CONFIG, warehouse))]
    write_day(warehouse, home / "inbox")
    config.write_text(config_of_days(_CONFIG, home / "inbox"), encoding="utf-8")
    # The new mappings are a change of the configuration, which no day brings.
    runs.append(("first day", *_run(home, config, warehouse)))
    write_day(warehouse, home / "inbox", 2)
    runs.append(("one more day", *_run(home, config, warehouse)))
    return [runs[0], runs[2]]


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


def main() -> None:
    """Measure every size, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--folder", type=Path, help="a place with room; else the temporary folder")
    given = parser.parse_args()
    lines = [
        "# A full run and one more day",
        "",
        f"`python -m bench.nightly --customers {' '.join(map(str, given.customers))}`, {os.cpu_count()} cores, "
        f"DuckDB {duckdb.__version__}. CPU seconds of the whole process tree by stage; `land` includes the start, "
        "`peak` is the largest process.",
        "",
        f"| customers | run | rows landed | {' | '.join(STAGES.values())} | end | CPU s | wall s | peak MB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    ratios = []
    for customers in given.customers:
        with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
            runs = measure_size(Path(scratch) / "home", customers)
        lines += [_line(customers, *run) for run in runs]
        ratios.append(f"1/{runs[0][2].cpu / runs[1][2].cpu:.1f} at {customers:,}")
        print("\n".join(lines[-2:]), flush=True)
    lines += ["", f"One more day costs, of a full run: {', '.join(ratios)}.", ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
