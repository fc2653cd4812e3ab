"""`python -m bench.engines`: the cost of the same marts on DuckDB and on Spark, on one machine.

Exports land once. Then each engine builds, tests and releases from the same raw rows, and the two
releases are compared. Two sizes give a fixed cost and a cost per row. From these follows an estimate of
the size from which a cluster is faster than one machine. The last figures are in engines.md.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.usage import SHOP360, Usage, measure

RESULTS = Path(__file__).with_name("engines.md")
# Cores of the machine and of the cluster in the estimate.
_ONE_MACHINE, _CLUSTER = 8, 64


@dataclass(frozen=True)
class Size:
    """A demo shop of one size and its cost: landing, build on DuckDB, build on Spark."""

    customers: int
    orders: int
    events: int
    raw_rows: int
    landing: Usage
    duckdb: Usage
    spark: Usage
    is_equal: bool


def measure_size(folder: Path, customers: int) -> Size:
    """Build one demo shop on both engines; raises RuntimeError when a run fails."""
    home = folder / f"shop{customers}"
    measure(SHOP360, "demo", "--customers", customers, "--home", home)
    landing = measure(SHOP360, "land", "--home", home, allowed=(0, 1))
    on_duckdb = measure(SHOP360, "run", "--home", home)
    released = folder / "duckdb.duckdb"
    shutil.copy(home / "serving" / "current" / "shop360.duckdb", released)
    # The move of the raw rows into the lake is not part of the build: it happens once, at landing.
    measure(SHOP360, "land", "--target", "spark", "--home", home, allowed=(0, 1))
    on_spark = measure(SHOP360, "run", "--target", "spark", "--home", home)
    same = subprocess.run([SHOP360, "compare", released, home], check=False).returncode == 0
    with duckdb.connect(str(released), read_only=True) as con:
        row = con.execute(
            """select sum(row_count) filter (where feed = 'erp.orders'),
                   sum(row_count) filter (where feed = 'web.events'), sum(row_count)
               from meta.coverage"""
        ).fetchone()
    assert row is not None
    shutil.rmtree(home, ignore_errors=True)
    return Size(customers, *map(int, row), landing, on_duckdb, on_spark, same)


def _line(size: Size) -> str:
    cells = [f"{n:,}" for n in (size.customers, size.orders, size.events, size.raw_rows)]
    figures = (size.landing.cpu, size.duckdb.cpu, size.duckdb.wall, size.spark.cpu, size.spark.wall)
    cells += [f"{seconds:,.0f}" for seconds in figures]
    cells += [f"{size.spark.cpu / size.duckdb.cpu:.1f}", "equal" if size.is_equal else "DIFFER"]
    return f"| {' | '.join(cells)} |"


def slope(small: Size, big: Size, engine: str) -> tuple[float, float]:
    """Fixed CPU seconds and CPU seconds per million raw rows of an engine's build."""
    low, high = getattr(small, engine).cpu, getattr(big, engine).cpu
    each = (high - low) / (big.raw_rows - small.raw_rows)
    return low - each * small.raw_rows, each * 1e6


def estimate(sizes: list[Size]) -> list[str]:
    """The estimated size at which the costs are equal; needs two sizes."""
    fixed, each = {}, {}
    for engine in ("duckdb", "spark"):
        fixed[engine], each[engine] = slope(sizes[0], sizes[-1], engine)
    lines = [
        "",
        "| engine | fixed CPU s | CPU s per million raw rows |",
        "|---|---:|---:|",
        *(f"| {name} | {fixed[name]:.0f} | {each[name]:.1f} |" for name in fixed),
        "",
    ]
    gain = each["duckdb"] / _ONE_MACHINE - each["spark"] / _CLUSTER
    assumption = (
        f"Estimate with perfect scaling: DuckDB on {_ONE_MACHINE} cores needs its CPU seconds / "
        f"{_ONE_MACHINE}, a Spark cluster of {_CLUSTER} cores its fixed cost on about 2 cores plus the "
        f"rest / {_CLUSTER}. "
    )
    if gain <= 0:
        lines.append(
            assumption
            + "The costs are never equal: Spark's cost per row exceeds the gain of the cluster."
        )
    else:
        crossing = (fixed["spark"] / 2 - fixed["duckdb"] / _ONE_MACHINE) / gain
        lines.append(
            assumption
            + f"The costs are equal near {crossing:,.0f} million raw rows. Below, Spark helps "
            "shops whose data exceeds the disk or memory of one machine; it is not faster."
        )
    return lines


def main() -> None:
    """Measure every size, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[20_000, 340_000])
    parser.add_argument("--folder", type=Path, help="a place with room; else the temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        sizes = [measure_size(Path(scratch), customers) for customers in sorted(given.customers)]
    lines = [
        "# One machine, two engines",
        "",
        f"`python -m bench.engines`, {os.cpu_count()} cores; build = raw checks, models, tests, release.",
        "CPU seconds are reliable; wall time depends on other load.",
        "",
        "| customers | orders | events | raw rows | land, CPU s | DuckDB CPU s | wall s | Spark CPU s | wall s | Spark ÷ DuckDB, CPU | marts |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    lines += [_line(size) for size in sizes]
    if len(sizes) > 1:
        lines += estimate(sizes)
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
