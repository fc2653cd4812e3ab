"""The description of a function that dbt's sessions make callable from SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SqlFunction:
    """A function over Arrow columns of equal length, with DuckDB's names of the types."""

    name: str
    call: Callable[..., Any]
    takes: tuple[str, ...]
    gives: str
