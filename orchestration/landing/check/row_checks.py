"""What makes a row bad, and what is merely noted: conditions and reasons, as SQL.

A `Check` that holds sends the row to quarantine; a `Note` is written to meta.repairs. Both see the
typed columns, `_t_<column>` (their text) and `_e_<column>` (text that the type could not read).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from orchestration.config.contract import Column, Feed
from orchestration.config.mapping import ColumnSpec
from orchestration.landing.check import currency
from orchestration.landing.check.cells import Cells, is_identifier, text_of
from orchestration.landing.check.parsing import SCIENTIFIC_ID
from orchestration.landing.read.totals import NOTE, NOTE_ROW, TOTAL
from orchestration.system.sql import ident, quoted

NOT_THE_SUM = "is not what the rows add up to"
# Most first cells begin with a digit, and then no pattern needs to be tried.
_NO_DIGIT = "ascii(x0) not between 48 and 57"
EARLIEST, LATEST = "1900-01-01", "2100-01-01"


@dataclass(frozen=True)
class Check:
    """A row is bad where `condition` holds."""

    column: str | None
    code: str
    condition: str
    reason: str


@dataclass(frozen=True)
class Note:
    """A value was changed where `condition` holds; `raw`, `repaired` and `rule` are SQL or a word."""

    column: str
    condition: str
    raw: str
    repaired: str
    rule: str


def error_of(column: str) -> str:
    """The name of the flag for text that could not be read."""
    return ident(f"_e_{column}")


def can_fail(column: Column, key: tuple[str, ...]) -> bool:
    """Whether there is text that the column cannot take."""
    return column.data_type != "string" or bool(column.values) or is_identifier(column, key)


def lenient(column: Column, spec: ColumnSpec | None) -> bool:
    """Whether an unreadable value becomes NULL with a note instead of refusing the row."""
    optional_word = bool(column.values) and not column.required
    return optional_word or (spec is not None and spec.invalid == "null")


def total_row(feed: Feed, cells: Cells) -> str:
    """First cell says total, and a key column is empty, unreadable or that very word; or a note row.

    Of a key that is made of several cells, one of them.
    """
    doubts = []
    for name in feed.key:
        spec = cells.mapping.columns.get(name)
        if spec is None or not spec.groups:
            continue
        if spec.headers:
            same = f"{text_of(name)} = x0"
            doubts.append(f"{text_of(name)} is null or {same} or {ident(name)} is null")
        else:
            places = [cells.position(group) for group in spec.groups]
            doubts += [
                f"x{place} is null or x{place} = x0" for place in places if place is not None
            ]
    if not doubts:
        return note_row(cells)
    total = f"regexp_full_match(lower(x0), {quoted(TOTAL)})"
    told = f"case when ({' or '.join(doubts)}) and {_NO_DIGIT} then {total} end"
    return f"coalesce({told}, false) or {note_row(cells)}"


def note_row(cells: Cells) -> str:
    """The only cell explains the table."""
    others = ", ".join(f"c{i}" for i in range(1, len(cells.headers)))
    if not others:
        return "false"
    note = f"regexp_full_match(lower(x0), {quoted(NOTE)})"
    return f"coalesce(case when coalesce({others}) is null and {_NO_DIGIT} then {note} end, false)"


def _total_reason(sums: Mapping[str, Decimal | None]) -> str:
    """Total rows are compared to what the detail rows add up to; subtotals are not.

    Neither number is quoted: the cell is one of the source, and a file may have a single row.
    """
    parts = [quoted("Total row, not a record.")]
    for name, total in sums.items():
        value = total or Decimal(0)
        differs = quoted(f" Its {name} {NOT_THE_SUM} (total_read in meta.control_totals).")
        agrees = quoted(f" Its {name} is what the rows add up to.")
        compared = (
            f"{ident(name)} is not null and not regexp_matches(lower(x0), '^(小计|subtotal)')"
        )
        parts.append(
            f"case when not ({compared}) then '' when {ident(name)} = {value} then {agrees} "
            f"else {differs} end"
        )
    return " || ".join(parts)


def checks(
    feed: Feed, cells: Cells, sums: Mapping[str, Decimal | None] | None = None
) -> list[Check]:
    """Every check of a row, in the order in which the first one names the row's reason."""
    note = note_row(cells)
    found = [
        Check(None, "note_row", note, quoted(NOTE_ROW)),
        Check(None, "total_row", f"_total and not {note}", _total_reason(sums or {})),
    ]
    for column in feed.columns.values():
        found += _column_checks(column, feed, cells)
    if currency.layers(feed, cells, ""):
        found += [
            Check(currency.COLUMN, code, f"_doubt = {quoted(code)}", reason)
            for code, reason in currency.reasons(cells).items()
        ]
    return found


