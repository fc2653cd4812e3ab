"""`python -m bench.baskets`: frequent sets of a million baskets, in the warehouse and with mlxtend.

A DuckDB file holds drawn baskets as the model `int_offers__basket_products` does: an order key and a product key per row. shop360
runs the SQL of the models from there to `int_offers__itemsets`. mlxtend gets the baskets as numbers from the same file, as a
matrix of booleans without the rare products, runs `fpgrowth` on it, and writes the sets to a table. Measured are whole processes.
`apriori` of mlxtend ran out of 24 GB of memory with 100,000 baskets at support 0.001. mlxtend is no dependency of the project:
`python -m venv /tmp/mlxtend && /tmp/mlxtend/bin/pip install mlxtend duckdb`, then `--python /tmp/mlxtend/bin/python`. The last
figures are in baskets.md.
"""

import argparse
import importlib.util
import re
import sys
import tempfile
from pathlib import Path

import duckdb

from bench.usage import Usage, measure, median
from orchestration.config.settings import PROJECT

RESULTS = Path(__file__).with_name("baskets.md")
_MODELS = (
    "baskets", "products", "basket_items", "frequent_pairs", "pair_baskets", "frequent_triples",
    "frequent_quadruples", "itemsets",
)  # fmt: skip

# Baskets of 1 to 8 products; few products are frequent, and of four baskets one has a product with its neighbour.
_BASKETS = """
create table int_offers__basket_products as
with sizes as (
    select n as basket, least(8, 1 + floor(-1.6 * ln(1 - hash(n, 'size') / 18446744073709551616)))::int as size
    from range({baskets}) as t (n)),
chosen as (
    select basket, size, k, floor(exp(hash(basket, k) / 18446744073709551616 * ln({products})))::int as product
    from sizes, range(8) as t (k) where k < size),
paired as (
    select basket,
        if(k = 1 and hash(basket, 'pair') % 4 = 0, lag(product, 1, product) over (partition by basket order by k) + 1, product)
            as product
    from chosen)
select distinct md5('order' || basket) as order_key, md5('product' || product) as product_key, 's' as shop_id,
    'all' as compared_shop_id, null::varchar as customer_id, date '2026-01-01' as ordered_on
from paired"""

_SHOP360 = """
import sys, duckdb
con = duckdb.connect(sys.argv[1])
con.execute("set threads = 2; set memory_limit = '8GB'")
for statement in open(sys.argv[2]).read().split(";"):
    con.execute(statement)
"""

_MLXTEND = """
import sys, duckdb, numpy as np, pandas as pd
from mlxtend.frequent_patterns import fpgrowth
file, rate = sys.argv[1], float(sys.argv[2])
con = duckdb.connect(file)
con.execute("set threads = 2")
rows = con.execute('''
    select dense_rank() over (order by order_key) - 1 as basket, dense_rank() over (order by product_key) - 1 as product
    from int_offers__basket_products''').fetchnumpy()
baskets = rows["basket"].max() + 1
# A product that is rarer than the minimum support is in no frequent set, and would only make the matrix larger.
is_frequent = np.bincount(rows["product"]) / baskets >= rate
column = np.cumsum(is_frequent) - 1
kept = is_frequent[rows["product"]]
matrix = np.zeros((baskets, is_frequent.sum()), dtype=bool)
matrix[rows["basket"][kept], column[rows["product"][kept]]] = True
found = fpgrowth(pd.DataFrame(matrix), min_support=rate, max_len=4)
sets = pd.DataFrame({"item_count": found["itemsets"].map(len), "support": found["support"]})
con.execute("create or replace table others as select * from sets")
"""


def _statements(rate: float) -> str:
    """The models as statements; these have no Jinja but references."""
    folder = PROJECT / "models" / "intermediate" / "offers" / "baskets"
    policy = (
        f"create or replace table basket_policy as select {rate}::double as least_rate, 1::bigint as least_count,"
        " 4::bigint as most_size"
    )
    made = [policy]
    for name in _MODELS:
        sql = (folder / f"int_offers__{name}.sql").read_text(encoding="utf-8").split("\n")
        text = "\n".join(line for line in sql if not line.startswith("--"))
        text = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", text)
        made.append(f"create or replace table int_offers__{name} as {text}")
    return ";\n".join(made)


def _sizes(file: Path, table: str) -> dict[int, int]:
    """Number of sets per number of products."""
    with duckdb.connect(str(file), read_only=True) as con:
        return dict(
            con.execute(f"select item_count, count(*) from {table} group by all").fetchall()
        )


def measure_rate(
    scratch: Path, rate: float, rounds: int, python: str | None
) -> tuple[dict[str, Usage], dict[int, int]]:
    """Median usage per program, alternately, and the sets by size, which must be equal."""
    file, script = scratch / "baskets.duckdb", scratch / "models.sql"
    script.write_text(_statements(rate), encoding="utf-8")
    usages: dict[str, list[Usage]] = {}
    sets: dict[int, int] = {}
    for _ in range(rounds):
        usages.setdefault("shop360", []).append(
            measure(sys.executable, "-c", _SHOP360, file, script)
        )
        sets = _sizes(file, "int_offers__itemsets")
        if python:
            usages.setdefault("mlxtend fpgrowth", []).append(
                measure(python, "-c", _MLXTEND, file, rate)
            )
            others = _sizes(file, "others")
            if others != sets:
                raise RuntimeError(f"mlxtend finds {others}, shop360 {sets}")
    return {name: median(found) for name, found in usages.items()}, sets


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--baskets", type=int, default=1_000_000)
    parser.add_argument("--products", type=int, default=2_000)
    parser.add_argument("--rates", type=float, nargs="+", default=[0.01, 0.001, 0.0003])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", help="a Python with mlxtend and duckdb; default: this one")
    given = parser.parse_args()
    python = given.python or (sys.executable if importlib.util.find_spec("mlxtend") else None)
    if not python:
        print("mlxtend is not installed; only shop360 is measured. See --help.", file=sys.stderr)
    lines = [
        "# Frequent sets of products in the warehouse and in memory",
        "",
        f"`python -m bench.baskets`: {given.baskets:,} drawn baskets, {given.products:,} products, sets of up to 4, medians of "
        f"{given.rounds}, 2 threads. Whole processes, from a table of baskets to a table of sets. All programs find the same number of "
        "sets of each size.",
        "",
        "| support | sets of 1, 2, 3, 4 | program | CPU s | wall s | peak MB | CPU ÷ shop360 |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with duckdb.connect(str(scratch / "baskets.duckdb")) as con:
            con.execute(_BASKETS.format(baskets=given.baskets, products=given.products))
        for rate in given.rates:
            usages, sets = measure_rate(scratch, rate, given.rounds, python)
            counts = ", ".join(f"{sets.get(size, 0):,}" for size in range(1, 5))
            for name, usage in usages.items():
                ratio = usage.cpu / usages["shop360"].cpu
                lines.append(
                    f"| {rate:g} | {counts} | {name} | {usage.cpu:.1f} | {usage.wall:.1f} | {usage.peak_mb:,.0f} | {ratio:.2f} |"
                )
                print(lines[-1], flush=True)
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
