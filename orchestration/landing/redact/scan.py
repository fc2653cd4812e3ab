"""Which cells of a delivered file are a person's, and what they become."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.config.contract import load_contract
from orchestration.config.mapping import FeedMapping
from orchestration.landing.check import lookups, staging
from orchestration.landing.check.cells import Cells, text_of
from orchestration.landing.check.plan import Plan
from orchestration.landing.read import headers, inbox, readers
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.read.source import Reading, Source
from orchestration.landing.redact import rules
from orchestration.landing.redact.tokens import WORD, Forgotten, hits
from orchestration.landing.write import key_list
from orchestration.system.landing_errors import FileRejected
from orchestration.system.sql import ident

_DESTROYED = "1E+10"
"""A number that a spreadsheet destroyed must stay unreadable, or its row would land."""

TYPED = ("xlsx", "parquet")


@dataclass
class Changes:
    """New texts of cells by row and position, both as the file has them; None is an empty cell."""

    cells: dict[int, dict[int, str | None]] = field(default_factory=dict)
    blanked: set[int] = field(default_factory=set)
    """Rows that no table can hold and that name a person: every cell of them goes."""
    owned: dict[str, set[int]] = field(default_factory=dict)
    """Rows of a person by feed."""

    def __bool__(self) -> bool:
        return bool(self.cells or self.blanked)

    def set(self, row: int, position: int, text: str | None) -> None:
        """Note a new text."""
        self.cells.setdefault(row, {})[position] = text


def format_of(mapping: FeedMapping, delivery: Delivery) -> str:
    """csv, xlsx, parquet or jsonl."""
    return mapping.format or readers.FORMATS.get(delivery.suffix, "csv")


def plan_of(
    stage: duckdb.DuckDBPyConnection,
    path: Path,
    delivery: Delivery,
    mapping: FeedMapping,
    mappings: Sequence[FeedMapping],
    deliveries: tuple[Delivery, ...],
) -> Plan:
    """How the content at `path` lands by a mapping. Raises `FileRejected` where it cannot."""
    feed = load_contract()[mapping.feed]
    for number, lookup in enumerate(lookups.of(mapping)):
        try:
            table = lookups.delivery_of(lookup, deliveries)
            lookups.load(stage, f"lookup_{number}", lookup, table, path.parent)
        except FileRejected:
            stage.execute(f"create or replace table stage.lookup_{number} (k varchar, v varchar)")
    want = headers.wanted(mapping, feed)
    if key_list.is_one(mapping, delivery):
        want = replace(want, required=(), optional=(*want.required, *want.optional))
    shape = (mapping.encoding, mapping.delimiter, mapping.sheet, mapping.header_row)
    fmt = format_of(mapping, delivery)
    reading = Reading(
        delivery.name,
        path.parent,
        want,
        *shape,
        may_end_before=mapping.may_end_before,
        explanation_row=mapping.explanation_row,
    )
    source = readers.open_source(stage, path, reading, fmt)
    index, read = headers.index_of(source.headers), set()
    for other in mappings:
        if inbox.wants(other, delivery) or other is mapping:
            read |= {headers.find(header, index) for header in other.headers}
    extra = [i for i in range(len(source.headers)) if i not in read]
    cells = Cells(feed, mapping, source.headers, delivery.name)
    return Plan(feed, mapping, cells, source, extra, iso_dates=fmt in TYPED)


def scan(stage: duckdb.DuckDBPyConnection, listed: Forgotten, plan: Plan, changes: Changes) -> Plan:
    """Note what becomes of the cells of a file; `listed` is installed in `stage`."""
    plan = replace(plan, source=_held(stage, plan.source))
    _type(stage, plan)
    _own_rows(stage, plan, changes)
    _texts(stage, listed, plan, changes)
    for row in plan.source.refused:
        if listed.scrub(row.payload) != row.payload:
            changes.blanked.add(row.row_number)
    return plan


def _held(stage: duckdb.DuckDBPyConnection, source: Source) -> Source:
    """The cells as the table `stage.fg_cells` with their row numbers, read with care where needed."""
    names = ", ".join(f"c{i}" for i in range(len(source.headers)))

    def fill(opened: Source) -> int:
        stage.execute(
            f"create or replace table stage.fg_raw as select "
            f"{opened.row_number or 'null'} as _number, {names} from {opened.relation}"
        )
        number = "_number" if opened.row_number else f"rowid + {opened.first_row}"
        stage.execute(
            f"create or replace table stage.fg_cells as select {number} as _row, {names} from stage.fg_raw"
        )
        [(rows,)] = stage.execute("select count(*) from stage.fg_cells").fetchall()
        return rows

    try:
        rows = fill(source)
        if source.retry is not None and source.lines > rows:
            source = source.retry()
            fill(source)
    except duckdb.Error as error:
        if source.retry is None:
            raise FileRejected(str(error).splitlines()[0]) from None
        source = source.retry()
        fill(source)
    return replace(source, relation="stage.fg_cells", row_number="_row", retry=None)


def _type(stage: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    relation, row = plan.source.relation, "_row"
    if plan.mapping.fill_down:
        relation, row = staging.filled_down(plan), "_at"
    columns = ", ".join(map(ident, plan.feed.columns))
    texts = "".join(
        f", cast({text_of(name)} as varchar) as {text_of(name)}" for name in plan.mapping.columns
    )
    [(count,)] = stage.execute("select count(*) from stage.fg_cells").fetchall()
    with staging.unoptimised(stage) if count <= staging.FEW else nullcontext():
        stage.execute(
            f"create or replace table stage.fg_typed as with {', '.join(plan.layers(relation, row))} "
            f"select _number as _row, {columns}{texts} from rows_checked"
        )


def _own_rows(stage: duckdb.DuckDBPyConnection, plan: Plan, changes: Changes) -> None:
    """Cells of the rows that are a person's: what is personal or unknown does not stay."""
    changed = rules.replacements(plan.feed)
    names = [name for name in changed if name in plan.mapping.columns]
    old = "".join(f", typed.{text_of(name)}, typed.{ident(name)}" for name in names)
    new = "".join(f", new.{ident(name)}" for name in names)
    rows = stage.execute(
        f"select fg_row{new}{old} from ({rules.changed(plan.feed, 'stage.fg_typed', '_row')}) as new "
        "inner join stage.fg_typed as typed on new.fg_row = typed._row"
    ).fetchall()
    places = {name: _positions(plan, name) for name in names}
    kept = {
        p for name in plan.mapping.columns if name not in changed for p in _positions(plan, name)
    }
    owned = changes.owned.setdefault(plan.feed.code, set())
    for number, *values in rows:
        if plan.feed.code != "crm.matches":
            owned.add(number)
        fresh, before = values[: len(names)], values[len(names) :]
        for i, name in enumerate(names):
            text, typed = before[2 * i : 2 * i + 2]
            cleaned = _cleaned(plan, fresh[i], text, typed)
            if cleaned != text:
                own = [position for position in places[name] if position not in kept]
                for position in own:
                    changes.set(number, position, cleaned if position == own[0] else None)
        if plan.feed.code != "crm.matches":
            for position in plan.extra:
                changes.set(number, position, None)


