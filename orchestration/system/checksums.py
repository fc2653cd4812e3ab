"""SHA-256 of released files, kept beside them in `SHA256SUMS`, in the format of `sha256sum -c`."""

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def write(folder: Path) -> None:
    """Write the sums of all files of a folder into it, read-only."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != NAME)
    sums = folder / NAME
    sums.write_text("".join(f"{sha256_of(path)}  {path.name}\n" for path in files))
    sums.chmod(0o444)


def wrong(folder: Path) -> dict[str, str]:
    """What is wrong with the files of a folder by their sums: name and problem, nothing where all is well."""
    try:
        lines = (folder / NAME).read_text().splitlines()
    except OSError:
        return {NAME: "missing"}
    found = {}
    for line in lines:
        expected, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file():
            found[name] = "missing"
        elif sha256_of(path) != expected:
            found[name] = "changed"
    return found


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
