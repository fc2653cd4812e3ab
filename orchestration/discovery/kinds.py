"""The kind of a column by the share of its cells that fit a pattern or can be read as a type.

The cells are in the temporary table `cells`, column v.
"""

import re

import duckdb

from orchestration.landing.check import parsing
from orchestration.system.sql import quoted

_PATTERNS = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "phone": r"(\+?86[- ]?)?1[3-9][0-9]{9}(-[0-9]{1,4})?|\+?[0-9]{1,3}[ -]?\(?[0-9]{1,4}\)?([ -]?[0-9]{2,4}){2,4}",
    "masked": r".*\*{2,}.*|##.*|\$\$.*",
    "url": r"(https?://|www\.)\S+",
    "slashed": r"[0-9]{1,2}([/.-])[0-9]{1,2}[/.-]([0-9]{4}|[0-9]{2})([ T].*)?",
    "percent": r"[+-]?[0-9.,]+ ?%",
    "scientific": parsing.SCIENTIFIC_ID,
    "epoch_s": "[1-9][0-9]{9}",
    "epoch_ms": "[1-9][0-9]{12}",
    "epoch_us": "[1-9][0-9]{15}",
    "compact": r"(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([0-9]{6}|[0-9]{4})?",
    "serial": r"[34][0-9]{4}([.][0-9]+)?",
    "zeros": "0[0-9]+",
    "float_tail": r"[0-9]{6,}\.0+",
    "digits": "[0-9]+",
    "comma": r"[+-]?([0-9]{1,3}([. ][0-9]{3})+|[0-9]+),[0-9]{1,2}",
    "point": r"[+-]?[0-9]+[.][0-9]+|[+-]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+",
    "clock": ".*[0-9]{1,2}[:时][0-9]{2}.*",
    "negative": r"-[0-9.].*|\(.*[0-9]\)",
}
_TRUTH = {"1", "0", "true", "false", "t", "f", "yes", "no", "y", "n", "是", "否", "有", "无"}


