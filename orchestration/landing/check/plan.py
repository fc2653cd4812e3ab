"""The query that turns a source into typed, checked rows of one feed.

Layers, each a CTE: cells -> tidy text -> text per contract column -> types -> repairs -> derived
columns -> verdict. The same layers run twice: over the whole file to get rows and verdicts, and over
the few suspects to put reasons into words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from orchestration.config.contract import Column, Feed
from orchestration.config.mapping import FeedMapping
from orchestration.landing.check import cells as cell
from orchestration.landing.check import currency, parsing, row_checks, row_filter
from orchestration.landing.check.cells import Cells, text_of
from orchestration.landing.read.source import Source
from orchestration.landing.read.totals import NO_RECORDS
from orchestration.system.sql import ident, quoted


@dataclass
class Plan:
    """How one file lands as one feed."""

    feed: Feed
    mapping: FeedMapping
    cells: Cells
    source: Source
    extra: list[int] = field(default_factory=list)
    iso_dates: bool = False
    doubted: frozenset[str] = frozenset()
    """Columns with numbers that need a decimal comma: 3.000 is no number there without `decimal`."""
    hourly: frozenset[str] = frozenset()
    """Columns of days whose text states hours of a zone that is not the shop's."""
    has_suspects: bool = False
    """Whether `stage.suspects` holds rows that are bad or noted, as the staging found them."""

    def layers(self, relation: str, row_number: str | None) -> list[str]:
        """The CTEs up to `rows_checked`, over a relation with columns c0, c1 and so on."""
        out = [f"source_cells as (select *, {row_number or 'null'} as _number from {relation})"]
        out += self.texts()
        out.append(self._types())
        last = "typed"
        if priced := currency.layers(self.feed, self.cells, last):
            out += priced
            last = "priced"
        for i in range(len(self.mapping.repairs)):
            out += self._repair(i, last)
            last = f"repaired{i}"
        for i, (name, expression) in enumerate(self.mapping.derive.items()):
            kind = self.feed.columns[name].data_type
            value = f"try(cast(({expression}) as {kind})) as {ident(name)}"
            out.append(f"derived{i} as (select * replace ({value}) from {last})")
            last = f"derived{i}"
        out.append(f"rows_checked as (select * from {last})")
        return out

    def texts(self) -> list[str]:
        """The CTEs from `source_cells` to `texts`: the text of every mapped column."""
        used = self.cells.used
        tidied = ", ".join(f"{cell.tidy(f'c{i}')} as d{i}" for i in used)
        nulled = ", ".join(f"{cell.nulled(f'd{i}', self.mapping.nulls)} as x{i}" for i in used)
        texts = [f"{self._text(name)} as {text_of(name)}" for name in self.mapping.columns]
        joins = " ".join(
            f"left join stage.{alias} as {alias} on {alias}.k = {on}"
            for alias, _, on in self.cells.lookups
        )
        return [
            f"tidied as (select *, {tidied} from source_cells)",
            f"nulled as (select *, {nulled} from tidied)",
            f"texts as (select nulled.*, {', '.join(texts)} from nulled {joins})",
        ]

    def _text(self, name: str) -> str:
        text = self.cells.texts[name]
        if self.feed.columns[name].data_type in ("date", "timestamp"):
            zero = f"regexp_full_match({text}, {quoted(parsing.ZERO_DATE)})"
            return f"case when starts_with({text}, '000') and {zero} then null else {text} end"
        if cell.identifies(self.feed.columns[name], self.feed.key):
            return f"case when {parsing.has_text(text)} then {text} end"
        return text

    def _types(self) -> str:
        columns = self.feed.columns.values()
        values = ", ".join(f"{self._value(column)} as {ident(column.name)}" for column in columns)
        flags = [
            f"{text_of(name)} is not null and {ident(name)} is null as {row_checks.error_of(name)}"
            for name in self.mapping.columns
            if row_checks.can_fail(self.feed.columns[name], self.feed.key)
        ]
        defaults = [
            f"coalesce({ident(c.name)}, {quoted(c.default)}) as {ident(c.name)}"
            for c in columns
            if c.default is not None and c.data_type == "string"
        ]
        total = row_checks.total_row(self.feed, self.cells)
        flagged = ", ".join(["*", *flags, f"{total} as _total"])
        replaced = f"* replace ({', '.join(defaults)})" if defaults else "*"
        return (
            f"parsed as (select *, {values} from texts), "
            f"flagged as (select {flagged} from parsed), "
            f"typed as (select {replaced} from flagged)"
        )

    def _value(self, column: Column) -> str:
        scope = cell.scope(self.mapping)
        spec = self.mapping.columns.get(column.name)
        if spec is None and column.headers_of in self.mapping.columns:
            named = quoted(self.cells.headers_of(column.headers_of))
            return f"case when {text_of(column.headers_of)} is not null then {named} end"
        if spec is None:
            value = quoted(scope[column.name]) if column.name in scope else "null"
            return f"cast({value} as {column.data_type})"
        text = text_of(column.name)
        if cell.is_identifier(column, self.feed.key) and not column.values:
            return row_checks.identifier(text)
        zone = self.mapping.timezone
        if cell.is_number(column) and self.mapping.decimal == ",":
            text = parsing.with_point(text, self.iso_dates)
        elif column.name in self.doubted:
            text = parsing.unambiguous(text)
        shop_zone = self.mapping.shop_timezone if column.name in self.hourly else ""
        return cell.typed(column, spec, text, zone, self.iso_dates or not spec.format, shop_zone)

    def days_of_another_zone(self) -> list[str]:
        """Columns of days in an export whose zone is not the shop's."""
        if self.mapping.timezone == self.mapping.shop_timezone:
            return []
        names = self.mapping.columns
        return [name for name in names if self.feed.columns[name].data_type == "date"]

    def hours_stated(self, names: Sequence[str]) -> str:
        """One row that says per column of days whether any of its cells states an hour."""
        found = ", ".join(
            f"coalesce(bool_or({self._has_clock(name)}), false) as {ident(name)}" for name in names
        )
        texts = f"source_cells as (select * from {self.source.relation})"
        return f"with {', '.join([texts, *self.texts()])} select {found} from texts"

    def _has_clock(self, name: str) -> str:
        formats = self.mapping.columns[name].format
        iso = self.iso_dates or not formats
        return parsing.has_clock(text_of(name), formats, self.mapping.timezone, iso)

    def _repair(self, i: int, last: str) -> list[str]:
        repair = self.mapping.repairs[i]
        name, kind = ident(repair.column), self.feed.columns[repair.column].data_type
        flag = row_checks.error_of(repair.column)
        mapped = repair.column in self.mapping.columns
        failed = (
            flag
            if mapped and row_checks.can_fail(self.feed.columns[repair.column], self.feed.key)
            else None
        )
        changed = f"_new{i} is distinct from _old{i}" + (f" or {failed}" if failed else "")
        replaced = [f"case when _when{i} then _new{i} else {name} end as {name}"]
        if failed:
            replaced.append(f"{flag} and not _when{i} as {flag}")
        return [
            f"asked{i} as (select *, coalesce(try({repair.when}), false) as _when{i}, "
            f"try(cast(({repair.value}) as {kind})) as _new{i}, {name} as _old{i} from {last})",
            f"fired{i} as (select *, _when{i} and ({changed}) as _fired{i} from asked{i})",
            f"repaired{i} as (select * replace ({', '.join(replaced)}) from fired{i})",
        ]

    def rows(self) -> str:
        """One row per source row: lineage, typed columns, verdict; raw cells only for suspects."""
        columns = ", ".join(ident(name) for name in self.feed.columns)
        bad = " or ".join(f"({c.condition})" for c in row_checks.checks(self.feed, self.cells))
        noted = (
            " or ".join(f"({n.condition})" for n in row_checks.notes(self.feed, self.cells))
            or "false"
        )
        all_cells = ", ".join(f"c{i}" for i in range(len(self.source.headers)))
        return (
            f"with {', '.join(self.layers(self.source.relation, self.source.row_number))}, "
            f"judged as (select *, coalesce({bad}, false) as _bad, coalesce({noted}, false) as _noted, "
            f"coalesce({all_cells}) is null as _blank, {row_filter.taken(self.cells)} as _taken "
            "from rows_checked) "
            f"select _number, {columns}, {self.content_hash()} as _row_hash, {self._extra()} as _extra, "
            "_bad, _noted, _blank, _taken, _total, "
            f"case when _bad or _noted then to_json([{all_cells}]) end as _cells from judged"
        )

    def content_hash(self) -> str:
        """md5 of what the row says, whichever columns the mapping happens to fill."""
        known = {
            *self.mapping.columns,
            *self.mapping.derive,
            *(r.column for r in self.mapping.repairs),
        }
        known |= {c.name for c in self.feed.columns.values() if c.default is not None}
        if currency.money_columns(self.feed, self.cells):
            known.add(currency.COLUMN)
        parts = [
            f"{quoted(name + '=')} || cast({ident(name)} as varchar)"
            for name in self.feed.columns
            if name in known
        ]
        return f"md5(concat_ws(chr(31), {', '.join(parts)}))"

    def _extra(self) -> str:
        if not self.extra:
            return "cast(null as varchar)"
        pairs = ", ".join(f"{quoted(self.source.headers[i])}, c{i}" for i in self.extra)
        return f"cast(json_object({pairs}) as varchar)"

    def suspects(self) -> str:
        """The bad and noted rows with every layer's columns, so that reasons can quote them."""
        names = [f"_cells ->> {i} as c{i}" for i in range(len(self.source.headers))]
        relation = (
            f"(select _row, _bad, {', '.join(names)} from stage.landed_rows "
            "where (_bad or _noted) and not _blank)"
        )
        return f"with {', '.join(self.layers(relation, '_row'))} select * from rows_checked"

    def decimal_commas(self) -> dict[str, str]:
        """Per column of numbers, whether rows of `stage.suspects` have a number with a decimal comma."""
        if self.mapping.decimal or self.doubted:
            return {}
        return {
            name: f"coalesce(bool_or({parsing.has_decimal_comma(text_of(name))}), false)"
            for name in self.mapping.columns
            if cell.is_number(self.feed.columns[name])
        }

    def quarantine(self, sums: Mapping[str, Decimal | None]) -> str:
        """Row number, column, code, reason and payload of every bad row of `stage.suspects`.

        `sums`: what the detail rows add up to, by control column; total rows are compared to it.
        """
        found = row_checks.checks(self.feed, self.cells, sums)
        first = " ".join(f"when {c.condition} then {quoted(c.column or '')}" for c in found)
        code = " ".join(f"when {c.condition} then {quoted(c.code)}" for c in found)
        why = ", ".join(
            f"case when {c.condition}{'' if c.code in NO_RECORDS else ' and not _total'} then {c.reason} end"
            for c in found
        )
        headers = self.source.headers
        payload = ", ".join(f"{quoted(header)}, c{i}" for i, header in enumerate(headers))
        return (
            f"select _number as row_number, nullif(case {first} end, '') as column_name, "
            f"case {code} end as reason_code, "
            f"concat_ws(' ', {why}) as reason, cast(json_object({payload}) as varchar) as payload "
            "from stage.suspects where _bad order by _number"
        )

    def repairs(self) -> str | None:
        """Row number, column, old text, new text and rule of every value that was changed."""
        parts = [
            f"select _number, {quoted(n.column)}, cast({n.raw} as varchar), "
            f"cast({n.repaired} as varchar), {quoted(n.rule)} "
            f"from stage.suspects where not _bad and {n.condition}"
            for n in row_checks.notes(self.feed, self.cells)
        ]
        return " union all ".join(parts) or None
