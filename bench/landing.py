"""`python -m bench.landing`: the cost of landing files, beside DuckDB's own read of the same files.

An order export of 12 columns lands from csv in UTF-8, csv in GB18030, Parquet, and 300 small files, into the warehouse
and into the lake. DuckDB reads the same rows into a table of text, and into one of the types that it guesses.
Commands run one after the other, A B A B …, and their medians are compared. The last figures are in landing.md.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.usage import SHOP360, Usage, measure, median

RESULTS = Path(__file__).with_name("landing.md")
SMALL_FILES, SMALL_ROWS = 300, 500

_CONFIG = """\
shop: {id: bench, name: {en: Bench, zh: 测速}, timezone: Asia/Shanghai, currency: CNY}
feeds:
  erp.orders:
    - files: orders*.*
      source_system: taobao
      columns:
        order_id: 订单编号
        platform_buyer_id: 买家编号
        status: {from: 订单状态, map: {交易成功: completed, 交易关闭: cancelled}}
        list_amount: 总金额
        merchant_discount_amount: 商家优惠
        shipping_amount: 邮费
        paid_amount: 买家实付
        province: 省份
        phone: 联系手机
        ordered_at: 订单创建时间
        paid_at: 订单付款时间
        updated_at: 修改时间
"""

# Of every order: when it was placed, then what follows from its number.
_ROWS = """
    select '26' || (1000000000 + n) as 订单编号, 'b' || hash(n) % ({rows} // 4 + 1) as 买家编号,
        if(n % 20 = 0, '交易关闭', '交易成功') as 订单状态,
        (hash(n) % 90000 / 100)::decimal(10, 2) as 总金额, (n % 700 / 100)::decimal(10, 2) as 商家优惠,
        (n % 12)::decimal(10, 2) as 邮费, (hash(n + 1) % 90000 / 100)::decimal(10, 2) as 买家实付,
        '浙江省' as 省份, '139****' || (1000 + n % 9000) as 联系手机,
        {moment} as 订单创建时间, {moment} + interval 5 minute as 订单付款时间,
        {moment} + interval 26 hour as 修改时间
    from range({rows}) as numbers(n)
"""
_MOMENT = "timestamp '2025-06-01' + to_seconds(n * 31000000 // {rows})"

_READ = """
import duckdb, sys
con = duckdb.connect(sys.argv[2])
con.execute("set threads = 2")
con.execute(f"create table orders as select * from {sys.argv[1]}")
"""


@dataclass(frozen=True)
class Input:
    """One kind of export: its folder, and how DuckDB reads it as text and with types."""

    name: str
    folder: Path
    as_text: str
    typed: str


def inputs(folder: Path, rows: int) -> list[Input]:
    """Write the same rows in every format; DuckDB reads GB18030 after a conversion that is not measured."""
    source = _ROWS.format(rows=rows, moment=_MOMENT.format(rows=rows))
    utf8, gb18030, parquet, small = (
        folder / name for name in ("utf8", "gb18030", "parquet", "small")
    )
    for one in (utf8, gb18030, parquet, small):
        one.mkdir()
    with duckdb.connect() as con:
        con.execute(f"copy ({source}) to '{utf8}/orders.csv' (header)")
        con.execute(f"copy ({source}) to '{parquet}/orders.parquet'")
        for number in range(SMALL_FILES):
            part = f"select * from ({source}) limit {SMALL_ROWS} offset {number * SMALL_ROWS}"
            con.execute(f"copy ({part}) to '{small}/orders{number:03}.csv' (header)")
    with (
        (utf8 / "orders.csv").open(encoding="utf-8") as lines,
        (gb18030 / "orders.csv").open("w", encoding="gb18030") as target,
    ):
        target.writelines(lines)
    csv, many = f"'{utf8}/orders.csv'", f"'{small}/*.csv'"
    text = "read_csv({}, all_varchar = true)"
    return [
        Input(f"csv UTF-8, {rows:,} rows", utf8, text.format(csv), csv),
        Input(f"csv GB18030, {rows:,} rows", gb18030, text.format(csv), csv),
        Input(f"Parquet, {rows:,} rows", parquet, *([f"'{parquet}/orders.parquet'"] * 2)),
        Input(f"{SMALL_FILES} csv of {SMALL_ROWS} rows", small, text.format(many), many),
    ]


def compare(folder: Path, one: Input, repeats: int) -> list[Usage]:
    """Landing into the warehouse, landing into the lake, DuckDB's read of text, its typed read."""
    config = folder / "shop.yml"
    config.write_text(_CONFIG, encoding="utf-8")
    found: list[list[Usage]] = [[], [], [], []]
    for number in range(repeats):
        for place, target in enumerate(("duckdb", "spark")):
            home = folder / f"{one.folder.name}-{target}-{number}"
            measure(SHOP360, "init", "--home", home, "--config", config, "--inbox", one.folder)
            landing = ("land", "--home", home, "--config", config, "--inbox", one.folder)
            found[place].append(measure(SHOP360, *landing, "--target", target))
        for place, relation in enumerate((one.as_text, one.typed), start=2):
            file = folder / f"{one.folder.name}-{place}-{number}.duckdb"
            found[place].append(measure(sys.executable, "-c", _READ, relation, file))
    return [median(usages) for usages in found]


def lines_of(folder: Path, rows: int, repeats: int) -> Iterator[str]:
    """A line of the table for every kind of input."""
    for one in inputs(folder, rows):
        warehouse, lake, text, typed = compare(folder, one, repeats)
        cells = [
            one.name,
            *(f"{usage.cpu:.1f}" for usage in (warehouse, lake, text, typed)),
            f"{warehouse.cpu / text.cpu:.1f}",
            f"{warehouse.cpu / typed.cpu:.1f}",
            f"{lake.cpu / text.cpu:.1f}",
            *(f"{usage.peak_mb:,.0f}" for usage in (warehouse, lake, text)),
        ]
        yield f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="a place with room; else the temporary folder")
    given = parser.parse_args(arguments)
    lines = [
        "# Landing",
        "",
        f"`python -m bench.landing --rows {' '.join(map(str, given.rows))} --repeats {given.repeats}`, "
        f"{os.cpu_count()} cores, DuckDB {duckdb.__version__} with 2 threads. CPU seconds of whole processes; landing "
        "includes the start of the program, types, checks, lineage, the archive and the ledger. Text and typed are "
        "DuckDB's own reads of the same rows in UTF-8, or of the Parquet file, into a table.",
        "",
        "| input | warehouse | lake | text | typed | warehouse : text | warehouse : typed | lake : text "
        "| peak MB warehouse | lake | text |",
        f"|---|{'---:|' * 10}",
    ]
    for rows in given.rows:
        with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
            for line in lines_of(Path(scratch), rows, given.repeats):
                print(line, flush=True)
                lines.append(line)
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
