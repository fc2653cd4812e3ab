"""Copies of a fixture's export with the faults that exports get on their way: one function for each kind."""

import copy
import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from profile_fixtures import Export, Fixture

from orchestration.config.contract import load_contract
from orchestration.config.mapping import FeedMapping
from orchestration.config.mapping_check import Checker
from orchestration.landing.check.cells import is_identifier, is_number
from orchestration.landing.read import headers

SCIENTIFIC = "2.50623E+18"
_DATE = re.compile(r"(\d{4})([-/]?)(\d{1,2})\2(\d{1,2})(?!\d)")


@dataclass(frozen=True)
class Mangled:
    """A copy: its bytes, and the header that was changed."""

    content: bytes
    header: str = ""


def mapping_of(given: Fixture) -> FeedMapping:
    """The profile as a mapping of shop.yml."""
    feed = load_contract()[given.export.feed]
    entry = {"files": "x", "profile": given.export.profile, **given.mapping}
    checker = Checker()
    mapping = checker.mapping(feed, entry, "x", {"shop_id": "s", "timezone": "UTC"})
    assert mapping is not None, checker.problems
    return mapping


def missing_header(given: Fixture) -> Mangled:
    """Without the headers of a required column."""
    header, present = _required(given)
    export = given.export
    if export.is_json:
        return Mangled(_json(export, present, lambda _: None).content(), header)
    places = {headers.find(one, headers.index_of(export.headers())) for one in present}
    lines = [
        export.joined([cell for i, cell in enumerate(export.split(line)) if i not in places])
        for line in (export.header, *export.rows)
    ]
    return Mangled(
        replace(export, header=lines[0], rows=tuple(lines[1:]), below=()).content(), header
    )


def renamed_header(given: Fixture) -> Mangled | None:
    """With another name for the headers of an optional column; None where all columns are required."""
    found = _optional(given)
    if found is None:
        return None
    header, present = found
    export = given.export
    if export.is_json:
        return Mangled(_json(export, present, lambda key: f"{key}_v2").content(), header)
    index = headers.index_of(export.headers())
    names = export.headers()
    for one in present:
        place = headers.find(one, index)
        assert place is not None
        names[place] = f"{one}_v2"
    return Mangled(replace(export, header=export.joined(names)).content(), header)


def totals_row(given: Fixture) -> Mangled | None:
    """With a row of totals, twice; None for JSON, whose objects are never totals."""
    export = given.export
    if export.is_json:
        return None
    mapping, feed = mapping_of(given), load_contract()[export.feed]
    index = headers.index_of(export.headers())
    cells = ["合计", *[""] * (len(export.headers()) - 1)]
    for name, spec in mapping.columns.items():
        for header in spec.headers:
            place = headers.find(header, index)
            if place and is_number(feed.columns[name]):
                cells[place] = "12"
    total = export.joined(cells)
    return Mangled(replace(export, below=(total, total, *export.below)).content())


def torn_bytes(given: Fixture) -> Mangled:
    """With a character of which a byte is gone; where rows are all ASCII, a lead byte stands alone."""
    content = given.export.content()
    last = given.export.rows[-1]
    text = json_line(given.export, last)
    start = at = content.rindex(text.encode(given.export.encoding))
    for letter in text:
        size = len(letter.encode(given.export.encoding))
        if size > 1:
            return Mangled(content[: at + size - 1] + content[at + size :])
        at += size
    place = content.rindex(b'"', start, at) if given.export.is_json else at - 1
    return Mangled(content[:place] + b"\xe6" + content[place:])


def json_line(export: Export, row: Any) -> str:
    """A row as its line in the file."""
    return export.with_rows([row]).lines()[-1] if export.is_json else row


def scientific_id(given: Fixture) -> Mangled | None:
    """With an id that a spreadsheet turned into a power of ten; None where no id is in the file."""
    mapping, feed = mapping_of(given), load_contract()[given.export.feed]
    export = given.export
    row = copy.deepcopy(export.rows[_ONE_RECORD.get(export.profile, -1)])
    index = headers.index_of(export.headers())
    for name, spec in mapping.columns.items():
        column = feed.columns[name]
        present = [h for h in spec.headers if headers.find(h, index) is not None]
        if not present or not name.endswith("_id") or not is_identifier(column, feed.key):
            continue
        if export.is_json:
            if not _set(row, present[0], float(SCIENTIFIC)):
                continue
        else:
            cells = export.split(row)
            cells[headers.find(present[0], index) or 0] = SCIENTIFIC
            row = export.joined(cells)
        return Mangled(export.with_rows([*export.rows[:-1], row]).content(), present[0])
    return None


_ONE_RECORD = {
    "kuaimai_refunds": 1,
    "wangdiantong_stock": 0,
    "wechat_pay_bill": 0,
    "weixin_shop_lines": 1,
}
"""A row that is one record, where the last row of the fixture is none."""


def swapped_days(given: Fixture) -> Mangled | None:
    """A month of rows whose days up to 12 a spreadsheet took for months; None without dates as text."""
    export = given.export
    row = next((one for one in given.export.rows if _taken(given, one)), None)
    if row is None:
        return None
    rows = []
    for day in range(1, 29):
        swapped = day if day > 12 else 6
        month = 6 if day > 12 else day
        rows.append(_dated(given, row, dt.date(2024, month, swapped)))
    return Mangled(replace(export, rows=tuple(rows), below=()).content())


