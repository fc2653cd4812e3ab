"""The small tables of the demo's world: days, hours, traits to draw, products, promotions, campaigns, paths."""

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from orchestration.demo import calendar, catalogue, effects, traits

# What a visitor does, one letter a step, and how often in a hundred visits; carts come last.
_PATHS = [
    ("p", 30), ("pl", 8), ("pv", 10), ("plv", 8), ("psv", 6), ("plvv", 6), ("psvv", 5),
    ("plvvf", 4), ("plvvvlvv", 3), ("plvvhvv", 2), ("plva", 5), ("psvva", 4), ("plvavp", 3),
    ("plvac", 2), ("psvac", 2), ("psvvvsva", 2),
]  # fmt: skip
_STEPS = [
    ("p", "page_view", "home", False), ("l", "page_view", "list", False),
    ("s", "search", "search", False), ("v", "view_item", "item", True),
    ("f", "favourite", "item", True), ("h", "share", "item", True),
    ("a", "add_to_cart", "item", True), ("c", "begin_checkout", "checkout", False),
    ("n", "login", "account", False), ("o", "order", "checkout", False),
    ("y", "pay", "checkout", False),
]  # fmt: skip


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


def write(con: duckdb.DuckDBPyConnection, last: date) -> None:
    """Make all small tables of the 18 months that end on `last`."""
    days = calendar.calendar(last)
    dated = [(d.day, d.festival) for d in days]
    promoted = catalogue.promotion_days(dated)
    _days(con, days, {day for code, day in promoted if code != "VIP90"})
    _hours_and_draws(con)
    _shops(con)
    _products(con, catalogue.products())
    table(
        con,
        "promotions",
        "code varchar, title varchar, kind varchar, funded_by varchar, threshold int,"
        " discount int, rate double, shops varchar",
        catalogue.PROMOTIONS,
    )
    table(con, "promotion_days", "code varchar, day date", promoted)
    _campaigns(con, days[0].day, last)
    _effects(con)
    _visits(con)


def _days(con: duckdb.DuckDBPyConnection, days: list[calendar.Day], promoted: set[date]) -> None:
    """Days and, for every group of people, buckets that turn a uniform number into a day."""
    rows = [(d.day, number, d.weight, d.festival) for number, d in enumerate(days)]
    table(con, "days", "day date, day_no int, weight double, festival varchar", rows)
    kinds = traits.calendars(
        [d.weight for d in days],
        [bool(d.festival) for d in days],
        [d.day in promoted for d in days],
    )
    spread = [
        (kind, *pair)
        for kind, weights in kinds
        for pair in calendar.spread(weights, calendar.BUCKETS)
    ]
    table(con, "day_index", "calendar varchar, bucket bigint, day_no int", spread)
    con.execute(
        "create table day_buckets as "
        "select calendar, bucket, day from day_index inner join days using (day_no)"
    )


def _hours_and_draws(con: duckdb.DuckDBPyConnection) -> None:
    table(con, "hour_buckets", "hour_group varchar, bucket bigint, hour int", calendar.hours())
    parts = [(hour, calendar.hour_group(hour)) for hour in range(24)]
    table(con, "hour_groups", "hour int, hour_group varchar", parts)
    columns = "draw bigint, rate double, dropout double, price_level double"
    table(con, "draws", columns, traits.draws())


def _shops(con: duckdb.DuckDBPyConnection) -> None:
    names = {"tmall": "天猫", "douyin": "抖音", "own": "小程序", "jd": "京东", "pdd": "拼多多"}
    table(
        con,
        "shops",
        "shop_no int, platform varchar, platform_name varchar, shop_id varchar,"
        " shop_name varchar, source_system varchar",
        [(n, s[0], names[s[0]], s[1], s[2], s[3]) for n, s in enumerate(catalogue.SHOPS)],
    )


def _products(con: duckdb.DuckDBPyConnection, goods: list[tuple]) -> None:
    """Products, and buckets to draw them from: for each category and step of the price level."""
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
        weights, prices = [row[9] for row in own], [row[6] for row in own]
        for step, level in traits.price_steps():
            drawn = calendar.spread(traits.tilted(weights, prices, level), 400)
            buckets += [(category, step, bucket, own[index][0]) for bucket, index in drawn]
    columns = "category_no int, price_step int, bucket int, product_no int"
    table(con, "product_buckets", columns, buckets)
    table(con, "fillers", "gap int, product_no int", catalogue.fillers(goods))


def _campaigns(con: duckdb.DuckDBPyConnection, first: date, last: date) -> None:
    plans = catalogue.campaigns(first, last)
    table(
        con,
        "campaigns",
        "campaign_no bigint, ad_platform varchar, account_id varchar, source_system varchar,"
        " shop_id varchar, campaign_id varchar, campaign_name varchar, campaign_type varchar,"
        " sales_share double, starts_on date, ends_on date, utm_source varchar,"
        " utm_medium varchar, utm_campaign varchar, referrer varchar",
        plans,
    )
    columns = "mix varchar, bucket int, origin varchar, campaign_no bigint"
    table(con, "origins", columns, effects.origins(plans))


def _effects(con: duckdb.DuckDBPyConnection) -> None:
    columns = (
        "ad_platform varchar, number bigint, daily_fen double, pause_share double,"
        " carry_over double, slope double, half_ratio double"
    )
    table(con, "responses", columns, effects.RESPONSES)
    table(con, "own_needs", "need varchar, start double, share double", effects.own_needs())
    sets = [(n, p) for n, products in enumerate(catalogue.PLANTED_SETS) for p in products]
    table(con, "planted_sets", "set_no int, product_no int", sets)


def _visits(con: duckdb.DuckDBPyConnection) -> None:
    walks = [path for path, share in _PATHS for _ in range(share)]
    steps = [(b, n, step) for b, path in enumerate(walks) for n, step in enumerate(path)]
    table(con, "paths", "path_bucket int, position int, step varchar", steps)
    table(
        con,
        "steps",
        "step varchar, event_name varchar, page_type varchar, needs_product boolean",
        _STEPS,
    )
