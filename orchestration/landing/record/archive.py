"""The archive's ledger: every file that landed, with all that is needed to land it again.

`<archive>/ledger.jsonl` has one JSON object per line, in the order of landing, and only grows. It lies
outside the warehouse, so that a damaged warehouse can be rebuilt. Kinds of lines:

- `landed`: one file for one mapping. Written after the commit of the warehouse.
- `batch`: a landing came to its end.
- `replaced`: the content `file_hash` was rewritten as `new_hash`, such as after a person was removed.

The mappings of a batch are kept beside it, in `<archive>/mappings/<hash>.json`. Every writer holds the
lock of the home. `read` returns the lines with all replacements applied.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.config.mapping import FeedMapping
from orchestration.config.settings import Settings


@dataclass(frozen=True)
class LookupFile:
    """A file that a mapping looked values up in, as it was at the landing."""

    name: str
    member: str | None
    modified_at: str
    file_hash: str
    archived_as: str


@dataclass(frozen=True)
class Landed:
    """One file that landed for one mapping. Times are ISO texts in UTC, without a zone.

    `mappings` and `place` name the mapping; both are empty for files that landed before the ledger
    existed. `redacted_from` is the hash that the file had in the inbox, if its content was replaced.
    """

    batch_id: str
    batch_at: str
    feed: str
    source_system: str | None
    shop_id: str | None
    file_name: str
    member: str | None
    file_hash: str
    size_bytes: int
    modified_at: str
    mapping_hash: str
    archived_as: str
    landed_at: str
    mappings: str = ""
    place: str = ""
    lookups: tuple[LookupFile, ...] = ()
    redacted_from: str | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """What the warehouse's own record of the same landing has too; a replacement changes none of it."""
        scope = (self.feed, self.source_system, self.shop_id)
        return (self.batch_id, *scope, self.file_name, self.mapping_hash)


@dataclass(frozen=True)
class Replaced:
    """A content that was rewritten: its old and new hash, and where the new one is archived."""

    file_hash: str
    new_hash: str
    archived_as: str
    size_bytes: int
    reason: str
    at: str


@dataclass
class Ledger:
    """What the ledger says. `finished`: when a batch came to its end. `damaged`: unreadable lines."""

    landed: list[Landed] = field(default_factory=list)
    finished: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, Replaced] = field(default_factory=dict)
    damaged: list[int] = field(default_factory=list)

    def files(self) -> dict[str, str]:
        """Every archived file that the ledger needs, by its place in the archive: the hash."""
        found = {entry.archived_as: entry.file_hash for entry in self.landed}
        lookups = (lookup for entry in self.landed for lookup in entry.lookups)
        return found | {lookup.archived_as: lookup.file_hash for lookup in lookups}

    def present_hash(self, file_hash: str) -> str:
        """The hash of what now stands for a content; the same unless it was replaced."""
        step = last_step(self, file_hash)
        return step.new_hash if step else file_hash


def path_of(settings: Settings) -> Path:
    """The ledger's file."""
    return settings.archive / "ledger.jsonl"


def place_of(file_hash: str, suffix: str) -> str:
    """Where a content is archived, relative to the archive."""
    return f"{file_hash[:2]}/{file_hash}{suffix}"


def stamp(moment: datetime) -> str:
    """A moment of the warehouse as the ledger writes it."""
    return moment.isoformat(sep=" ")


def read(settings: Settings) -> Ledger:
    """The ledger, or an empty one if the file is missing. Lines that are no JSON are listed, not raised."""
    ledger = Ledger()
    with contextlib.suppress(FileNotFoundError):
        lines = path_of(settings).read_bytes().split(b"\n")
        for number, line in enumerate(lines, start=1):
            try:
                _take(ledger, json.loads(line)) if line.strip() else None
            except (ValueError, TypeError, AttributeError):
                ledger.damaged.append(number)
    if ledger.replaced:
        ledger.landed = [_present(ledger, entry) for entry in ledger.landed]
    return ledger


def _take(ledger: Ledger, line: dict[str, Any]) -> None:
    kind = line.pop("kind", None)
    if kind == "landed":
        line["lookups"] = tuple(LookupFile(**lookup) for lookup in line.get("lookups", ()))
        ledger.landed.append(Landed(**line))
    elif kind == "batch":
        ledger.finished[str(line["batch_id"])] = str(line["finished_at"])
    elif kind == "replaced":
        step = Replaced(**line)
        ledger.replaced[step.file_hash] = step
    else:
        raise ValueError(f"unknown kind {kind}")


