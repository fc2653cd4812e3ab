"""Turns the true world into csv exports: which select, which file, which encoding, when exported.

The selects are in `sql/exports/`: columns that start with `_` steer (file, order, key), the others
are the file's own. Defects are woven in here as `defects.py` declares them.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.demo import files
from orchestration.demo.defects import DEFECTS, TOTALS, Defect
from orchestration.demo.export_list import Export
from orchestration.demo.small_tables import table

SELECTS = Path(__file__).parent / "sql" / "exports"


@dataclass(frozen=True)
class Inbox:
    """Where the exports go. The tables `wrote` and `defects` of `con` keep what was written."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    scratch: Path
    last: date
    each: int


def exported_on(name: str, last: date) -> date:
    """The last day that an export covers, by the month, quarter, half or whole year in its name."""
    found = re.search(r"(\d{4})(?:-(\d\d)|Q(\d)|H(\d))?", name)
    if found is None or "更正" in name:
        return last
    year, month, quarter, half = found.groups()
    end = int(month or 0) or int(quarter or 0) * 3 or int(half or 2) * 6
    return min(date(int(year), end, calendar.monthrange(int(year), end)[1]), last)


def _replaced(edits: dict[str, str]) -> str:
    return "* replace (" + ", ".join(f'{sql} as "{name}"' for name, sql in edits.items()) + ")"


def _total(export: Export, names: Sequence[str]) -> str:
    money = TOTALS[export.name]
    amount = f"sum(replace(\"{money}\", ',', '')::decimal(18, 2))::varchar"
    cells = dict.fromkeys(names, "null") | {names[0]: "'合计'", money: amount}
    listed = ", ".join(f'{sql} as "{name}"' for name, sql in cells.items())
    return (
        "select _file, timestamp '9999-12-31' as _at, '合计' as _key, '合计' as _id,"
        f" {listed}, 99 as _variant, 'total_row' as _defect from good group by _file"
    )


def _listed(keys: Sequence[str]) -> str:
    """Keys as SQL literals: unlike a subquery, a list is pushed down to where the rows come from."""
    return ", ".join(f"'{key}'" for key in keys) or "''"


