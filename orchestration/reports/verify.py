"""Whether the state of a home is whole: archive, ledger, warehouse, kept tables and releases.

Every file is read and compared with its checksum. Nothing is changed.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.config.settings import Settings
from orchestration.landing.record import archive, reconcile
from orchestration.landing.record.archive import Ledger
from orchestration.release import generations
from orchestration.system import checksums

_OWN = ("mappings",)
_NO_LEDGER = (
    "Files have landed, but nothing else can be verified. If this home is of an earlier version, "
    "`shop360 land` writes the ledger; else put it back from a backup."
)
_EXTRA = (
    "A killed landing left it, or a line of the ledger is lost. `shop360 land` lands it if it is "
    "still in the inbox."
)
_AGAIN = "`shop360 release` writes a new one, `shop360 rollback` serves the one before."


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: where, which file, what is wrong and what to do."""

    place: str
    name: str
    problem: str
    advice: str


@dataclass
class Verdict:
    """`checked`: how many files of each place were looked at."""

    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """The verdict as plain values, for JSON."""
        return {
            "is_whole": not self.findings,
            "checked": self.checked,
            "findings": [asdict(finding) for finding in self.findings],
        }


def verify(settings: Settings) -> Verdict:
    """Look at everything. The caller holds the writer lock, so that nothing changes meanwhile."""
    verdict = Verdict()
    ledger = archive.read(settings)
    if not ledger.landed and not ledger.damaged and any(settings.archive.glob("*/*")):
        verdict.findings.append(
            Finding("ledger", archive.path_of(settings).name, "missing", _NO_LEDGER)
        )
        return verdict
    parts: dict[str, Callable[[], Iterator[Finding | None]]] = {
        "archive": lambda: check_archive(settings, ledger),
        "ledger": lambda: _check_ledger(settings, ledger),
        "warehouse": lambda: _check_warehouse(settings, ledger),
        "kept": lambda: _check_kept(settings),
        "release": lambda: _check_releases(settings),
    }
    for place, check in parts.items():
        results = list(check())
        verdict.checked[place] = len(results)
        verdict.findings += [finding for finding in results if finding]
    return verdict


def check_archive(settings: Settings, ledger: Ledger) -> Iterator[Finding | None]:
    """Every file that the ledger names, and every file that it does not name."""
    names = {entry.archived_as: entry.file_name for entry in ledger.landed}
    expected = ledger.files()
    for place, file_hash in sorted(expected.items()):
        path = settings.archive / place
        shown = f"{place} ({names.get(place, 'a lookup file')})"
        if not path.is_file():
            yield Finding("archive", shown, "missing", "Put it back from a backup.")
        elif checksums.sha256_of(path) != file_hash or not path.name.startswith(file_hash):
            yield Finding("archive", shown, "changed", "Put it back from a backup.")
        else:
            yield None
    for path in sorted(settings.archive.glob("*/*")):
        place = path.relative_to(settings.archive).as_posix()
        if path.is_file() and path.parent.name not in _OWN and place not in expected:
            yield Finding("archive", place, "not in the ledger", _EXTRA)


def _check_ledger(settings: Settings, ledger: Ledger) -> Iterator[Finding | None]:
    for number in ledger.damaged:
        yield Finding(
            "ledger", f"line {number}", "cannot be read", "Put ledger.jsonl back from a backup."
        )
    for name in sorted({entry.mappings for entry in ledger.landed if entry.mappings}):
        if archive.load_mappings(settings, name) is None:
            yield Finding(
                "ledger",
                f"mappings/{name}.json",
                "missing or damaged",
                "Put it back from a backup; a rebuild uses today's shop.yml instead.",
            )
        else:
            yield None


def _check_warehouse(settings: Settings, ledger: Ledger) -> Iterator[Finding | None]:
    name = settings.warehouse.name
    if not settings.warehouse.exists():
        if ledger.landed:
            yield Finding("warehouse", name, "missing", "Type `shop360 rebuild`.")
        return
    try:
        # Every block is read: a damaged one is found by DuckDB's own checksum.
        with duckdb.connect(str(settings.warehouse), read_only=True) as con:
            _read_all(con)
            missing, lost = reconcile.differences(ledger, con)
    except duckdb.Error as error:
        text = str(error).splitlines()[0][:120]
        yield Finding("warehouse", name, f"cannot be read ({text})", "Type `shop360 rebuild`.")
        return
    yield None
    for entry in lost:
        yield Finding(
            "warehouse", entry.file_name, "landed, but is not in it", "Type `shop360 rebuild`."
        )
    for entry in missing:
        yield Finding(
            "ledger",
            entry.file_name,
            "is in the warehouse, but not in the ledger",
            "The next landing writes it down: type `shop360 land`.",
        )


def _read_all(con: duckdb.DuckDBPyConnection) -> None:
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database()"
    ).fetchall()
    for schema, table in tables:
        con.execute(f'select count(columns(*)) from "{schema}"."{table}"').fetchall()


def _check_kept(settings: Settings) -> Iterator[Finding | None]:
    for path in sorted(settings.kept.glob("*.parquet")):
        try:
            with duckdb.connect() as con:
                con.execute("select count(columns(*)) from read_parquet(?)", [str(path)]).fetchall()
            yield None
        except duckdb.Error:
            yield Finding(
                "kept", path.name, "cannot be read", "The next green run writes it again."
            )


def _check_releases(settings: Settings) -> Iterator[Finding | None]:
    link = settings.serving / "current"
    if link.is_symlink() and not settings.released.exists():
        target = link.readlink()
        yield Finding("release", f"current -> {target}", "leads to nothing", _AGAIN)
    for folder in generations.generations(settings):
        wrong = checksums.wrong(folder)
        if wrong == {checksums.NAME: "missing"}:
            # Released by a version that wrote none: it opens, more cannot be said.
            wrong = (
                {}
                if _opens(folder / settings.released.name)
                else {settings.released.name: "cannot be opened"}
            )
        for name, problem in wrong.items():
            yield Finding("release", f"{folder.name}/{name}", problem, _AGAIN)
        if not wrong:
            yield None


def _opens(path: Path) -> bool:
    with contextlib.suppress(duckdb.Error), duckdb.connect(str(path), read_only=True):
        return True
    return False
