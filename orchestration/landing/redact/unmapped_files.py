"""Files that no mapping describes: identifiers are replaced wherever they occur."""

import codecs
from pathlib import Path
from typing import Any

from orchestration.landing.redact.tokens import Forgotten

_ENCODINGS = ("utf-8", "gb18030", "latin-1")


def scrub_file(path: Path, target: Path, listed: Forgotten) -> int:
    """Write the content without identifiers of removed persons; how many lines or cells changed.

    Nothing is written if no text is found; workbooks are not changed.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PAR1"):
        return _parquet(path, target, listed)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"SQLite f")) or b"DUCK" in head:
        return 0
    return _text(path, target, listed)


def _text(path: Path, target: Path, listed: Forgotten) -> int:
    data = path.read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in data and not wide:
        return 0
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            lines = data.decode(encoding).splitlines(keepends=True)
        except UnicodeDecodeError:
            continue
        new = [listed.scrub(line) if line.strip() else line for line in lines]
        count = sum(a != b for a, b in zip(lines, new, strict=True))
        if count:
            target.write_bytes("".join(new).encode(encoding))
        return count
    return 0


def _parquet(path: Path, target: Path, listed: Forgotten) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, count = pq.read_table(path), 0
    for position, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            old: list[Any] = table.column(position).to_pylist()
            new = [text if text is None else listed.scrub(text) for text in old]
            changed = sum(a != b for a, b in zip(old, new, strict=True))
            if changed:
                table = table.set_column(position, field.name, pa.array(new, field.type))
                count += changed
    if count:
        pq.write_table(table, target, compression="zstd")
    return count
