"""From cells to the text of each contract column, and from text to its type: one SQL each.

`x<i>` is the cleaned cell of header i; `_t_<column>` the text of a contract column.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from orchestration.config.contract import Column, Feed
from orchestration.config.mapping import ColumnSpec, FeedMapping, Lookup
from orchestration.landing.check import parsing
from orchestration.landing.read import headers
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import among, ident, quoted

# Blanks, control characters such as U+001F, and invisible marks of direction.
_SPACE = "".join(
    map(
        chr,
        [*range(1, 33), 127, 0xA0, 0xAD, *range(0x200B, 0x2010), 0x202F, 0x2060, 0x3000, 0xFEFF],
    )
)
_ENTITY = "(&nbsp;|&#160;|&#xA0;)"
# Letters, digits and hanzi: a cell that begins and ends with one has nothing to clean, and most cells do.
_CLEAN_START = ((48, 57), (65, 95), (97, 126), (0x3041, 0xFDFF))
_CLEAN_END = (("0", ":"), ("<", "~"), ("\u3041", "\ufdff"))
_EXCEL_TEXT = "^(?:'([^' ]*[0-9][^' ]*)|`(.*))$"
_EXCEL_FORMULA = '^="(.*)"$'


def text_of(column: str) -> str:
    """The name under which a column's text travels."""
    return ident(f"_t_{column}")


def tidy(cell: str) -> str:
    """The cell without outer blanks, invisible marks, and a leading `, ' or ="…" that keeps a text a text."""
    marks = quoted(_SPACE)
    bare = f"regexp_replace(trim({cell}, {marks}), '^{_ENTITY}+|{_ENTITY}+$', '', 'gi')"
    bare = f"regexp_replace(trim({bare}, {marks}), {quoted(_EXCEL_FORMULA)}, '\\1')"
    bare = f"trim(regexp_replace({bare}, {quoted(_EXCEL_TEXT)}, '\\1\\2'), {marks})"
    begins = " or ".join(f"ascii({cell}) between {low} and {high}" for low, high in _CLEAN_START)
    ends = " or ".join(
        f"{cell}[-1] between {quoted(low)} and {quoted(high)}" for low, high in _CLEAN_END
    )
    return f"case when ({begins}) and ({ends}) then {cell} else {bare} end"


def nulled(cell: str, nulls: Sequence[str]) -> str:
    """NULL where the cell is a word that says nothing."""
    return f"case when {among(cell, ['', *nulls])} then null else {cell} end"


