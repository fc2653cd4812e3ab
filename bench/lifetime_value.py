"""`python -m bench.lifetime_value`: purchase models of ten million customers, from their histories to a prediction each.

A DuckDB file holds one row per customer, drawn from MBG/NBD: purchase days after the first one, and days to the last one and
of observation. Customers begin on any day of three years. Each step is a process of its own, with the functions and the
statements of the models in `models/intermediate/value/ltv/`: the histories are grouped, all models of `seeds/ltv_models.csv`
are fitted, and every distinct history gets its predictions, which are joined to the customers. The last figures are in
lifetime_value.md.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bench.usage import Usage, measure
from orchestration.engines.dbt_session import register_functions
from orchestration.value.models import KINDS

RESULTS = Path(__file__).with_name("lifetime_value.md")
_PLANTED = {"r": 0.8, "alpha": 9.0, "a": 0.8, "b": 2.4}
_DAYS = 3 * 365

_STEPS = {
    "group histories": """
        create or replace table histories as
        select repeat_count, last_days, age_days, count(*) as customer_count, 0.0::double as log_gap_sum
        from customers group by all""",
    "fit all models": """
        create or replace table fits as
        select fit_purchase_models(
            '{models}', 3.84::double, list(repeat_count), list(last_days), list(age_days),
            list(customer_count), list(log_gap_sum)) as lines
        from histories""",
    "predict": """
        create or replace table scores as
        select repeat_count, last_days, age_days,
            purchase_p_alive(fit, repeat_count, last_days, age_days) as p_alive,
            purchase_expectation(fit, repeat_count, last_days, age_days, 90) as expected_90,
            purchase_expectation(fit, repeat_count, last_days, age_days, 180) as expected_180,
            purchase_expectation(fit, repeat_count, last_days, age_days, 365) as expected_365
        from histories, (select split_part(lines, chr(10), {place}) as fit from fits)""",
    "predict errors": """
        create or replace table errors as
        select repeat_count, last_days, age_days,
            purchase_relative_error(fit, repeat_count, last_days, age_days, 90) as error_90,
            purchase_relative_error(fit, repeat_count, last_days, age_days, 180) as error_180,
            purchase_relative_error(fit, repeat_count, last_days, age_days, 365) as error_365
        from histories, (select split_part(lines, chr(10), {place}) as fit from fits)""",
    "join to customers": """
        create or replace table predictions as
        select customer_id, s.* exclude (repeat_count, last_days, age_days),
            e.* exclude (repeat_count, last_days, age_days)
        from customers join scores s using (repeat_count, last_days, age_days)
            join errors e using (repeat_count, last_days, age_days)""",
}


def write_customers(file: Path, count: int) -> None:
    """Draw the customers in batches; purchases are counted day by day of a customer's own clock."""
    rng = np.random.default_rng(1)
    with duckdb.connect(str(file)) as con:
        con.execute(
            "create table customers (customer_id bigint, repeat_count bigint, last_days bigint, age_days bigint)"
        )
        for first in range(0, count, 1_000_000):
            number = min(1_000_000, count - first)
            drawn = _drawn(rng, number)  # read by the statement
            batch = pa.table({"customer_id": np.arange(first, first + number), **drawn})
            con.register("batch", batch)
            con.execute("insert into customers select * from batch")
            con.unregister("batch")


def _drawn(rng: np.random.Generator, number: int) -> dict[str, np.ndarray]:
    age = rng.integers(0, _DAYS, number)
    rate = rng.gamma(_PLANTED["r"], 1 / _PLANTED["alpha"], number) / 7
    chance = rng.beta(_PLANTED["a"], _PLANTED["b"], number)
    now, last = np.zeros(number), np.zeros(number, dtype=np.int64)
    repeats = np.zeros(number, dtype=np.int64)
    active = np.flatnonzero(rng.random(number) >= chance)
    while len(active):
        now[active] += rng.exponential(1 / np.maximum(rate[active], 1e-9))
        active = active[now[active] <= age[active]]
        day = now[active].astype(np.int64)
        is_new = day > last[active]
        repeats[active] += is_new
        last[active] = np.where(is_new, day, last[active])
        active = active[rng.random(len(active)) >= chance[active]]
    return {"repeat_count": repeats, "last_days": last, "age_days": age}


def run_step(file: Path, name: str) -> None:
    """One step in this process."""
    with duckdb.connect(str(file)) as con:
        con.execute("set threads = 2")
        register_functions(con)
        models = sorted(KINDS)
        con.execute(_STEPS[name].format(models=";".join(models), place=models.index("mbg_nbd") + 1))


def _table(usages: dict[str, Usage]) -> list[str]:
    lines = [
        f"| {name} | {usage.cpu:.1f} | {usage.wall:.1f} | {usage.peak_mb:,.0f} |"
        for name, usage in usages.items()
    ]
    cpu, wall = (sum(getattr(usage, part) for usage in usages.values()) for part in ("cpu", "wall"))
    peak = max(usage.peak_mb for usage in usages.values())
    return [*lines, f"| all | {cpu:.1f} | {wall:.1f} | {peak:,.0f} |"]


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="a place with room; else the temporary folder")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        run_step(given.folder / "lab.duckdb", given.step)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        file = Path(scratch) / "lab.duckdb"
        write_customers(file, given.customers)
        usages = {}
        for name in _STEPS:
            usages[name] = measure(
                sys.executable, "-m", "bench.lifetime_value", "--folder", scratch, "--step", name
            )
            print(name, usages[name], flush=True)
        with duckdb.connect(str(file)) as con:
            [(histories, lines)] = con.execute(
                "select count(*), (select lines from fits) from histories"
            ).fetchall()
    fitted = dict(zip(sorted(KINDS), lines.split("\n"), strict=True))["mbg_nbd"].split("|")
    found = ", ".join(
        f"{name} {float(value):.3f}" for name, value in zip(_PLANTED, fitted[2:6], strict=True)
    )
    text = [
        "# Purchase models of many customers",
        "",
        f"`python -m bench.lifetime_value`: {given.customers:,} customers with {histories:,} distinct histories, one fit of each "
        f"of the {len(KINDS)} models, 2 threads. Each step is a whole process, with the start of Python.",
        "",
        "| step | CPU s | wall s | peak MB |",
        "|---|---:|---:|---:|",
        *_table(usages),
        "",
        f"Planted: {', '.join(f'{name} {value}' for name, value in _PLANTED.items())}. Fitted by MBG/NBD: {found}. "
        "Days are whole and purchases of one day count once, which the model does not know.",
        "",
    ]  # fmt: skip
    print("\n".join(text))
    RESULTS.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
