"""`python -m bench.attribution`: weights of 12 channels from a million journeys, beside the package ChannelAttribution.

A csv file holds a journey per row: its path, and whether it ended with an order. Each contestant is a process of its own that
reads the file and prints the removal effects of a Markov chain of order 1. shop360's reads it with DuckDB and calls
`channel_weights`, as the model `int_marketing__weight_lists` does. ChannelAttribution is no dependency: `--python` names an
interpreter that has it (`pip install ChannelAttribution matplotlib`). The last figures are in attribution.md.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from bench.usage import Usage, measure
from orchestration.engines.dbt_session import register_functions

RESULTS = Path(__file__).with_name("attribution.md")
_CHANNELS = 12

_OTHER = """
import sys
import pandas
from ChannelAttribution import markov_model
journeys = pandas.read_csv(sys.argv[1])
grouped = journeys.groupby("path", as_index=False).sum()
found = markov_model(grouped, "path", "orders", var_null="nulls", order=1, verbose=False, flg_pro=False)
found.to_csv(sys.argv[2], index=False)
"""


def write_journeys(file: Path, count: int) -> None:
    """Draw journeys of 1 to 8 touches; a channel has its own chance of an order."""
    rng = np.random.default_rng(7)
    touches = rng.integers(1, 9, count)
    channels = rng.choice(_CHANNELS, touches.sum(), p=_shares())
    starts = np.concatenate([[0], np.cumsum(touches)[:-1]])
    names = np.array([f"channel_{number:02d}" for number in range(_CHANNELS)])
    chance = np.add.reduceat(np.linspace(0.005, 0.06, _CHANNELS)[channels], starts)
    orders = (rng.random(count) < chance).astype(np.int64)
    paths = pa.ListArray.from_arrays(
        pa.array(np.append(starts, touches.sum()), pa.int32()),
        pa.DictionaryArray.from_arrays(channels, names).cast(pa.string()),
    )
    text = pa.compute.binary_join(paths, " > ")
    pa.csv.write_csv(pa.table({"path": text, "orders": orders, "nulls": 1 - orders}), file)


def _shares() -> np.ndarray:
    shares = np.arange(_CHANNELS, 0, -1, dtype=float)
    return shares / shares.sum()


def weigh(file: Path, models: str) -> str:
    """The weights by shop360, in this process."""
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        register_functions(con)
        [(lines,)] = con.execute(
            """select channel_weights(?, 12, list(path), list(orders), list(nulls)) from (
                   select path, sum(orders)::bigint as orders, sum(nulls)::bigint as nulls
                   from read_csv(?) group by path)""",
            [models, str(file)],
        ).fetchall()
    return lines


def _row(name: str, usage: Usage) -> str:
    return f"| {name} | {usage.cpu:.1f} | {usage.wall:.1f} | {usage.peak_mb:,.0f} |"


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--python", help="an interpreter with ChannelAttribution")
    parser.add_argument("--weigh", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.weigh:
        sys.stdout.write(weigh(Path(given.weigh[0]), given.weigh[1]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        file, other = Path(scratch) / "journeys.csv", Path(scratch) / "other.csv"
        write_journeys(file, given.journeys)
        ours = (sys.executable, "-m", "bench.attribution", "--weigh", file)
        rows = [
            _row("shop360, Markov order 1", measure(*ours, "markov_1")),
            _row("shop360, all estimated models", measure(*ours, "markov_1;markov_2;shapley_rate")),
        ]
        difference = ""
        if given.python:
            script = Path(scratch) / "other.py"
            script.write_text(_OTHER)
            rows.insert(
                1,
                _row(
                    "ChannelAttribution, Markov order 1", measure(given.python, script, file, other)
                ),
            )
            difference = _difference(subprocess.check_output([*ours, "markov_1"], text=True), other)
        text = "\n".join(
            [
                "# Weights of channels",
                "",
                f"`python -m bench.attribution`: {given.journeys:,} journeys over {_CHANNELS} channels in a csv file, two threads.",
                "Each row is a whole process, with the start of Python and the read of the file.",
                "",
                "| process | CPU s | wall s | peak MB |",
                "|---|---:|---:|---:|",
                *rows,
                "",
                difference,
            ]
        )
        RESULTS.write_text(text.rstrip() + "\n")
        sys.stdout.write(text)


def _difference(lines: str, other: Path) -> str:
    ours = {line.split("|")[1]: float(line.split("|")[2]) for line in lines.splitlines()}
    theirs = dict(
        duckdb.execute(
            "select channel_name, total_conversions / sum(total_conversions) over () from read_csv(?)",
            [str(other)],
        ).fetchall()
    )
    largest = max(abs(ours[name] - share) for name, share in theirs.items())
    return f"Largest difference of a weight between the two: {largest:.4f}. ChannelAttribution simulates journeys; shop360 solves the chain."


if __name__ == "__main__":
    main()