class Cells:
    """The text of every contract column for one file of one mapping."""

    def __init__(
        self, feed: Feed, mapping: FeedMapping, file_headers: list[str], file: str
    ) -> None:
        self.feed, self.mapping, self.headers, self.file = feed, mapping, file_headers, file
        self.index = headers.index_of(file_headers)
        self.lookups: list[tuple[str, Lookup, str]] = []
        self.texts = {name: self._text(name, spec) for name, spec in mapping.columns.items()}

    def position(self, names: Sequence[str]) -> int | None:
        """Position of the first of these headers that the file has."""
        found = (headers.find(name, self.index) for name in names)
        return next((i for i in found if i is not None), None)

    @property
    def used(self) -> list[int]:
        """Positions of all headers that the mapping reads, and the first cell (total rows say so there)."""
        groups = [group for spec in self.mapping.columns.values() for group in spec.groups]
        found = {self.position(group) for group in groups}
        found |= {self.position((header,)) for header in self.mapping.where}
        return sorted({0, *(i for i in found if i is not None)})

    @cached_property
    def absent(self) -> list[str]:
        """Columns of which the file lacks a header."""
        return [name for name in self.mapping.columns if self.lacking(name)]

    def lacking(self, column: str) -> tuple[str, ...]:
        """The headers of a column of which the file has none; for a join the first such."""
        groups = self.mapping.columns[column].groups
        return next((group for group in groups if self.position(group) is None), ())

    def label(self, column: str) -> str:
        """How an error calls the column: its name and the header that it came from."""
        spec = self.mapping.columns.get(column)
        places = [self.position(group) for group in spec.groups] if spec else []
        shown = " + ".join(self.headers[i] for i in places if i is not None)
        return f"{column} ({shown})" if shown and shown != column else column

    def headers_of(self, column: str) -> str:
        """The headers of the file that a column is made of, in one spelling; empty for a constant."""
        places = (self.position(group) for group in self.mapping.columns[column].groups)
        found = {headers.normal(self.headers[i]) for i in places if i is not None}
        return " + ".join(sorted(found))

    def _cell(self, names: Sequence[str]) -> str:
        place = self.position(names)
        return "cast(null as varchar)" if place is None else f"x{place}"

    def _text(self, name: str, spec: ColumnSpec) -> str:
        if spec.const is not None:
            return quoted(spec.const) if spec.const != "" else "cast(null as varchar)"
        if spec.file_name:
            text = self._from_file_name(spec.file_name)
        elif spec.join:
            parts = ", ".join(self._cell((part,)) for part in spec.join)
            text = f"nullif(concat_ws({quoted(spec.separator)}, {parts}), '')"
        elif spec.hash_of:
            parts = ", ".join(f"coalesce({self._cell((part,))}, '')" for part in spec.hash_of)
            text = f"md5(concat_ws(chr(31), {parts}))"
        else:
            text = self._cell(spec.headers)
        for pattern, replacement in spec.replace.items():
            text = f"regexp_replace({text}, {quoted(pattern)}, {quoted(replacement)}, 'g')"
        if spec.replace:
            text = f"nullif(trim({text}), '')"
        return self._mapped(name, spec, text)

    def _from_file_name(self, pattern: str) -> str:
        found = re.search(pattern, PurePosixPath(self.file).name)
        if not found:
            raise FileRejected(f"{self.file}: its name does not match {pattern!r} of shop.yml")
        return quoted(found.group(1) if found.groups() else found.group(0))

    def _mapped(self, name: str, spec: ColumnSpec, text: str) -> str:
        if spec.map is None or (spec.headers and self.position(spec.headers) is None):
            # The word for blank cells is not for a column that the file lacks.
            return text
        otherwise = {"keep": text, "null": "null"}.get(spec.otherwise, quoted(spec.otherwise))
        if isinstance(spec.map, Lookup):
            alias = f"lookup_{len(self.lookups)}"
            self.lookups.append((alias, spec.map, text))
            return f"case when {alias}.k is not null then {alias}.v else {otherwise} end"
        branches = " ".join(
            f"when {quoted(old)} then {'null' if new == 'null' else quoted(new)}"
            for old, new in spec.map.items()
        )
        blank = spec.map.get("")
        absent = f"when {text} is null then {quoted(blank)} " if blank not in (None, "null") else ""
        if otherwise not in (text, "null"):
            absent = absent or f"when {text} is null then null "
        simple = f"case {text} {branches} else {otherwise} end"
        return f"case {absent}else {simple} end" if absent else simple


def is_number(column: Column) -> bool:
    """Whether a column holds numbers."""
    return column.data_type not in ("string", "date", "timestamp", "boolean")


def typed(
    column: Column, spec: ColumnSpec | None, text: str, zone: str, iso: bool, shop_zone: str = ""
) -> str:
    """The contract's type from the text, NULL where it cannot be read; `shop_zone` cuts hours into days."""
    kind, formats = column.data_type, spec.format if spec else ()
    if column.values:
        return parsing.vocabulary(text, column.values)
    if kind == "date":
        return parsing.date(text, formats, zone, iso, shop_zone)
    if kind == "timestamp":
        return parsing.timestamp(text, formats, zone, iso)
    if kind == "boolean":
        return parsing.boolean(text)
    if kind == "string":
        return text
    return parsing.number(text, kind, spec.scale if spec else None)


def is_identifier(column: Column, key: Sequence[str]) -> bool:
    """Whether a text column holds ids, which spreadsheets destroy."""
    names = ("_id", "_no", "id_value", "phone")
    return column.data_type == "string" and (column.name in key or column.name.endswith(names))


def identifies(column: Column, key: Sequence[str]) -> bool:
    """Whether a text column identifies a record or a person: punctuation alone is no value of it."""
    names = ("email", "wechat_unionid", "full_name", "given_name", "family_name", "receiver_name")
    return is_identifier(column, key) or column.name in names


def scope(mapping: FeedMapping) -> Mapping[str, str]:
    """The columns that every mapping fills by itself."""
    return {"source_system": mapping.source_system, "shop_id": mapping.shop_id}
