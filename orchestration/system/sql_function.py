"""The description of a function that dbt's sessions make callable from SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa


@dataclass(frozen=True)
class SqlFunction:
    """A function over Arrow columns of equal length, with DuckDB's names of the types."""

    name: str
    call: Callable[..., Any]
    takes: tuple[str, ...]
    gives: str
    may_give_null: bool = False
    """The function also receives rows with NULL, and decides what they give."""


def one_chunk(column: Any) -> Any:
    """A column as one array; DuckDB may pass several chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