def _present(ledger: Ledger, entry: Landed) -> Landed:
    lookups = tuple(
        replace(lookup, file_hash=step.new_hash, archived_as=step.archived_as)
        if (step := last_step(ledger, lookup.file_hash))
        else lookup
        for lookup in entry.lookups
    )
    step = last_step(ledger, entry.file_hash)
    if step is None:
        return replace(entry, lookups=lookups)
    return replace(
        entry,
        lookups=lookups,
        file_hash=step.new_hash,
        archived_as=step.archived_as,
        size_bytes=step.size_bytes,
        redacted_from=entry.file_hash,
    )


def last_step(ledger: Ledger, file_hash: str) -> Replaced | None:
    """What now stands for a content that was rewritten, maybe more than once; None if it was not."""
    step, seen = None, set()
    while (following := ledger.replaced.get(file_hash)) and file_hash not in seen:
        seen.add(file_hash)
        step, file_hash = following, following.new_hash
    return step


def append_landed(settings: Settings, entries: Iterable[Landed]) -> None:
    """Write down files that landed, after the warehouse has them."""
    _append(settings, [{"kind": "landed", **_plain(entry)} for entry in entries])


def append_batch(settings: Settings, batch_id: str, finished_at: str) -> None:
    """Write down that a landing came to its end."""
    _append(settings, [{"kind": "batch", "batch_id": batch_id, "finished_at": finished_at}])


def append_replaced(
    settings: Settings,
    file_hash: str,
    new_hash: str,
    archived_as: str,
    size_bytes: int,
    reason: str,
) -> None:
    """Write down that a content was rewritten; the new file must be in the archive already.

    The same original content in the inbox is then known by its old hash (`Ledger.replaced`).
    """
    now = stamp(datetime.now(UTC).replace(tzinfo=None, microsecond=0))
    step = Replaced(file_hash, new_hash, archived_as, size_bytes, reason, now)
    _append(settings, [{"kind": "replaced", **asdict(step)}])


def rewrite(settings: Settings, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Pass every readable line through `change` and put the result in place at once.

    None drops the line. Meant for what must not stay in any line, such as a name in a file name.
    """
    path = path_of(settings)
    if not path.exists():
        return
    kept = []
    for line in path.read_bytes().split(b"\n"):
        with contextlib.suppress(ValueError):
            if line.strip() and (changed := change(json.loads(line))) is not None:
                kept.append(changed)
    draft = path.with_suffix(".tmp")
    with draft.open("wb") as handle:
        handle.write(b"".join(_line(content) for content in kept))
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def keep_mappings(settings: Settings, mappings: Iterable[FeedMapping]) -> str:
    """Keep the mappings of a batch under the hash of their content, and return the hash."""
    content = [
        mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for mapping in mappings
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = _mappings_path(settings, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    return name


def load_mappings(settings: Settings, name: str) -> list[FeedMapping] | None:
    """The mappings kept under a hash, or None where they are missing or no longer understood."""
    try:
        content = json.loads(_mappings_path(settings, name).read_text(encoding="utf-8"))
        return [FeedMapping.model_validate(mapping) for mapping in content]
    except (OSError, ValueError):
        return None


def _mappings_path(settings: Settings, name: str) -> Path:
    return settings.archive / "mappings" / f"{name}.json"


def _plain(entry: Landed) -> dict[str, Any]:
    optional = ("mappings", "place", "lookups", "redacted_from")
    return {name: v for name, v in asdict(entry).items() if v or name not in optional}


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode() + b"\n"


def _append(settings: Settings, lines: list[dict[str, Any]]) -> None:
    """Add lines, on the disk when this returns. The half line of a killed writer is cut off first."""
    if not lines:
        return
    path = path_of(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as handle:
        _cut_torn_end(handle.fileno())
        handle.write(b"".join(map(_line, lines)))
        handle.flush()
        os.fsync(handle.fileno())


def _cut_torn_end(descriptor: int) -> None:
    size = end = os.fstat(descriptor).st_size
    while end and os.pread(descriptor, 1, end - 1) != b"\n":
        end -= 1
    if end < size:
        os.ftruncate(descriptor, end)