def _cleaned(plan: Plan, new: Any, text: str | None, typed: Any) -> str | None:
    """The text of a cell; unreadable cells stay unreadable, so that the row is judged as before."""
    if text is None:
        return None
    if typed is None:
        return _DESTROYED if "+" in text and text[:1].isdigit() and "e" in text.lower() else WORD
    return None if new is None else str(new)


def _positions(plan: Plan, name: str) -> list[int]:
    """Where a column's cells are, those of its other headers included."""
    index = headers.index_of(plan.source.headers)
    named = [h for group in plan.mapping.columns[name].groups for h in group]
    found = [headers.find(header, index) for header in named]
    return list(dict.fromkeys(i for i in found if i is not None))


def _texts(
    stage: duckdb.DuckDBPyConnection, listed: Forgotten, plan: Plan, changes: Changes
) -> None:
    """Cells of any row that no rule covers and that quote an identifier of a person."""
    ruled = set(rules.replacements(plan.feed)) | set(plan.feed.key)
    free = [
        name
        for name, column in plan.feed.columns.items()
        if name in plan.mapping.columns
        and column.data_type == "string"
        and not column.values
        and name not in ruled
    ]
    positions = sorted({*plan.extra, *(p for name in free for p in _positions(plan, name))})
    for position in positions:
        cells = f"(select distinct c{position} as cell from stage.fg_cells where c{position} is not null)"
        rows = stage.execute(
            f"select _row, c{position} from stage.fg_cells where c{position} in ({hits(cells)})"
        ).fetchall()
        for number, cell in rows:
            if position not in changes.cells.get(number, {}):
                changes.set(number, position, listed.scrub(cell))
