"""From files to mappings: recognise or match each export, relate them, and write the blocks."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from orchestration.discovery import blocks, merging, names, people, relations, return_rows
from orchestration.discovery.block import Block
from orchestration.discovery.exports import Export, Progress, read_exports
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.relations import Ids
from orchestration.discovery.tables import Opener
from orchestration.landing.read.inbox import Delivery


@dataclass
class Proposal:
    """What was found in a set of files, and the mappings for them."""

    exports: list[Export]
    blocks: list[Block] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    currency: str | None = None
    is_chinese: bool = False

    @property
    def unknown(self) -> list[Export]:
        """Exports of which nothing is proposed."""
        used = {name for block in self.blocks for name in block.tables}
        files = {e.table.file for e in self.exports if e.table.name in used}
        return [e for e in self.exports if e.table.name not in used and e.table.file not in files]

    @property
    def feeds(self) -> list[str]:
        """The feeds that the mappings fill."""
        return sorted({block.feed for block in self.blocks})


def propose(
    deliveries: Sequence[Delivery],
    progress: Progress = lambda *_: None,
    mapped: Sequence[Delivery] = (),
) -> Proposal:
    """Read every file and propose mappings. Nothing is kept: working copies are removed at the end.

    `mapped` are files that the shop maps already: new files are related to them, and nothing is proposed for them.
    """
    with tempfile.TemporaryDirectory(prefix="shop360-inspect-") as folder, duckdb.connect() as con:
        opener = Opener(con, Path(folder))
        exports, unreadable = read_exports(con, opener, deliveries, progress)
        earlier, _ = read_exports(con, opener, mapped, lambda *_: None)
        proposal = Proposal(exports, unreadable=unreadable)
        proposal.relations = _relate(con, [*exports, *earlier])
    headers = [header for export in exports for header in export.table.headers]
    proposal.currency = _currency(exports, headers)
    proposal.is_chinese = any("\u3400" <= sign <= "\u9fff" for text in headers for sign in text)
    _write(proposal)
    return proposal


def _currency(exports: Sequence[Export], headers: Sequence[str]) -> str | None:
    """The one currency that headers or a column of currencies name."""
    named = {
        word.upper()
        for export in exports
        for fact in export.facts
        if "currency" in names.words_of(fact.header) or fact.header in ("币种", "货币")
        for word in fact.words
        if len(word) == 3
    }
    return named.pop() if len(named) == 1 else names.currency_of(headers)


def _relate(con: duckdb.DuckDBPyConnection, exports: Sequence[Export]) -> list[str]:
    """Correct the matches by what the ids of the files say of each other; the relations in words."""
    said: list[str] = []
    people.relate(con, exports, said)
    said += _order_numbers(con, exports)
    _products(con, exports, said)
    tables = [(e.table, e.facts, e.matches) for e in exports if not e.profiles]
    for lookup in relations.lookups(con, tables):
        export = next(e for e in exports if e.table is lookup.of.table)
        export.lookups.append(lookup)
        said.append(
            f"{lookup.of.table.name}: {lookup.of.facts.header} is named in {lookup.table.name} ({lookup.value})"
        )
    return said


def _order_numbers(con: duckdb.DuckDBPyConnection, exports: Sequence[Export]) -> Iterator[str]:
    """Exports with the same order numbers; orders that two exports report are a danger."""
    held = [
        (export, ids)
        for export in exports
        for column in ("order_id", "platform_order_id")
        for ids in export.holding(column)
        if column == "order_id" or ids.feed == "erp.orders"
    ]
    for i, (export, ids) in enumerate(held):
        for other, theirs in held[i + 1 :]:
            if export is other or (share := relations.overlap(con, ids, theirs)) < 0.1:
                continue
            text = f"{export.table.name} and {other.table.name}: {share:.0%} of {ids.facts.header} and {theirs.facts.header} are equal"
            if {ids.feed, theirs.feed} == {"erp.orders"}:
                text += "; both list the same orders: give the number of the platform as platform_order_id, or leave one out"
            yield text


def _products(con: duckdb.DuckDBPyConnection, exports: Sequence[Export], said: list[str]) -> None:
    """The column of a product list whose ids are those of the order lines, in one spelling or another."""
    lines = [
        ids
        for export in exports
        for match in export.matches
        if match.feed == "erp.order_lines"
        for ids in relations.ids_of(export.table, match, ["product_id"])
    ]
    for export in exports:
        for place, match in enumerate(export.matches):
            if match.feed != "erp.products" or not lines:
                continue
            chosen = match.columns["product_id"].facts
            rest = [
                f
                for f in export.facts
                if f is not chosen and f.kind in ("text", "integer") and f.distinct > 1
            ]
            for fact in (chosen, *rest):
                link = relations.link(
                    con, Ids(export.table, match.feed, "product_id", fact), lines[0]
                )
                if link is None:
                    continue
                columns = dict(match.columns)
                displaced = next((n for n, c in columns.items() if c.facts is fact), None)
                if displaced and displaced != "product_id":
                    del columns[displaced]
                columns["product_id"] = replace(
                    columns["product_id"], facts=fact, confidence=link.share
                )
                export.matches[place] = replace(match, columns=columns)
                export.spellings["product_id"] = link.replace
                said.append(_said(export, fact.header, lines[0], link.share, link.replace))
                break


def _said(
    export: Export, header: str, other: Ids, share: float, spelling: Sequence[tuple[str, str]]
) -> str:
    how = f" after {spelling[0][0]} is removed" if spelling else ""
    return f"{export.table.name}: {share:.0%} of {header} are ids of {other.table.name} ({other.facts.header}){how}"


def _write(proposal: Proposal) -> None:
    """A block for each export and feed; exports of one profile or one kind of file name share theirs."""
    systems: dict[str, int] = {}
    for export in proposal.exports:
        for found in export.profiles:
            renamed = export.renamed.get(found.profile, {})
            _add(proposal, export, blocks.of_profile(found, export.pattern, renamed))
        made = {}
        for match in export.matches:
            system = match.feed.partition(".")[0]
            count = systems[match.feed] = systems.get(match.feed, 0) + 1
            name = export.system or (system if count == 1 else f"{system}_{count}")
            made[match.feed] = (blocks.of_match(match, export.table, export.pattern, name), match)
            blocks.add_relations(made[match.feed][0], export.spellings, export.lookups)
        for block in [*(block for block, _ in made.values()), *_returns(made)]:
            _add(proposal, export, block)


def _returns(made: dict[str, tuple[Block, FeedMatch]]) -> list[Block]:
    """The mapping of rows with negative units, which the others then leave out."""
    if "erp.order_lines" not in made:
        return []
    block, match = made["erp.order_lines"]
    orders = made["erp.orders"][0] if "erp.orders" in made else None
    dated = orders.columns.get("ordered_at") if orders else None
    returns = return_rows.split_returns(block, match, dated)
    if returns and orders:
        return_rows.only_sales(orders, match.columns["quantity"].facts.header)
    return [returns] if returns else []


def _add(proposal: Proposal, export: Export, block: Block) -> None:
    block.tables.append(export.table.name)
    for known in proposal.blocks:
        if known.feed == block.feed and merging.merged(known, block):
            return
    proposal.blocks.append(block)
