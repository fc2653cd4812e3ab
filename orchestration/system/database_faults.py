"""What DuckDB says of a file that it cannot open or read, in words for the operator."""

import re
from dataclasses import dataclass
from pathlib import Path

_HELD = re.compile(
    r'Could not set lock on file "(?P<path>[^"]*)": (?:Conflicting lock is held'
    r"(?: in (?P<program>.*?))?(?: \(PID (?P<pid>\d+)\))?(?: by user (?P<user>\S+?))?\. )?"
)
_NEWER = re.compile(
    r"version number (?P<number>\d+), but we can only read|newer version of DuckDB|"
    r"storage version .{0,80}(?:newer|not supported)|not supported by this version"
)
_DAMAGED = re.compile(
    r'file "(?P<path>[^"]*)" exists, but it is not a valid|Corrupt database file|'
    r'Could not read enough bytes from file "(?P<short>[^"]*)"|Failed to load metadata pointer|'
    r"[Ff]ailure while replaying WAL file"
)


@dataclass(frozen=True)
class DatabaseFault:
    """`kind` is held, newer or damaged; `path` is the file, where DuckDB names it."""

    kind: str
    words: str
    path: str | None = None
    holder: str = ""

    def text(self, path: Path) -> str:
        """One line: what is wrong with the file, and what to do."""
        place = Path(self.path) if self.path else path
        if self.kind == "held":
            return (
                f"{place} is open in another program{self.holder}; close it there, then type the "
                "command again."
            )
        if self.kind == "newer":
            return (
                f"{place} was written by a newer version of DuckDB ({self.words}); install the version "
                f"of shop360 that wrote it, {_remedy(place)}."
            )
        return f"{place} is damaged: {_state(place, self.words)}; {_remedy(place)}."


def read(text: str) -> DatabaseFault | None:
    """The fault that DuckDB's text names, or None where the text means something else."""
    line = text.splitlines()[0] if text else ""
    words = line.removeprefix("IO Error: ").rstrip("!. ")
    if held := _HELD.search(line):
        return DatabaseFault("held", words, held["path"], _holder(held))
    if _NEWER.search(line):
        return DatabaseFault("newer", words)
    if damaged := _DAMAGED.search(line):
        return DatabaseFault("damaged", words, damaged["path"] or damaged["short"])
    return None


def _holder(held: re.Match[str]) -> str:
    pid = held["pid"]
    if pid is None:
        return ""
    program = _script(pid) or Path(held["program"] or "").name or "unknown program"
    user = f" of user {held['user']}" if held["user"] else ""
    return f": {program}, process {pid}{user}"


def _script(pid: str) -> str:
    """The program, and its script where the program is an interpreter; its arguments stay out."""
    try:
        words = Path("/proc", pid, "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    names = [Path(words[0]).name]
    if len(words) > 1 and words[1].startswith("/") and Path(words[1]).is_file():
        names.append(Path(words[1]).name)
    return " ".join(name for name in names if name)


def _state(path: Path, words: str) -> str:
    try:
        size = path.stat().st_size
    except OSError:
        return words
    if size == 0:
        return "it is empty"
    if "not a valid" in words:
        return "it is not a DuckDB file"
    return f"it is cut off after {size:,} bytes" if "enough bytes" in words else words


def _remedy(path: Path) -> str:
    if path.name.startswith("warehouse."):
        return (
            "restore it from a backup, or type `shop360 rebuild` to make it again from the archive"
        )
    return (
        "type `shop360 rollback` to serve the release before it, or `shop360 run` to make a new one"
    )
