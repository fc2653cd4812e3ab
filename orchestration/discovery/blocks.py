"""Mappings of shop.yml as text to review: each column with its confidence, and what was assumed.

A mapping is plain data here; whether landing accepts it is tried by `trial.py`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.config.contract import load_contract
from orchestration.discovery import fills, names, value_words
from orchestration.discovery.block import Block, listed
from orchestration.discovery.facts import NUMBERS, Facts
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.known_exports import Recognised, profile
from orchestration.discovery.relations import Lookup
from orchestration.discovery.tables import Table

_UNITS = (("micros", "micros"), ("cents", "cents"), ("fen", "fen"), ("分", "fen"))


def of_profile(found: Recognised, files: str, renamed: Mapping[str, str]) -> Block:
    """A mapping by a profile, with headers that stand for those that the profile misses."""
    block = Block(
        found.feed,
        {"files": files, "profile": found.profile},
        {"profile": f"{found.confidence:.0%}"},
    )
    known = profile(found.profile).columns
    for name, header in renamed.items():
        own = known[name].model_dump(by_alias=True, exclude_defaults=True, exclude={"headers"})
        both = [*known[name].headers, header]
        block.content.setdefault("columns", {})[name] = {"from": both, **own} if own else both
        block.doubts.append(f"{name}: the file has {header} instead of {known[name].headers[0]}")
    return block


def of_match(match: FeedMatch, table: Table, files: str, system: str) -> Block:
    """A mapping of a table that no profile fits."""
    content: dict[str, Any] = {"files": files, "source_system": system}
    block = Block(match.feed, content)
    if table.sheet:
        content["sheet"] = table.sheet
    if table.each:
        content["each"] = table.each
    if table.shape.header_row == 0:
        content["header"] = "none"
    if table.ends_before:
        content["may_end_before"] = table.ends_before
        block.doubts.append(
            f"rows may end before {table.ends_before}; their further cells are empty"
        )
    if any(c.facts.decimal_comma for c in match.columns.values()):
        content["decimal"] = ","
    if match.fill_down:
        content["fill_down"] = list(match.fill_down)
    content["columns"] = _columns(match, block)
    fills.fill(match, block)
    fills.rates_to_amounts(match, block)
    return block


def _columns(match: FeedMatch, block: Block) -> dict[str, Any]:
    feed = load_contract()[match.feed]
    found = {}
    for name in feed.columns:
        if name in match.columns:
            candidate = match.columns[name]
            found[name] = _spec(match.feed, name, candidate.facts, block)
            block.notes[name] = f"{min(candidate.confidence, 1):.0%}"
    return found


def _spec(feed: str, name: str, facts: Facts, block: Block) -> Any:
    column = load_contract()[feed].columns[name]
    spec: dict[str, Any] = {"from": facts.header}
    if facts.format and column.data_type in ("date", "timestamp"):
        spec["format"] = facts.format[0] if len(facts.format) == 1 else list(facts.format)
        if facts.order == "unknown":
            block.unordered.append(name)
            block.doubts.append(
                f"{name}: every day of {facts.header} is 12 or less, so that day and month cannot be distinguished"
            )
        if facts.order == "mixed":
            block.doubts.append(
                f"{name}: {facts.header} has dates with the day first and with the month first"
            )
    if name.endswith("_amount") and (unit := _unit(facts.header)):
        spec["unit"] = unit
    if (
        name.endswith("_rate")
        and facts.kind in NUMBERS
        and facts.kind != "percent"
        and float(facts.high or 0) > 1.5
    ):
        spec["unit"] = "percent"
    if column.values and facts.words:
        known = value_words.mapped(feed, column, facts.words)
        if known:
            spec["map"] = known
        if unknown := value_words.unknown(feed, column, facts.words):
            listed = ", ".join(unknown[:8]) + (" …" if len(unknown) > 8 else "")
            if name == "event_name":
                spec |= {"map": known | dict.fromkeys(unknown, "other")}
            block.doubts.append(
                f"{name}: nothing is known of {listed}; give each a value of {', '.join(column.values)}"
            )
    if column.data_type == "boolean" and names.is_inverted(facts.header):
        spec["map"] = _reversed(facts.words)
    return facts.header if list(spec) == ["from"] else spec


def set_month_first(blocks: Sequence[Block]) -> None:
    """Read dates whose day and month cannot be distinguished with the month first."""
    for block in blocks:
        for name in block.unordered:
            spec = block.columns[name]
            turned = [
                f.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")
                for f in listed(spec["format"])
            ]
            spec["format"] = turned[0] if len(turned) == 1 else turned
        block.doubts = [d for d in block.doubts if d.partition(":")[0] not in block.unordered]


def _unit(header: str) -> str | None:
    words = [*names.words_of(header), *re.findall("[(（](.)[)）]", header)]
    return next((unit for word, unit in _UNITS if word in words), None)


def _reversed(words: Sequence[str]) -> dict[str, str]:
    true = {"1", "true", "yes", "y", "是", "t"}
    return {word: "false" if word.casefold() in true else "true" for word in words}


def add_relations(
    block: Block,
    spellings: Mapping[str, Sequence[tuple[str, str]]],
    lookups: Sequence[Lookup],
) -> None:
    """Bring ids to the spelling of another file, and take names from tables of names."""
    columns = block.content["columns"]
    for name, replacements in spellings.items():
        if replacements and name in columns:
            spec = columns[name] if isinstance(columns[name], dict) else {"from": columns[name]}
            columns[name] = spec | {"replace": dict(replacements)}
    for lookup in lookups:
        table = {"file": lookup.table.file, "key": lookup.key, "value": lookup.value}
        columns[lookup.column] = {"from": lookup.of.facts.header, "map": table}
        block.notes[lookup.column] = f"names of {lookup.table.file}"
