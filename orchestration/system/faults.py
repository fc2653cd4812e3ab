"""Faults of the machine: a full disk, missing rights, short memory, a damaged file of the home.

Such a fault stops the work and changes nothing; it is never the fault of an export. `of` finds it in an
exception, `in_text` in the words of another program, and both say in one line what to do.
"""

import errno
import getpass
import os
import re
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.system import database_faults
from orchestration.system.errors import OperatorError

_CAUSES = {
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "make room there or raise the quota of this user",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "mount the file system writable",
    errno.EIO: "check the disk (dmesg) and the last backup",
    errno.EMFILE: "raise the limit on open files (ulimit -n)",
    errno.ENFILE: "close other programs: the machine has too many open files",
    errno.ENOMEM: "end other programs, or give this machine more memory",
    errno.ESTALE: "mount the file system again",
}
_RIGHTS = (errno.EACCES, errno.EPERM)
_WORDS = {os.strerror(number): number for number in (*_CAUSES, *_RIGHTS)}
# DuckDB and Python end their sentences with the words of the operating system.
_SAID = re.compile(
    r'(?:"(?P<path>/[^"\n]*)"[^"\n]{0,80})?(?:: |\[Errno \d+\] )'
    rf"(?P<words>{'|'.join(map(re.escape, _WORDS))})"
    r"(?:: '(?P<python_path>/[^'\n]*)')?(?=[\s.)]|$)"
)
_SQLITE = {
    "database or disk is full": errno.ENOSPC,
    "disk i/o error": errno.EIO,
    "readonly database": errno.EACCES,
    "unable to open database file": errno.EACCES,
}
_NOTHING = 1_000_000
_SPILLED = ("offload", "max_temp_directory_size")


class MachineFault(OperatorError):
    """The machine, not the data, is at fault; the text is one line for the operator."""


class WarehouseUnusable(MachineFault):
    """A DuckDB file of the home is open elsewhere, damaged, or of another version."""


def of(error: BaseException, doing: str = "", within: Path | None = None) -> MachineFault | None:
    """The fault of the machine behind an exception, or None where it is something else.

    `doing` is what stopped. With `within`, missing rights count only below that folder: an export
    that may not be read is a fault of the export.
    """
    for one in _chain(error):
        if isinstance(one, MachineFault):
            return one
        if isinstance(one, OSError):
            fault = _of_system(one, doing, within)
        elif isinstance(one, MemoryError | duckdb.OutOfMemoryException):
            fault = _of_memory(str(one), doing)
        elif isinstance(one, duckdb.Error):
            fault = _of_duckdb(one, doing, within)
        elif isinstance(one, sqlite3.DatabaseError):
            fault = _of_sqlite(str(one), doing)
        else:
            fault = None
        if fault is not None:
            return fault
    return None


def in_text(text: str, doing: str = "") -> MachineFault | None:
    """The fault of the machine that another program reports in its output."""
    if said := _SAID.search(text):
        return _fault(
            _WORDS[said["words"]], said["path"] or said["python_path"], doing, said["words"]
        )
    if "Out of Memory Error" in text:
        return _of_memory(text, doing)
    if found := database_faults.read(_line_of_database(text)):
        return WarehouseUnusable(_with(doing, found.text(_warehouse())))
    return None


@contextmanager
def stopping(doing: str, within: Path | None = None) -> Generator[None]:
    """A fault of the machine within the block is raised as `MachineFault`, whatever hides it."""
    try:
        yield
    except Exception as error:
        fault = of(error, doing, within)
        if fault is None or fault is error:
            raise
        raise fault from error


@contextmanager
def opening(path: Path) -> Generator[None]:
    """What hinders opening a DuckDB file is raised as `WarehouseUnusable` or `MachineFault`."""
    try:
        yield
    except duckdb.Error as error:
        if found := database_faults.read(str(error)):
            raise WarehouseUnusable(found.text(path)) from error
        fault = of(error, f"opening {path}") or WarehouseUnusable(
            f"{path} cannot be opened: {first_line(error)}"
        )
        raise fault from error