def _value(column: Column) -> str:
    """The value without its characters: a cell is never quoted, for a mapping may be wrong.

    The form, with # for a digit, a for a Latin letter and x for any other, says how a date or a number
    is written. A column that holds personal values by the contract gets no form.
    """
    if column.pii:
        return "'the value'"
    text = f"left({text_of(column.name)}, 24)"
    for pattern, sign in (("[0-9]", "#"), ("[A-Za-z]", "a"), ("[^ -~]", "x")):
        text = f"regexp_replace({text}, '{pattern}', '{sign}', 'g')"
    return f"'the value (form ' || {text} || ')'"


def _column_checks(column: Column, feed: Feed, cells: Cells) -> list[Check]:
    name, label = ident(column.name), cells.label(column.name)
    spec, found = cells.mapping.columns.get(column.name), []
    if can_fail(column, feed.key) and not lenient(column, spec) and spec is not None:
        code, words = _unreadable(column)
        reason = f"{quoted(label + ': ')} || {_value(column)} || {quoted(words)}"
        found.append(Check(column.name, code, error_of(column.name), reason))
    if column.required:
        told = can_fail(column, feed.key) and spec is not None and not lenient(column, spec)
        failed = error_of(column.name) if told else "false"
        unread = f"{name} is null and not {failed}"
        text = quoted(f"{label} is empty; every row of {feed.code} needs it.")
        found.append(Check(column.name, "missing_required", unread, text))
    found += _range_checks(column, name, label)
    return found


def _range_checks(column: Column, name: str, label: str) -> list[Check]:
    found = []
    for bound, sign, word in ((column.min, "<", "below"), (column.max, ">", "above")):
        if bound is not None:
            advice = f" {column.below}" if column.below and word == "below" else ""
            reason = quoted(f"{label}: the value is {word} {bound}.{advice}")
            found.append(Check(column.name, "out_of_range", f"{name} {sign} {bound}", reason))
    if column.data_type == "timestamp" or (column.data_type == "date" and column.required):
        outside = f"({name} < date '{EARLIEST}' or {name} >= date '{LATEST}')"
        reason = quoted(f"{label}: the value is not between 1900 and 2099.")
        found.append(Check(column.name, "out_of_range", outside, reason))
    return found


def _unreadable(column: Column) -> tuple[str, str]:
    if column.values:
        accepted = ", ".join(column.values)
        return (
            "unknown_value",
            f" is none of {accepted}; add it to `map` of {column.name} in shop.yml.",
        )
    if column.data_type == "string":
        return "scientific_id", (
            " was rounded by a spreadsheet and its digits are lost; export the file again and "
            "do not save it in a spreadsheet, or format the column as text first."
        )
    if column.data_type in ("date", "timestamp"):
        return "not_a_date", (
            " is not a date that can be read without doubt; correct it, or give `format` in shop.yml."
        )
    if column.data_type == "boolean":
        return "not_a_boolean", " is neither yes nor no; add it to `map` in shop.yml."
    if column.data_type == "bigint":
        return "not_a_number", " is not a whole number."
    return "not_a_number", (
        " is not a number that can be read without doubt; if a comma stands before the decimals, set "
        "`decimal: ','` of the mapping in shop.yml."
    )


def notes(feed: Feed, cells: Cells) -> list[Note]:
    """Values that became NULL with a note, and the repairs of shop.yml that took effect."""
    found = []
    for name, spec in cells.mapping.columns.items():
        column = feed.columns[name]
        if lenient(column, spec) and can_fail(column, feed.key):
            rule = "unknown_value" if column.values else "unreadable_value"
            found.append(Note(name, error_of(name), text_of(name), "null", rule))
    for i, repair in enumerate(cells.mapping.repairs):
        raw = (
            f"coalesce({text_of(repair.column)}, cast(_old{i} as varchar))"
            if repair.column in cells.texts
            else f"_old{i}"
        )
        found.append(Note(repair.column, f"_fired{i}", raw, f"_new{i}", repair.why))
    return found


def identifier(text: str) -> str:
    """Text of an id column in one spelling: narrow digits, no `.0` of a number; NULL where a spreadsheet destroyed it."""
    tail, wide = "[0-9]+[.]0+", "[０-９]+"
    odd = f"regexp_full_match({text}, {quoted(f'{tail}|{wide}|{SCIENTIFIC_ID}')})"
    narrow = f"translate({text}, '０１２３４５６７８９', '0123456789')"
    spelled = (
        f"case when ascii({text}) > 127 then {narrow} "
        f"when regexp_full_match({text}, '{tail}') then split_part({text}, '.', 1) end"
    )
    return f"case when {odd} then {spelled} else {text} end"
