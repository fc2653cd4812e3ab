"""Parquet files of text, written in batches, and a signature of their rows."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.system.sql import ident, quoted

BATCH = 20_000


def write(
    path: Path, names: Sequence[str], batches: Iterable[Sequence[Sequence[Any]]], note: str
) -> int:
    """Write rows whose values are text or None; how many."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in names], metadata={"shop360": note})
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        for rows in batches:
            columns = zip(*rows, strict=True) if rows else [()] * len(names)
            arrays = [
                pa.array([_text(value) for value in column], pa.string()) for column in columns
            ]
            writer.write_table(pa.table(arrays, schema=schema))
            count += len(rows)
    return count


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.decode() if isinstance(value, bytes | bytearray) else str(value)


def signature(path: Path, names: Sequence[str] = ()) -> str:
    """Identifies the rows of a file, whatever their order; with `names`, those columns of them."""
    chosen = ", ".join(map(ident, sorted(names))) or "*"
    with duckdb.connect() as con:
        [(count, total, mixed)] = con.execute(
            "select count(*), sum(hash(cells)), bit_xor(hash(cells)) "
            f"from (select {chosen} from read_parquet({quoted(str(path))})) as cells"
        ).fetchall()
    return f"{count}:{total}:{mixed}"


def holds_all(whole: Path, part: Path) -> bool:
    """Whether every row of one file is in another with the same columns."""
    files = [f"read_parquet({quoted(str(path))})" for path in (part, whole)]
    with duckdb.connect() as con:
        part_of, all_of = (
            con.execute(f"describe select * from {file}").fetchall() for file in files
        )
        if part_of != all_of:
            return False
        [(others,)] = con.execute(
            f"select count(*) from (select * from {files[0]} except select * from {files[1]})"
        ).fetchall()
    return others == 0
