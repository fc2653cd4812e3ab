"""Mappings of shop.yml as text to review: each column with its confidence, and what was assumed.

A mapping is plain data here; whether landing accepts it is tried by `trial.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from orchestration.config.contract import load_contract
from orchestration.discovery import names, value_words
from orchestration.discovery.facts import NUMBERS, Facts
from orchestration.discovery.feeds import FeedMatch, shapes
from orchestration.discovery.relations import Lookup
from orchestration.discovery.tables import Table

_UNITS = (("micros", "micros"), ("cents", "cents"), ("fen", "fen"), ("分", "fen"))


@dataclass
class Block:
    """One mapping: `content` as in shop.yml, a note per column, and what a person has to look at."""

    feed: str
    content: dict[str, Any]
    notes: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the mapping; empty where a profile has them all."""
        return self.content.get("columns", {})


def of_profile(profile: str, feed: str, files: str, confidence: float) -> Block:
    """A mapping by a profile."""
    note = {"profile": f"{confidence:.0%}"}
    return Block(feed, {"files": files, "profile": profile}, note)


def of_match(match: FeedMatch, table: Table, files: str, system: str) -> Block:
    """A mapping of a table that no profile fits."""
    content: dict[str, Any] = {"files": files, "source_system": system}
    block = Block(match.feed, content)
    if table.sheet:
        content["sheet"] = table.sheet
    if table.shape.header_row == 0:
        content["header"] = "none"
    if table.ends_before:
        content["may_end_before"] = table.ends_before
        block.doubts.append(f"rows may end before {table.ends_before}; their further cells are empty")
    if any(c.facts.decimal_comma for c in match.columns.values()):
        content["decimal"] = ","
    if match.fill_down:
        content["fill_down"] = list(match.fill_down)
    content["columns"] = _columns(match, block)
    _fill(match, block)
    _derive(match, block)
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
            block.doubts.append(f"{name}: every day of {facts.header} is 12 or less, so that day and month cannot be told apart")
        if facts.order == "mixed":
            block.doubts.append(f"{name}: {facts.header} has dates with the day first and with the month first")
    if name.endswith("_amount") and (unit := _unit(facts.header)):
        spec["unit"] = unit
    if name.endswith("_rate") and facts.kind in NUMBERS and facts.kind != "percent" and float(facts.high or 0) > 1.5:
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


def _unit(header: str) -> str | None:
    words = [*names.words_of(header), *re.findall("[(（](.)[)）]", header)]
    return next((unit for word, unit in _UNITS if word in words), None)


def _reversed(words: Sequence[str]) -> dict[str, str]:
    true = {"1", "true", "yes", "y", "是", "t"}
    return {word: "false" if word.casefold() in true else "true" for word in words}


def _fill(match: FeedMatch, block: Block) -> None:
    """Required columns without a header get what the feed's shape says."""
    columns, headers = block.content["columns"], match.columns
    for name, fill in shapes().get(match.feed, {}).get("fills", {}).items():
        if name in columns:
            continue
        if "const" in fill:
            columns[name] = {"const": fill["const"]}
            block.doubts.append(f"{name}: the export does not say it; every row is taken as {fill['const']}")
        elif "hash_of" in fill:
            parts = [headers[part].facts.header for part in fill["hash_of"] if part in headers]
            columns[name] = {"hash_of": parts}
            block.doubts.append(f"{name}: the export has no such id; it is made of {', '.join(parts)}")
        elif "of" in fill:
            part = next(part for part in fill["of"] if part in headers)
            columns[name] = {"from": headers[part].facts.header, "number_repeats": "true"}
        elif "level" in fill:
            level = next((part for part in fill["level"] if part in headers), "account_id")
            columns[name] = {"const": level.removesuffix("_id")}
    if match.feed == "erp.orders":
        status = headers.get("status")
        if status and "refund_status" not in columns and (words := value_words.returned(status.facts.words)):
            columns["refund_status"] = {"from": status.facts.header, "map": words, "else": "null"}
            block.doubts.append("refund_status: orders whose status says returned are taken as refunded in full")
        _order_times(columns, block)
        columns.setdefault("platform", {"const": "own"})


def _order_times(columns: dict[str, Any], block: Block) -> None:
    """An order export with one time: the order was placed and paid then, unless a status says otherwise."""
    if "ordered_at" not in columns:
        columns["ordered_at"] = columns["paid_at"]
        block.doubts.append("ordered_at: the export has only the time of payment")
    if "paid_at" not in columns and columns.get("status") == {"const": "completed"}:
        columns["paid_at"] = columns["ordered_at"]
        block.doubts.append("paid_at: the export has no time of payment; the time of the order is taken")