def _parts(
    export: Export, names: Sequence[str], picked: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """The rows of an export: the good ones that nothing replaces, then those of every defect."""
    defects = DEFECTS.get(export.name, ())
    edited = {d.kind for d in defects if d.mode in ("edit", "note")}
    keys = [key for kind, key in picked if kind in edited]
    yield (
        "select *, 0 as _variant, null::varchar as _defect, null::bigint as _cents from good"
        f" where _key not in ({_listed(keys)})"
    )
    for number, defect in enumerate(defects, start=1):
        variant = {"before": -1, "edit": 0, "note": 0}.get(defect.mode, number)
        cells = _replaced(defect.edits) if defect.edits else "*"
        rows = f"(select * exclude (kind) from sample where kind = '{defect.kind}')"
        yield (
            f"select {cells}, {variant} as _variant, '{defect.kind}' as _defect,"
            f" ({defect.cents})::bigint as _cents from {rows}"
        )
    if export.name == "erp_orders":
        file = {"_file": "replace(_file, '.csv', '_更正.csv')"}
        yield (
            f"select {_replaced(file)}, 0 as _variant, null::varchar as _defect from good"
            " where strftime(_day, '%Y-%m') = getvariable('again')"
        )
    if export.name in TOTALS:
        yield _total(export, names)


def _pick(inbox: Inbox, export: Export) -> list[tuple[str, str]]:
    """Choose the rows that become defects, as (kind, key); every kind gets rows of its own."""
    con = inbox.con
    picked: list[tuple[str, str]] = []
    con.execute(
        "create or replace temp table eligible as select * replace (_key::varchar as _key),"
        f" u(_key, '{export.name}') as place from ({export.eligible})"
    )
    for defect in DEFECTS[export.name]:
        taken = _listed([key for _, key in picked])
        found = con.execute(
            f"select '{defect.kind}', _key from eligible where {defect.where}"
            f" and _key not in ({taken}) order by place, _key limit {inbox.each}"
        )
        picked += found.fetchall()
    table(con, "picked", "kind varchar, _key varchar", picked)
    con.execute(
        "create or replace temp table sample as select good.*, kind from good"
        f" inner join picked using (_key) where _key in ({_listed([key for _, key in picked])})"
    )
    con.execute("drop table picked")
    return picked


def _line(names: Sequence[str], torn: Sequence[str]) -> str:
    """SQL for one csv line of text columns, cells quoted where needed, torn rows one short."""
    cells = [
        f'case when contains("{n}", \',\') then \'"\' || "{n}" || \'"\' else "{n}" end'
        for n in names
    ]
    # One concat copies every cell once (a chain of || would copy the line for each) and skips nulls.
    whole = "concat(" + ", ',', ".join(cells) + ")"
    if not torn:
        return whole
    short = "concat(" + ", ',', ".join(cells[:-1]) + ")"
    return f"case when _defect in ({_listed(torn)}) then {short} else {whole} end"


def write_csv(inbox: Inbox, export: Export) -> None:
    """Write all files of one export and note rows and defects."""
    con = inbox.con
    text = (SELECTS / f"{export.name}.sql").read_text(encoding="utf-8")
    con.execute(
        f"create or replace temp view good as select * replace (_key::varchar as _key) from ({text})"
    )
    names = [row[0] for row in con.execute("describe good").fetchall() if row[0][0] != "_"]
    picked = _pick(inbox, export) if export.name in DEFECTS else []
    _tell(inbox, export)
    torn = [defect.kind for defect in DEFECTS.get(export.name, ()) if defect.torn]
    con.execute(
        "create or replace temp table out as"
        f" select _file, _at, _key, _variant, _id, _defect, _cents, {_line(names, torn)} as _line"
        f" from ({' union all by name '.join(_parts(export, names, picked))})"
        " order by _file, _at, _key, _variant"
    )
    _write_files(inbox, export, ",".join(names))


def _write_files(inbox: Inbox, export: Export, header: str) -> None:
    spans = inbox.con.execute(
        "select _file, min(rowid), max(rowid) from out group by _file order by _file"
    ).fetchall()
    plain = inbox.scratch / "part.csv"
    zipped = []
    for number, (name, low, high) in enumerate(spans):
        shown = f"{name}.gz" if number in export.gzipped else name
        target = inbox.folder / shown
        inbox.con.execute(
            f"copy (select _line from out where rowid between {low} and {high})"
            f" to '{plain}' (format csv, header false, quote '', escape '', delimiter '\x01')"
        )
        files.encode(plain, target, export.encoding, header)
        files.stamp(target, exported_on(name, inbox.last))
        if number in export.zipped:
            zipped.append(target)
            shown = f"{_archive(spans[0][0])}/{target.name}"
        _note(inbox, export, shown, low, high)
    plain.unlink()
    if zipped:
        archive = inbox.folder / _archive(spans[0][0])
        files.into_zip(archive, zipped)
        files.stamp(archive, exported_on(zipped[-1].name, inbox.last))


def _archive(first: str) -> str:
    """Name of the archive of a quarter's files."""
    return re.sub(r"_(\d{4})-\d\d\.csv$", r"_\1_归档.zip", first)


def _note(inbox: Inbox, export: Export, shown: str, low: int, high: int) -> None:
    place = f"out.rowid - {low} + 2"
    inbox.con.execute(
        f"insert into wrote values ('{export.feed}', '{export.source_system}', '{shown}', {high - low + 1});"
        f"insert into defects select _defect, '{export.feed}', '{export.source_system}', null, '{shown}',"
        f" {place}, _id, column_name, catcher, detail, _cents * 0.01::decimal(3, 2)"
        f" from out inner join told on kind = _defect"
        f" where out.rowid between {low} and {high} order by out.rowid"
    )


def _tell(inbox: Inbox, export: Export) -> None:
    """A table of what is meant to catch which kind of defect of an export."""
    total = Defect("total_row", "ghost", "quarantine:total_row")
    rows = [(d.kind, d.column, d.catcher, d.detail) for d in (*DEFECTS.get(export.name, ()), total)]
    inbox.con.execute("drop table if exists told")
    table(
        inbox.con,
        "told",
        "kind varchar, column_name varchar, catcher varchar, detail varchar",
        rows,
    )
