"""Compares two released files, table by table and row by row: did the move to another engine change a figure?

Rows are matched by the grain that the project's own tests guard. Doubles may differ by one part in
a billion, since engines add in different orders; everything else must be equal.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import duckdb
from rich.table import Table

from orchestration.terminal.console import console

TOLERANCE = 1e-9
_SHOWN = 3
# Seeds and models only: the books of each home tell of its own runs.
_SCHEMAS = ("marts", "meta")
_OWN_RUNS = ("meta.recorded_runs",)
# Columns that end so hold times of loading, which differ between homes with the same figures.
LOADING_TIMES = ("_loaded_at", "changed_at", "recorded_from_at")


class Grain(NamedTuple):
    """The key of a table and the condition on the rows that it holds for: a table with history has several rows per key."""

    key: list[str]
    where: str = "true"


@dataclass
class TableParity:
    """How one table of two releases compares; `samples` are (key, column, left value, right value)."""

    table: str
    left_rows: int = 0
    right_rows: int = 0
    only_left: int = 0
    only_right: int = 0
    cells: int = 0
    differing: dict[str, int] = field(default_factory=dict)
    samples: list[tuple[str, str, str, str]] = field(default_factory=list)
    problem: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not (self.problem or self.only_left or self.only_right or self.differing)


def grains(manifest: Path) -> dict[str, Grain]:
    """The grain of every public model and seed, from its uniqueness tests, by layer and name."""
    nodes = json.loads(manifest.read_text())["nodes"]
    found: dict[str, Grain] = {}
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        if node["resource_type"] != "test" or test.get("name") not in (
            "unique",
            "unique_combination",
        ):
            continue
        owner = nodes.get(node["attached_node"])
        if owner and owner["config"].get("schema") in _SCHEMAS:
            columns = test["kwargs"].get("columns") or [test["kwargs"]["column_name"]]
            grain = Grain(columns, node["config"].get("where") or "true")
            name = f"{owner['config']['schema']}.{owner['name']}"
            if name not in _OWN_RUNS:
                found.setdefault(name, grain)
    return found


def compare(left: Path, right: Path, keys: Mapping[str, Grain]) -> list[TableParity]:
    """Every table that `keys` names, in both files; opens them read-only."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach '{left.resolve()}' as l (read_only)")
        con.execute(f"attach '{right.resolve()}' as r (read_only)")
        return [_compare(con, table, grain) for table, grain in sorted(keys.items())]


def _compare(con: duckdb.DuckDBPyConnection, table: str, grain: Grain) -> TableParity:
    key, result = grain.key, TableParity(table)
    columns = [_columns(con, f"{side}.{table}") for side in ("l", "r")]
    if columns[0] is None or columns[1] is None:
        result.problem = f"only in the {'right' if columns[0] is None else 'left'} file"
        return result
    types = dict(columns[0])
    if columns[0] != columns[1]:
        odd = [f"{name} {kind}" for name, kind in {*columns[0]} ^ {*columns[1]}]
        result.problem = f"columns differ: {', '.join(sorted(odd)) or 'in their order'}"
        return result
    on = " and ".join(f'l."{name}" is not distinct from r."{name}"' for name in key)
    pairs = (
        f"from (select *, true as _is_there from l.{table} where {grain.where}) as l "
        f"full join (select *, true as _is_there from r.{table} where {grain.where}) as r on {on}"
    )
    measures = [name for name in types if name not in key and not name.endswith(LOADING_TIMES)]
    differing = "".join(
        f", count(*) filter (where l._is_there and r._is_there and {_differs(name, types[name])})"
        for name in measures
    )
    row = con.execute(
        "select count(l._is_there), count(r._is_there), count(*) filter (where r._is_there is null), "
        f"count(*) filter (where l._is_there is null){differing} {pairs}"
    ).fetchone()
    assert row is not None
    result.left_rows, result.right_rows, result.only_left, result.only_right = row[:4]
    result.cells = (row[0] - row[2]) * (len(key) + len(measures))
    result.differing = {name: n for name, n in zip(measures, row[4:], strict=True) if n}
    _sample(con, result, pairs, key, types)
    return result


def print_comparison(results: list[TableParity]) -> None:
    """The outcome of `shop360 compare`: a line per table, then the first rows that differ."""
    table = Table(box=None, header_style="bold")
    table.add_column("table", no_wrap=True)
    for name in ("rows", "cells compared"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict")
    for result in results:
        said = "[green]equal[/]" if result.is_equal else f"[red]{_verdict(result)}[/]"
        table.add_row(result.table, f"{result.left_rows:,}", f"{result.cells:,}", said)
    console.print(table)
    for result in results:
        for key, column, left, right in result.samples:
            console.print(
                f"[red]≠[/] {result.table} [dim]{key}[/] {column}: {left} ≠ {right}", soft_wrap=True
            )
    equal = sum(result.is_equal for result in results)
    cells = sum(result.cells for result in results)
    console.print(
        f"\n[bold]{equal} of {len(results)}[/] tables are equal, {cells:,} cells compared."
    )


def _verdict(result: TableParity) -> str:
    if result.problem:
        return result.problem
    missing = {"right": result.only_left, "left": result.only_right}
    said = [f"{count:,} rows are missing {side}" for side, count in missing.items() if count]
    columns = [f"{name} in {n:,} rows" for name, n in result.differing.items()]
    if len(columns) > _SHOWN:
        columns[_SHOWN:] = [f"{len(columns) - _SHOWN} more columns"]
    return "; ".join([*said, *columns])


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]] | None:
    try:
        described = con.execute(f"describe {table}").fetchall()
    except duckdb.CatalogException:
        return None
    return [(name, kind) for name, kind, *_ in described]


def _differs(name: str, kind: str) -> str:
    left, right = f'l."{name}"', f'r."{name}"'
    if kind not in ("DOUBLE", "FLOAT"):
        return f"{left} is distinct from {right}"
    apart = f"abs({left} - {right}) > {TOLERANCE} * greatest(abs({left}), abs({right}))"
    return f"(({left} is null) <> ({right} is null) or coalesce({apart}, false))"


def _sample(
    con: duckdb.DuckDBPyConnection,
    result: TableParity,
    pairs: str,
    key: list[str],
    types: Mapping[str, str],
) -> None:
    """The first differing rows, in the order of the key."""
    shown = (
        "concat_ws(' · ', "
        + ", ".join(
            f'coalesce(cast(coalesce(l."{name}", r."{name}") as varchar), \'NULL\')' for name in key
        )
        + ")"
    )
    for name in list(result.differing)[:_SHOWN]:
        result.samples += con.execute(
            f"""select {shown}, '{name}', coalesce(cast(l."{name}" as varchar), 'NULL'),
                    coalesce(cast(r."{name}" as varchar), 'NULL')
                {pairs} where l._is_there and r._is_there and {_differs(name, types[name])}
                order by 1 limit {_SHOWN}"""
        ).fetchall()
    if result.only_left or result.only_right:
        result.samples += con.execute(
            f"""select {shown}, 'row', if(l._is_there, 'there', 'missing'), if(r._is_there, 'there', 'missing')
                {pairs} where l._is_there is null or r._is_there is null order by 1 limit {_SHOWN}"""
        ).fetchall()