def shares(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The share of the cells that fit each pattern and each type."""
    tests = {name: f"regexp_full_match(v, {quoted(text)})" for name, text in _PATTERNS.items()}
    tests["number"] = f"{parsing.number('v', 'decimal(18,4)')} is not null"
    tests["whole"] = f"{parsing.number('v', 'bigint')} is not null"
    tests["time"] = f"{parsing.timestamp('v', (), 'UTC', True)} is not null"
    tests["truth"] = "lower(v) in ({})".format(", ".join(map(quoted, sorted(_TRUTH))))
    tests["long"] = "length(v) > 40"
    tests["epoch_day"] = "try_cast(v as bigint) between 946684800 and 2051222400"
    tests["epoch_ms_day"] = "try_cast(v as bigint) between 946684800000 and 2051222400000"
    columns = ", ".join(
        f"coalesce(avg(case when {test} then 1.0 else 0.0 end), 0)" for test in tests.values()
    )
    [found] = con.execute(f"select {columns} from cells").fetchall()
    return dict(zip(tests, map(float, found), strict=True))


_TIME_WORDS = re.compile(r"time|date|day|_at$|_on$|created|updated|时间|日期|日$", re.IGNORECASE)
_PHONE_WORDS = re.compile(r"phone|mobile|tel|cell|手机|电话|联系", re.IGNORECASE)
_MOST = 0.9
"""The share of cells that a kind must have; the others are errors that landing refuses one by one."""


def kind(
    header: str, seen: dict[str, float], distinct: int, rows: int
) -> tuple[str, float, tuple[str, ...]]:
    """The kind of a column, the share of cells that have it, and the formats that landing must be given."""
    if not any(seen.values()) and not distinct:
        return "empty", 0.0, ()
    says_time = bool(_TIME_WORDS.search(header))
    for name in ("email", "url"):
        if seen[name] >= _MOST:
            return name, seen[name], ()
    if seen["masked"] > 0.5:
        return "masked", seen["masked"], ()
    if seen["slashed"] >= _MOST:
        return ("timestamp" if seen["clock"] > 0.5 else "date"), seen["slashed"], ()
    if seen["compact"] >= _MOST and (
        says_time or (distinct > 1 and seen["digits"] > 0.9 and seen["time"] >= _MOST)
    ):
        return "date", seen["time"], ()
    if says_time and seen["epoch_ms"] >= _MOST and seen["epoch_ms_day"] >= _MOST:
        return "epoch_ms", seen["epoch_ms"], ("epoch_ms",)
    if says_time and seen["epoch_us"] >= _MOST:
        return "epoch_us", seen["epoch_us"], ("epoch_us",)
    if says_time and seen["epoch_s"] >= _MOST and seen["epoch_day"] >= _MOST:
        return "epoch_s", seen["epoch_s"], ("epoch_s",)
    if says_time and seen["serial"] >= _MOST:
        return "timestamp", seen["serial"], ("excel",)
    if seen["time"] >= 0.8 and seen["digits"] < 0.5:
        return ("timestamp" if seen["clock"] > 0.5 else "date"), seen["time"], ()
    if seen["phone"] >= 0.8 and (seen["digits"] < 0.5 or _PHONE_WORDS.search(header)):
        return "phone", seen["phone"], ()
    if seen["percent"] > 0.5:
        return "percent", seen["number"], ()
    if seen["truth"] >= 0.99 and distinct <= 2 and seen["digits"] < 1:
        return "boolean", seen["truth"], ()
    if max(seen["number"], seen["comma"]) >= _MOST:
        return (
            ("integer" if seen["whole"] >= _MOST else "decimal"),
            max(seen["number"], seen["comma"]),
            (),
        )
    return "text", 1.0, ()


def day_order(con: duckdb.DuckDBPyConnection) -> str:
    """Which part of 03/04/2024 is the day, if any date decides it."""
    part = r"'^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]'"
    [(first, second)] = con.execute(
        f"select max(try_cast(regexp_extract(v, {part}, 1) as int)), "
        f"max(try_cast(regexp_extract(v, {part}, 2) as int)) from cells"
    ).fetchall()
    first, second = first or 0, second or 0
    if first > 12 and second > 12:
        return "mixed"
    return "day_first" if first > 12 else "month_first" if second > 12 else "unknown"


def slashed_formats(con: duckdb.DuckDBPyConnection, order: str) -> tuple[str, ...]:
    """The strptime formats of such dates, the more frequent first."""
    [(sign, year, clock, seconds, half)] = con.execute(
        "select mode(regexp_extract(v, '^[0-9]{1,2}([/.-])', 1)), "
        "mode(case when regexp_matches(v, '^[0-9]+[/.-][0-9]+[/.-][0-9]{4}') then '%Y' else '%y' end), "
        "avg(case when contains(v, ':') then 1 else 0 end), "
        "avg(case when regexp_matches(v, ':[0-9]{2}:[0-9]{2}') then 1 else 0 end), "
        "avg(case when regexp_matches(v, '(?i)[ap]m') then 1 else 0 end) from cells"
    ).fetchall()
    parts = ("%m", "%d") if order == "month_first" else ("%d", "%m")
    day = sign.join((*parts, year))
    hour = "%I" if half > 0.5 else "%H"
    times = [f"{day} {hour}:%M:%S" if seconds > 0.5 else f"{day} {hour}:%M"] if clock else []
    if times and half > 0.5:
        times[0] += " %p"
    return (*times, day) if clock < 1 else tuple(times)


def dangers(seen: dict[str, float], kind: str) -> tuple[str, ...]:
    """What a spreadsheet or a program has done to ids, or will do."""
    found = []
    if seen["scientific"]:
        found.append("scientific notation: a spreadsheet has destroyed these ids")
    if seen["float_tail"] and kind != "decimal":
        found.append("ids end in .0: a program has read them as decimals")
    if kind not in ("phone", "date", "timestamp") and seen["zeros"] > 0:
        found.append("leading zeros: a spreadsheet removes them")
    return tuple(found)
