"""The steps of a removal, under the writer lock; an interrupted removal is resumed by the same command.

The journal holds what is looked for until the end. Every step can be repeated: rows that are changed
already are no longer found, and contents without the person stay as they are.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audience import forgetting
from orchestration.config.mapping import FeedMapping
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines import sync_history
from orchestration.engines.warehouse import connect
from orchestration.forget import other_files, releases, warehouse_rows
from orchestration.forget.archived_files import Stored
from orchestration.forget.removal_scope import Person, Removal, collect
from orchestration.forget.search import Search, Searched
from orchestration.landing.read import inbox
from orchestration.landing.redact import tokens
from orchestration.landing.redact.content import Cleaner
from orchestration.landing.write import tables as landing_tables
from orchestration.quality import check_results
from orchestration.release import build_facts
from orchestration.reports.explain_find import find
from orchestration.sources import delivery
from orchestration.system.errors import OperatorError
from orchestration.system.files import write_whole

Report = Callable[[int, int, str], None]


class ForgetError(OperatorError):
    """Nothing can be removed; the text says why and what to do."""


@dataclass
class Proof:
    """What was removed and where, what stays, and what the search of every file found."""

    at: str
    customers: int
    records: int
    orders: int
    shared_identifiers: int
    removed: dict[str, int] = field(default_factory=dict)
    remains: dict[str, Any] = field(default_factory=dict)
    searched: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ran: str = ""

    @property
    def traces(self) -> list[str]:
        """Places where something of the person is still found."""
        return self.searched.get("traces", [])


def look_up(settings: Settings, texts: list[str], *, every: bool = False) -> Removal:
    """The persons that the texts mean. Raises ForgetError if a text means no customer, or more than one."""
    _require_tables(settings)
    customers: dict[str, None] = {}
    with connect(settings, read_only=True) as con:
        for number, text in enumerate(texts, start=1):
            try:
                found = find(con, text).customers if text.strip() else ()
            except duckdb.CatalogException:
                raise ForgetError(
                    "The models of this home are not built, so no person can be looked up. "
                    "Type `shop360 run` first."
                ) from None
            which = "" if len(texts) == 1 else f" {number}"
            if not found:
                raise ForgetError(
                    f"Text{which} leads to no customer. Give a customer id, record id, order number, phone, "
                    "e-mail or card as `shop360 explain` takes it."
                )
            if len(found) > 1 and not every:
                raise ForgetError(
                    f"Text{which} leads to {len(found)} customers. `shop360 explain` lists them: give the "
                    "id of one of them, or --all to remove all of them."
                )
            customers |= dict.fromkeys(found)
        return collect(con, tokens.load(settings), tuple(customers), _salt())


def interrupted(settings: Settings) -> Removal | None:
    """The removal that a killed command left unfinished."""
    path = _journal(settings)
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    people = [Person(**person) for person in content.pop("people")]
    content.pop("asked")
    return Removal(people, **content)


def is_same(settings: Settings, texts: list[str]) -> bool:
    """Whether the unfinished removal was asked for by these texts."""
    content = json.loads(_journal(settings).read_text(encoding="utf-8"))
    return content["asked"] == _hash_of_request(settings, texts)


def begin(settings: Settings, removal: Removal, texts: list[str]) -> None:
    """Write the journal and the list; from here on the removal can only be finished."""
    tokens.load(settings)
    content = json.dumps(
        {**asdict(removal), "asked": _hash_of_request(settings, texts)}, ensure_ascii=False
    )
    write_whole(_journal(settings), content)


def remove(settings: Settings, removal: Removal, report: Report) -> Proof:
    """Every step but the run; the caller holds the writer lock and has called `begin`."""
    _require_tables(settings)
    tokens.add(settings, [(hashed, person) for hashed, person in removal.hashes])
    listed = tokens.load(settings)
    proof = _proof(removal)
    mappings = _mappings(settings)
    folder = Path(tempfile.mkdtemp(prefix="forget-", dir=_scratch(settings)))
    try:
        with connect(settings) as con:
            build_facts.forget_facts(con)
            con.execute("set preserve_insertion_order = true; attach ':memory:' as stage")
            listed.install(con)
            report(0, 6, "tables")
            warehouse_rows.keep_pairs(con)
            proof.removed |= warehouse_rows.clean_feeds(con, listed)
            report(1, 6, "archive and inbox")
            if _is_own(settings):
                delivery.finish_all(settings)
            deliveries = _deliveries(settings)
            hints = frozenset(removal.hints)
            cleaner = Cleaner(con, listed, mappings, deliveries, folder, hints)
            stored = Stored(settings, con, cleaner, mappings)
            stored.archive()
            if _is_own(settings):
                stored.inbox(Search({*removal.values, *removal.names}))
                proof.notes += [f"{n}: a torn archive, deleted." for n in stored.kept.deleted]
            else:
                proof.notes.append(
                    f"{settings.inbox} is not a part of this home and was not changed."
                )
            proof.removed |= {
                "archived files": stored.kept.archived,
                "inbox files": stored.kept.inbox,
            }
            proof.notes += [
                f"{n}: no mapping reads it, so only identifiers were replaced."
                for n in stored.kept.by_value_only
            ]
            report(2, 6, "quarantine and models")
            proof.removed |= warehouse_rows.clean_meta(con, listed, stored.kept.owned)
            check_results.forget_rows(settings, con)
            proof.removed |= warehouse_rows.clean_models(con, removal)
            report(3, 6, "warehouse")
            fresh = warehouse_rows.compact(con, settings.warehouse)
        fresh.replace(settings.warehouse)
        settings.warehouse.with_name(settings.warehouse.name + ".wal").unlink(missing_ok=True)
        _replace_copies(settings)
        report(4, 6, "releases")
        proof.removed["generations"] = releases.clean(settings, removal, listed)
        report(5, 6, "other files")
        proof.removed["other files"] = other_files.clean(settings, removal, listed)
        audiences = forgetting.clean(settings, removal.values)
        proof.removed["audience files"] = audiences.files
        proof.notes += audiences.notes
        report(6, 6, "")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return proof


def _replace_copies(settings: Settings) -> None:
    """Copies of customer ids and older warehouses hold the person; the former are written again."""
    # A copy with as many rows as its table would count as its copy, although the rows have changed.
    shutil.rmtree(settings.kept, ignore_errors=True)
    if (settings.dbt_target / "manifest.json").exists():
        sync_history.keep(settings)
    for old in settings.private.glob("warehouse.damaged-*"):
        old.unlink()
    if "://" not in settings.lake_place:
        shutil.rmtree(Path(settings.lake_place) / "kept", ignore_errors=True)


def finish(settings: Settings, removal: Removal, proof: Proof) -> Path:
    """Search every file, write the proof and end the journal where nothing is found; the proof's file."""
    texts = {*removal.values, *removal.names, *removal.keys}
    texts |= forgetting.digests_of(removal.values)
    found: Searched = Search(texts).home(settings, [_journal(settings)])
    proof.searched = asdict(found) | {"texts": len(texts)}
    proof.remains = _remains(settings, removal)
    path = tokens.folder(settings) / f"{proof.at}.json"
    path.write_text(json.dumps(asdict(proof), ensure_ascii=False, indent=1), encoding="utf-8")
    if not found.traces:
        _journal(settings).unlink(missing_ok=True)
    return path


