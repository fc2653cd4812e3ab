"""Builds the demo shop's true world in DuckDB: people, orders, money, refunds, visits, advertising.

What the exports look like is in `exports.py`; what is wrong with them in `defects.py`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.demo import calendar, catalogue
from orchestration.system.sql import quoted

SQL = Path(__file__).parent / "sql"
STEPS = ("1_people", "2_orders", "3_money", "4_refunds", "5_traps", "6_identity", "7_web", "9_ads")

# What a visitor does, one letter a step, and how often in a hundred visits.
_PATHS = [
    ("p", 30), ("pl", 8), ("pv", 10), ("plv", 8), ("psv", 6), ("plvv", 6), ("psvv", 5),
    ("plvvf", 4), ("plva", 5), ("psvva", 4), ("plvavp", 3), ("plvac", 2), ("psvac", 2),
    ("plvvvlvv", 3), ("plvvhvv", 2), ("psvvvsva", 2),
]  # fmt: skip
_STEPS = [
    ("p", "page_view", "home", False), ("l", "page_view", "list", False),
    ("s", "search", "search", False), ("v", "view_item", "item", True),
    ("f", "favourite", "item", True), ("h", "share", "item", True),
    ("a", "add_to_cart", "item", True), ("c", "begin_checkout", "checkout", False),
    ("n", "login", "account", False), ("o", "order", "checkout", False),
    ("y", "pay", "checkout", False),
]  # fmt: skip


def run(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run one file of `sql/`."""
    con.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def connect(seed: int, scratch: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the generator's macros; it spills into `scratch`."""
    con = duckdb.connect(
        config={"threads": 2, "memory_limit": "4GB", "temp_directory": str(scratch / "spill")}
    )
    shift = int.from_bytes(hashlib.sha256(str(seed).encode()).digest()[:4], "big") % 100_000_000
    con.execute(f"set variable seed = '{seed}'; set variable shift = {shift}")
    run(con, "0_macros")
    return con


def literal(value: object) -> str:
    """An SQL literal. Bound parameters would make DuckDB import pandas, which takes half a second."""
    match value:
        case None:
            return "null"
        case list():
            return "[" + ", ".join(literal(item) for item in value) + "]"
        case datetime():
            return f"timestamp '{value}'"
        case date():
            return f"date '{value}'"
        case int():
            return str(value)
        case _:
            return quoted(str(value))


def table(
    con: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Sequence]
) -> None:
    """A small table from Python rows."""
    con.execute(f"create table {name} ({columns})")
    arrays = [pa.array(values) for values in zip(*rows, strict=True)]
    batch = pa.table(arrays, names=[f"c{number}" for number in range(len(arrays))])
    con.register("batch", batch)
    con.execute(f"insert into {name} from batch")
    con.unregister("batch")


def _small_tables(con: duckdb.DuckDBPyConnection, last: date) -> None:
    days = calendar.calendar(last)
    first = days[0].day
    rows = [(d.day, number, d.weight, d.festival) for number, d in enumerate(days)]
    table(con, "days", "day date, day_no int, weight double, festival varchar", rows)
    spread = calendar.spread([d.weight for d in days], calendar.BUCKETS)
    table(con, "day_index", "bucket bigint, day_no int", spread)
    con.execute(
        "create table day_buckets as "
        "select bucket, day from day_index inner join days using (day_no)"
    )
    table(con, "hour_buckets", "bucket bigint, hour int", calendar.hours())
    names = {"tmall": "天猫", "douyin": "抖音", "own": "小程序", "jd": "京东", "pdd": "拼多多"}
    table(
        con,
        "shops",
        "shop_no int, platform varchar, platform_name varchar, shop_id varchar,"
        " shop_name varchar, source_system varchar",
        [(n, s[0], names[s[0]], s[1], s[2], s[3]) for n, s in enumerate(catalogue.SHOPS)],
    )
    goods = catalogue.products()
    table(
        con,
        "products",
        "product_no int, product_id varchar, name varchar, category varchar, subcategory varchar,"
        " series varchar, price bigint, cost bigint, category_no int, weight double",
        goods,
    )
    buckets = []
    for category in range(3):
        own = [row for row in goods if row[8] == category and row[9] > 0]
        drawn = calendar.spread([row[9] for row in own], 400)
        buckets += [(category, bucket, own[index][0]) for bucket, index in drawn]
    table(con, "product_buckets", "category_no int, bucket int, product_no int", buckets)
    table(con, "fillers", "gap int, product_no int", catalogue.fillers(goods))
    table(
        con,
        "promotions",
        "code varchar, title varchar, kind varchar, funded_by varchar, threshold int,"
        " discount int, rate double, shops varchar",
        catalogue.PROMOTIONS,
    )
    dated = [(d.day, d.festival) for d in days]
    table(con, "promotion_days", "code varchar, day date", catalogue.promotion_days(dated))
    plans = catalogue.campaigns(first, last)
    table(
        con,
        "campaigns",
        "campaign_no bigint, ad_platform varchar, account_id varchar, source_system varchar,"
        " shop_id varchar, campaign_id varchar, campaign_name varchar, campaign_type varchar,"
        " spend_share double, starts_on date, ends_on date, utm_source varchar,"
        " utm_medium varchar, utm_campaign varchar, referrer varchar",
        plans,
    )
    linked = [p[0] for p in plans if p[4] == "own_store" and p[7] != "festival"]
    web = [(bucket, linked[bucket % len(linked)]) for bucket in range(60)]
    table(con, "web_campaigns", "bucket int, campaign_no bigint", web)
    walks = [path for path, share in _PATHS for _ in range(share)]
    steps = [(b, n, step) for b, path in enumerate(walks) for n, step in enumerate(path)]
    table(con, "paths", "path_bucket int, position int, step varchar", steps)
    table(
        con,
        "steps",
        "step varchar, event_name varchar, page_type varchar, needs_product boolean",
        _STEPS,
    )


def prepare(con: duckdb.DuckDBPyConnection, customers: int, last: date, each: int) -> None:
    """Variables and small tables of the 18 months that end on `last`; STEPS then make the world."""
    first = calendar.first_day(last)
    now = datetime.combine(last + timedelta(days=1), datetime.min.time())
    variables = {
        "customers": customers,
        "each": each,
        "again": f"{last.year - (last.month <= 7)}-{(last.month + 4) % 12 + 1:02d}",
        "days": (last - first).days + 1,
        "buckets": calendar.BUCKETS,
        "first_day": first,
        "now": now,
        **catalogue.WORDS,
    }
    for name, value in variables.items():
        con.execute(f"set variable {name} = {literal(value)}")
    _small_tables(con, last)
