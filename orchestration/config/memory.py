"""How much memory DuckDB may take before it spills to the home: half of the machine's, unless SHOP360_MEMORY says."""

import os
import re

import duckdb

from orchestration.config.settings import SettingsError

_SIZE = re.compile(r"([0-9]+(?:[.][0-9]+)?) ?(MB|GB|TB|MiB|GiB|TiB)")
_BYTES = {"MB": 10**6, "GB": 10**9, "TB": 10**12, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
LEAST = 10**9
"""What one statement over wide rows needs, however much of it goes to the disk."""


def export() -> None:
    """Hand the limit to child processes; raises SettingsError when it is no size."""
    os.environ["SHOP360_MEMORY"] = limit()


def limit(at_most: int | None = None) -> str:
    """The limit as DuckDB spells it, for a task that needs no more than so many bytes."""
    given = os.environ.get("SHOP360_MEMORY", "").strip()
    size = _given(given) if given else _half_of_the_machine()
    return f"{min(size, at_most or size) // 10**6}MB"


def _given(text: str) -> int:
    found = _SIZE.fullmatch(text)
    size = int(float(found[1]) * _BYTES[found[2]]) if found else 0
    if size < LEAST:
        raise SettingsError(
            f"SHOP360_MEMORY: expected a size of 1GB or more, such as 8GB; found {text}."
        )
    return size


def _half_of_the_machine() -> int:
    """DuckDB's own default is 80 % of what the machine, or its container, has."""
    with duckdb.connect() as con:
        [(text,)] = con.execute("select current_setting('memory_limit')").fetchall()
    found = _SIZE.fullmatch(text)
    size = float(found[1]) * _BYTES[found[2]] if found else 0.0
    return max(int(size * 5 / 8), LEAST)