KINDS: dict[str, Callable[[Fixture], Mangled | None]] = {
    "missing_header": missing_header,
    "renamed_header": renamed_header,
    "totals_row": totals_row,
    "torn_bytes": torn_bytes,
    "scientific_id": scientific_id,
    "swapped_days": swapped_days,
}


def _required(given: Fixture) -> tuple[str, list[str]]:
    """The first wanted header of the last required column, and those of its headers that the file has."""
    want = headers.wanted(mapping_of(given), load_contract()[given.export.feed])
    group = [group for name, group in want.required if name != "where"][-1]
    return group[0], _present(given.export, group)


def _optional(given: Fixture) -> tuple[str, list[str]] | None:
    want = headers.wanted(mapping_of(given), load_contract()[given.export.feed])
    needed = {header for _, group in want.required for header in group}
    for name, group in want.optional:
        present = _present(given.export, group)
        if present and name != "fill_down" and not needed & {*group}:
            return group[0], present
    return None


def _present(export: Export, group: Sequence[str]) -> list[str]:
    index = headers.index_of(export.headers())
    return [header for header in group if headers.find(header, index) is not None]


def _json(export: Export, paths: Sequence[str], new: Callable[[str], str | None]) -> Export:
    """The objects with other keys at the ends of the paths, or without them."""
    rows = copy.deepcopy(export.rows)
    for row in rows:
        for path in paths:
            for holder in _holders(row, path.split(".")):
                _rename(holder, path.rsplit(".", 1)[-1], new)
    return export.with_rows(rows)


def _rename(holder: Any, key: str, new: Callable[[str], str | None]) -> None:
    if isinstance(holder, list):
        for pair in [one for one in holder if isinstance(one, dict) and one.get("key") == key]:
            pair["key"] = new(key) or ""
    elif key in holder:
        value, name = holder.pop(key), new(key)
        if name:
            holder[name] = value


def _holders(row: Any, parts: Sequence[str]) -> list[Any]:
    """The objects that have the last part as a key: several where a part is a list, or the list of pairs."""
    if len(parts) == 1:
        return [row] if isinstance(row, dict) else []
    inner = row.get(parts[0]) if isinstance(row, dict) else None
    if isinstance(inner, list):
        if len(parts) == 2 and any(isinstance(one, dict) and "key" in one for one in inner):
            return [inner]
        return [holder for one in inner for holder in _holders(one, parts[1:])]
    return _holders(inner, parts[1:])


def _set(row: Any, path: str, value: Any) -> bool:
    holders = [one for one in _holders(row, path.split(".")) if isinstance(one, dict)]
    if not holders:
        return False
    holders[-1][path.rsplit(".", 1)[-1]] = value
    return True


def _date_headers(given: Fixture) -> list[str]:
    mapping, feed = mapping_of(given), load_contract()[given.export.feed]
    return [
        header
        for name, spec in mapping.columns.items()
        if feed.columns[name].data_type in ("date", "timestamp")
        for header in _present(given.export, spec.headers)
    ]


def _taken(given: Fixture, row: Any) -> bool:
    """Whether a date of the row is text, in the row of a record that the mapping takes."""
    texts = [value for value in _values(given, row) if isinstance(value, str)]
    line = json_line(given.export, row)
    if _OTHER_ROWS.get(given.export.profile, "") not in line:
        return False
    return any(_DATE.match(text) for text in texts)


_OTHER_ROWS = {
    "jd_refunds": "支出",
    "douyin_settlement_refunds": "退款",
    "wechat_pay_bill_refunds": "REFUND",
    "wechat_pay_refunds": "REFUND",
    "alipay_refunds": "退款",
    "shopify_refunds": "refund",
    "shopify_orders": "#1002",
    "wangdiantong_orders": "JY2",
}
"""A word of the rows that a profile takes and that state the watched date as local text, where the first row does not."""


def _values(given: Fixture, row: Any) -> list[Any]:
    found = []
    for header in _date_headers(given):
        if given.export.is_json:
            holders = [one for one in _holders(row, header.split(".")) if isinstance(one, dict)]
            found += [one.get(header.rsplit(".", 1)[-1]) for one in holders]
        else:
            place = headers.find(header, headers.index_of(given.export.headers()))
            cells = given.export.split(row)
            found.append(
                cells[place].lstrip("`") if place is not None and place < len(cells) else ""
            )
    return found


def _dated(given: Fixture, row: Any, day: dt.date) -> Any:
    """The row with another day in every cell of a date."""

    def moved(text: str) -> str:
        new = f"{day.year}\\g<2>{day.month:02}\\g<2>{day.day:02}"
        return _DATE.sub(new, text, count=1)

    if given.export.is_json:
        row = copy.deepcopy(row)
        for header in _date_headers(given):
            key = header.rsplit(".", 1)[-1]
            for holder in _holders(row, header.split(".")):
                if isinstance(holder, dict) and isinstance(holder.get(key), str):
                    holder[key] = moved(holder[key])
        return row
    cells = given.export.split(row)
    index = headers.index_of(given.export.headers())
    for header in _date_headers(given):
        place = headers.find(header, index)
        if place is not None:
            cells[place] = moved(cells[place])
    return given.export.joined(cells)
