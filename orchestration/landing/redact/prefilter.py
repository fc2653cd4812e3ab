"""A quick test whether a content may hold a person: whether it contains one of some texts."""

import codecs
import re
from pathlib import Path

from orchestration.landing.read.encoding import EURO

_RUNS = re.compile(r"[0-9A-Za-z_@.+-]+")


def may_hold(path: Path, hints: frozenset[str]) -> bool:
    """False only where the content is a text or a Parquet file without any of the texts."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head == b"PAR1":
        texts = _parquet(path)
    elif head.startswith((b"PK", b"\xd0\xcf")):
        return True
    else:
        texts = _text(path, head)
    if texts is None:
        return True
    return any(hint in texts if not _RUNS.fullmatch(hint) else False for hint in hints) or (
        not hints.isdisjoint(_RUNS.findall(texts))
    )


def _text(path: Path, head: bytes) -> str | None:
    data = path.read_bytes()
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding, errors in (
        (("utf-16", "strict"),) if wide else (("utf-8", "strict"), ("gb18030", EURO))
    ):
        try:
            return data.decode(encoding, errors)
        except UnicodeDecodeError:
            continue
    return None


def _parquet(path: Path) -> str | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except pa.ArrowException:
        return None
    values = {str(value) for column in table.columns for value in column.unique().to_pylist()}
    return "\n".join(values)