def need_room(folder: Path, size: int, doing: str) -> None:
    """Raise before a file of `size` bytes fills the disk."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise MachineFault(
            f"{doing} needs {_size(size)} in {folder}, and {_size(free)} are free there; "
            "make room there and type the command again."
        )


def first_line(error: BaseException) -> str:
    """The first line of an error's text."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _of_system(error: OSError, doing: str, within: Path | None) -> MachineFault | None:
    number, place = error.errno, error.filename
    path = os.fsdecode(place) if isinstance(place, str | bytes | os.PathLike) else None
    if number in _RIGHTS:
        inside = within is None or (path is not None and Path(path).is_relative_to(within))
        return _fault(number, path, doing, os.strerror(number)) if inside else None
    return _fault(number, path, doing, os.strerror(number)) if number in _CAUSES else None


def _of_duckdb(error: duckdb.Error, doing: str, within: Path | None) -> MachineFault | None:
    text = first_line(error)
    if isinstance(error, duckdb.FatalException):
        return MachineFault(
            _with(
                doing, f"DuckDB had to stop ({text}); type the command again. If it stops again, "
            )
            + "the warehouse may be damaged: `shop360 rebuild` makes it again from the archive."
        )
    # Errors of other kinds may quote the content of a file.
    if not isinstance(error, duckdb.IOException | duckdb.TransactionException):
        return None
    if (said := _SAID.search(text)) and said.end() >= len(text.rstrip(" .\n")):
        path = said["path"]
        number = _WORDS[said["words"]]
        outside = within is not None and not (path and Path(path).is_relative_to(within))
        return None if number in _RIGHTS and outside else _fault(number, path, doing, said["words"])
    found = database_faults.read(text)
    if found and (found.path is None or found.path.endswith((".duckdb", ".duckdb.wal"))):
        return WarehouseUnusable(_with(doing, found.text(_warehouse())))
    return None


def _of_memory(text: str, doing: str) -> MachineFault:
    if any(word in text for word in _SPILLED):
        private = os.environ.get("SHOP360_PRIVATE")
        place = str(Path(private, "tmp")) if private else None
        return _fault(errno.ENOSPC, place, doing, "no room for the working files of DuckDB")
    return _fault(errno.ENOMEM, None, doing, "not enough memory")


def _of_sqlite(text: str, doing: str) -> MachineFault | None:
    folder = os.environ.get("DAGSTER_HOME")
    for words, number in _SQLITE.items():
        if words in text.lower():
            # SQLite calls a full disk an I/O error where it cannot grow its journal.
            if number == errno.EIO and (free := _free(folder)) is not None and free < _NOTHING:
                number, text = errno.ENOSPC, os.strerror(errno.ENOSPC)
            return _fault(number, folder, doing, text)
    if "malformed" in text or "not a database" in text:
        return MachineFault(
            f"{folder}: the run history of Dagster is damaged ({text}); move this folder away and type "
            "the command again. Exports, warehouse and releases do not depend on it."
        )
    return None


def _fault(number: int, path: str | None, doing: str, words: str) -> MachineFault:
    where = f" at {path}" if path else ""
    if number in _RIGHTS:
        what = f"{words}{where}: {_rights(path)}"
        return MachineFault(_with(doing, f"{what}, then type the command again."))
    room = f" ({_size(free)} free)" if (free := _free(path)) is not None else ""
    advice = _CAUSES[number]
    room = room if number in (errno.ENOSPC, errno.EDQUOT, errno.EIO) else ""
    return MachineFault(
        _with(doing, f"{words}{where}{room}; {advice}, then type the command again.")
    )


def _with(doing: str, text: str) -> str:
    return f"{doing} stopped: {text}" if doing else text[:1].upper() + text[1:]


def _rights(path: str | None) -> str:
    user = _user(os.geteuid())
    for place in [Path(path), *Path(path).parents] if path else []:
        try:
            owner = _user(place.stat().st_uid)
        except OSError:
            continue
        if owner != user:
            return f"you are {user}, and {place} belongs to {owner}; work as {owner} or change the rights"
        break
    return f"{user} lacks the rights; change them"


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return getpass.getuser() if number == os.geteuid() else f"user {number}"


def _free(path: str | None) -> int | None:
    home = os.environ.get("SHOP360_PRIVATE") or os.environ.get("SHOP360_HOME")
    start = path or home
    for place in [Path(start), *Path(start).parents] if start else []:
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None


def _size(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"


def _warehouse() -> Path:
    return Path(os.environ.get("SHOP360_WAREHOUSE", "warehouse.duckdb"))


def _line_of_database(text: str) -> str:
    return next((line for line in text.splitlines() if database_faults.read(line)), "")