def _proof(removal: Removal) -> Proof:
    counts = [person.counts for person in removal.people]
    orders = sum(count.get("order", 0) for count in counts)
    records = sum(sum(count.values()) for count in counts) - orders
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return Proof(stamp, len(removal.people), records, orders, removal.shared)


def _remains(settings: Settings, removal: Removal) -> dict[str, Any]:
    """The sums of the customers without a name, as the current release has them."""
    if not settings.released.exists():
        return {}
    ids = [[person.new_customer_id] for person in removal.people]
    try:
        with duckdb.connect(str(settings.released), read_only=True) as con:
            con.execute("create temp table ids (customer_id varchar)")
            con.executemany("insert into ids values (?)", ids)
            [row] = con.execute(
                "select count(distinct customer_id), count(*), coalesce(sum(paid_amount), 0), "
                "coalesce(sum(net_amount), 0) from marts.orders semi join ids using (customer_id)"
            ).fetchall()
    except duckdb.Error:
        return {}
    names = ("customers without a name", "orders", "paid amount", "net amount")
    return dict(zip(names, (*row[:2], *map(str, row[2:])), strict=True))


def _mappings(settings: Settings) -> list[FeedMapping]:
    from orchestration.matching.feed import mapping_of

    config = load_shop_config(settings.config)
    return [*config.mappings, mapping_of(config.shop.id, "matches.parquet")]


def _deliveries(settings: Settings) -> tuple[inbox.Delivery, ...]:
    return inbox.scan(settings.inbox).deliveries if settings.inbox.is_dir() else ()


def _is_own(settings: Settings) -> bool:
    return settings.inbox.is_dir() and settings.inbox.is_relative_to(settings.home)


def _require_tables(settings: Settings) -> None:
    if settings.target != "duckdb":
        raise ForgetError(
            f"This home is built by {settings.target}, whose lake keeps older versions of its files. "
            "Type `shop360 run --target duckdb` first, forget the person, and go back to the lake then."
        )
    if not settings.warehouse.exists():
        raise ForgetError(f"{settings.warehouse}: there is no warehouse; nothing has landed yet.")
    with connect(settings, read_only=True) as con:
        if landing_tables.views(con):
            raise ForgetError(
                "The rows of this home are in a lake. Type `shop360 run --target duckdb` first."
            )


def _scratch(settings: Settings) -> Path:
    settings.scratch.mkdir(parents=True, exist_ok=True)
    return settings.scratch


def _journal(settings: Settings) -> Path:
    return tokens.folder(settings) / "journal.json"


def _hash_of_request(settings: Settings, texts: list[str]) -> str:
    key = tokens.load(settings).key
    return hashlib.sha256("\n".join([key, *(text.strip() for text in texts)]).encode()).hexdigest()


def _salt() -> str:
    return os.environ.get("SHOP360_SALT", "unsalted")