def _derive(match: FeedMatch, block: Block) -> None:
    """A discount between 0 and 1 beside larger prices is a rate."""
    found = match.columns
    discount = found.get("merchant_discount_amount")
    price = found.get("unit_price")
    if match.feed != "erp.order_lines" or not discount or "quantity" not in found:
        return
    money = price or found.get("paid_amount")
    if money and 0 < float(discount.facts.high or 0) < 1 < float(money.facts.high or 0):
        sql = "quantity * unit_price * merchant_discount_amount"
        if not price:
            sql = "paid_amount / (1 - merchant_discount_amount) * merchant_discount_amount"
        block.content["derive"] = {"merchant_discount_amount": sql}
        block.doubts.append("merchant_discount_amount: values from 0 to 1 are taken as a rate of the price")


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


def split_returns(block: Block, match: FeedMatch) -> Block | None:
    """Order lines with negative units: those rows become refunds, in a second mapping of the same file."""
    quantity, amount = match.columns.get("quantity"), match.columns.get("paid_amount")
    if block.feed != "erp.order_lines" or not quantity or not quantity.facts.negatives or not amount:
        return None
    header = quantity.facts.header
    columns = block.content["columns"]
    key = columns["line_id"] if isinstance(columns["line_id"], str) else None
    refund: dict[str, Any] = {
        "refund_id": key or {"hash_of": [_header(columns[n]) for n in ("order_id", "product_id") if n in columns]},
        "order_id": columns["order_id"],
        "status": {"const": "success"},
        "quantity": {"from": header, "factor": "-1"},
        "refunded_amount": {"from": amount.facts.header, "factor": "-1"},
    }
    if "product_id" in columns:
        refund["product_id"] = columns["product_id"]
    shared = {k: v for k, v in block.content.items() if k not in ("columns", "derive")}
    block.content = {**shared, "where": {header: ">= 0"}, **{k: v for k, v in block.content.items() if k not in shared}}
    returns = Block("erp.refunds", {**shared, "where": {header: "< 0"}, "columns": refund})
    returns.doubts.append(f"rows with negative {header} are taken as returns; add refunded_at if the file has their day")
    return returns


def _header(spec: Any) -> str:
    return spec if isinstance(spec, str) else spec["from"]


def merged(known: Block, block: Block) -> bool:
    """Join a mapping to another of the same kind of file, or of the same profile; whether that was possible."""
    files = list(dict.fromkeys([*_listed(known.content["files"]), *_listed(block.content["files"])]))
    if (profile := block.content.get("profile")) is not None:
        if known.content.get("profile") != profile:
            return False
    elif known.content["files"] != block.content["files"] or "profile" in known.content:
        return False
    else:
        for name, spec in block.columns.items():
            known.columns[name] = _either(known.columns.get(name), spec)
        known.doubts = list(dict.fromkeys([*known.doubts, *block.doubts]))
    known.content["files"] = files[0] if len(files) == 1 else files
    known.tables += block.tables
    return True


def _listed(files: str | list[str]) -> list[str]:
    return files if isinstance(files, list) else [files]


def _either(known: Any, spec: Any) -> Any:
    """One column from either of two layouts of an export."""
    if known is None or known == spec:
        return spec
    if isinstance(known, str | list) and isinstance(spec, str):
        return list(dict.fromkeys([*_listed(known), spec]))
    if isinstance(known, dict) and isinstance(spec, dict) and "from" in known and "from" in spec:
        both = _either(known["from"], spec["from"])
        return known | spec | {"from": both} | ({"map": {**known.get("map", {}), **spec.get("map", {})}} if "map" in known or "map" in spec else {})
    return known


def text_of(blocks: Sequence[Block]) -> str:
    """The `feeds:` section of shop.yml with all mappings."""
    lines = ["feeds:"]
    for code in load_contract():
        own = [block for block in blocks if block.feed == code]
        if own:
            lines.append(f"  {code}:")
        for block in own:
            lines += [f"    # {doubt}" for doubt in block.doubts]
            lines += _mapping(block)
    return "\n".join(lines) + "\n"


def _mapping(block: Block) -> list[str]:
    lines = []
    for key, value in block.content.items():
        start = "    - " if not lines else "      "
        if key == "columns":
            lines.append("      columns:")
            pairs = [(f"        {name}: {_flow(spec)}", block.notes.get(name, "")) for name, spec in value.items()]
            width = min(max((len(text) for text, _ in pairs), default=0), 60)
            lines += [f"{text:<{width}}  # {note}" if note else text for text, note in pairs]
        elif isinstance(value, Mapping):
            lines.append(f"{start}{key}:")
            lines += [f"        {name}: {_flow(spec)}" for name, spec in value.items()]
        else:
            note = block.notes.get(key)
            lines.append(f"{start}{key}: {_flow(value)}" + (f"  # {note}" if note else ""))
    return lines


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
