"""`make bench`: the cost of landing compared with a plain read of the same file, and the cost of a run.

Whole processes are measured alternately, A B A B …, and their medians compared. CPU seconds are
reliable; wall time depends on other load. The last figures are in results.md.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

RESULTS = Path(__file__).with_name("results.md")
SHOP360 = str(Path(sys.executable).with_name("shop360"))

_CONFIG = """\
shop: {id: bench, name: {en: Bench, zh: 测速}, timezone: Asia/Shanghai, currency: CNY}
feeds:
  erp.order_lines:
    - files: lines.csv
      source_system: erp
      columns:
        order_id: 订单编号
        line_id: 子订单编号
        product_id: 商品编码
        product_name: 标题
        quantity: 购买数量
        unit_price: 价格
        merchant_discount_amount: 商家优惠
        paid_amount: 实付
        is_gift: 赠品
        updated_at: 修改时间
"""

_ROWS = """
    select n // 3 as 订单编号, n as 子订单编号, 'P' || hash(n) % 5000 as 商品编码,
        '山茶花 手工皂 𠮷 ' || n % 977 as 标题, 1 + n % 4 as 购买数量,
        (hash(n) % 30000 / 100)::decimal(10, 2) as 价格, (n % 700 / 100)::decimal(10, 2) as 商家优惠,
        (hash(n + 1) % 90000 / 100)::decimal(10, 2) as 实付, '否' as 赠品,
        strftime(timestamp '2026-01-01' + to_seconds(n % 20000000), '%Y-%m-%d %H:%M:%S') as 修改时间
    from range({rows}) as numbers(n)
"""

_BARE = """
import duckdb, sys
con = duckdb.connect(sys.argv[2])
con.execute("set threads = 2")
con.execute(f"create table lines as select * from read_csv('{sys.argv[1]}', all_varchar = true)")
"""


@dataclass(frozen=True)
class Usage:
    """The cost of one process: CPU seconds, wall seconds, peak resident memory in MB."""

    cpu: float
    wall: float
    peak_mb: float


def measure(*command: object, allowed: tuple[int, ...] = (0,), cwd: Path | None = None) -> Usage:
    """Run a command and measure it with its child processes; raises RuntimeError when it fails."""
    started = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, cwd=cwd)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in allowed:
        raise RuntimeError(f"{command} ended with status {status}")
    return Usage(used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024)


def median(usages: list[Usage]) -> Usage:
    """The median of each figure separately."""
    return Usage(
        *(
            statistics.median(getattr(usage, name) for usage in usages)
            for name in ("cpu", "wall", "peak_mb")
        )
    )


def compare_landing(folder: Path, rows: int, repeats: int) -> tuple[Usage, Usage]:
    """Land `rows` GB18030 lines, and read the same lines in UTF-8 into an untyped table."""
    inbox = folder / "inbox"
    inbox.mkdir()
    plain = folder / "plain.csv"
    with duckdb.connect() as con:
        con.execute(f"copy ({_ROWS.format(rows=rows)}) to '{plain}' (header)")
    with (
        plain.open(encoding="utf-8") as source,
        (inbox / "lines.csv").open("w", encoding="gb18030") as target,
    ):
        for line in source:
            target.write(line)
    config = folder / "shop.yml"
    config.write_text(_CONFIG, encoding="utf-8")
    landed, bare = [], []
    for number in range(repeats):
        home = folder / f"home{number}"
        landed.append(
            measure(SHOP360, "land", "--home", home, "--config", config, "--inbox", inbox)
        )
        bare.append(measure(sys.executable, "-c", _BARE, plain, folder / f"bare{number}.duckdb"))
    return median(landed), median(bare)


def measure_runs(folder: Path, customers: int) -> tuple[Usage, Usage]:
    """A first run on the demo shop, and a second one with nothing new."""
    home = folder / "demo"
    measure(SHOP360, "demo", "--customers", customers, "--home", home)
    return measure(SHOP360, "run", "--home", home), measure(SHOP360, "run", "--home", home)


def main() -> None:
    """Measure, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        landed, bare = compare_landing(Path(name), options.rows, options.repeats)
        first, second = measure_runs(Path(name), options.customers)
    lines = [
        "# Figures",
        "",
        f"`make bench`, {os.cpu_count()} cores, DuckDB {duckdb.__version__} with 2 threads.",
        "",
        "| what | CPU s | wall s | peak MB |",
        "|---|---:|---:|---:|",
    ]
    for what, usage in (
        (
            f"land {options.rows:,} order lines: GB18030, typed, checked, with lineage and ledger",
            landed,
        ),
        ("read the same lines in UTF-8 into untyped text, nothing else", bare),
        (f"first run of the demo shop, {options.customers:,} customers", first),
        ("second run, nothing new", second),
    ):
        lines.append(f"| {what} | {usage.cpu:.1f} | {usage.wall:.1f} | {usage.peak_mb:,.0f} |")
    lines += ["", f"Landing costs {landed.cpu / bare.cpu:.1f} times the CPU of a plain read.", ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
