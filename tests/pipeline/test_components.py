"""Components as the project's macro finds them, against union-find: one run of dbt resolves every graph."""

from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from components_lab import run_project, write_project
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

_RANDOM_GRAPHS = 50


def union_find(ties: Iterable[tuple]) -> dict:
    """Node → smallest node of its component."""
    parents: dict = {}

    def root(node):
        parents.setdefault(node, node)
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for left, right in ties:
        low, high = sorted((root(left), root(right)))
        parents[high] = low
    return {node: root(node) for node in list(parents)}


def drawn_graphs() -> list[list[tuple[int, int]]]:
    """Graphs from hypothesis: sparse and dense, with loops, duplicates and isolated pairs."""
    drawn: list[list[tuple[int, int]]] = []

    @settings(
        max_examples=_RANDOM_GRAPHS,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.integers(2, 80).flatmap(
            lambda size: st.lists(
                st.tuples(st.integers(0, size), st.integers(0, size)),
                min_size=size // 2,
                max_size=100,
            )
        )
    )
    def draw(ties: list[tuple[int, int]]) -> None:
        drawn.append(ties)

    draw()
    return drawn


def known_shapes() -> dict[str, list[tuple[int, int]]]:
    """Shapes that are known to make algorithms slow or wrong."""
    chain = [(n, n + 1) for n in range(1000)]
    return {
        "chain": chain,
        "chain from its end": [(b, a) for a, b in reversed(chain)],
        "chain of far jumps": [(n * 7919 % 1009, (n + 1) * 7919 % 1009) for n in range(1000)],
        "ring": [*chain, (1000, 0)],
        "giant": [(n * 48271 % 30011, n * 69621 % 30011) for n in range(1, 60000)],
        "grid": [(n, n + step) for n in range(2500) for step in (1, 50)],
        "tree": [(n, n // 2) for n in range(1, 4000)],
        "two stars and a bridge": [(n % 2, n) for n in range(2, 4000)] + [(2, 3)],
        "brooms": [(n // 100 * 100, n) for n in range(5000)],
        "loops": [(n, n) for n in range(50)],
        "one tie many times": [(1, 2)] * 500 + [(2, 1)] * 500,
        "pairs": [(2 * n, 2 * n + 1) for n in range(2000)],
    }


def resolve(
    folder: Path,
    ties: list[tuple],
    kind: pa.DataType,
    change: Callable[[Path], None] = lambda macros: None,
) -> dict:
    """What the macro finds; `change` may edit the copies of the macros."""
    write_project(folder)
    change(folder / "macros")
    columns = [pa.array(side, kind) for side in zip(*ties, strict=True)] or [pa.array([], kind)] * 2
    given_ties = pa.table(columns, names=["node_a", "node_b"])
    with duckdb.connect(str(folder / "lab.duckdb")) as con:
        con.execute("create table ties as select * from given_ties")
    del given_ties
    run = run_project(folder)
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(folder / "lab.duckdb")) as con:
        rows = con.execute("select node, component_key from found").fetchall()
        tables = con.execute("select table_name from duckdb_tables() order by all").fetchall()
    assert tables == [("found",), ("ties",)], "work tables are left behind"
    found = dict(rows)
    assert len(found) == len(rows), "a node is listed twice"
    return found


@pytest.fixture(scope="module")
def graphs() -> dict[str, list[tuple[int, int]]]:
    drawn = drawn_graphs()
    assert len(drawn) >= _RANDOM_GRAPHS
    return {f"drawn {n}": ties for n, ties in enumerate(drawn)} | known_shapes()


def test_components_of_names_are_those_of_union_find(
    graphs: dict[str, list[tuple[int, int]]], tmp_path: Path
) -> None:
    ties = [(f"{name}/{a}", f"{name}/{b}") for name, graph in graphs.items() for a, b in graph]
    nothing = [(None, "alone"), ("alone", None), (None, None)]
    assert resolve(tmp_path, [*ties, *nothing], pa.string()) == union_find(ties)


def test_components_of_integers_are_those_of_union_find(
    graphs: dict[str, list[tuple[int, int]]], tmp_path: Path
) -> None:
    ties = [
        (number * 1_000_000 + a - 5_000_000, number * 1_000_000 + b - 5_000_000)
        for number, graph in enumerate(graphs.values())
        for a, b in graph
    ]
    assert resolve(tmp_path, ties, pa.int64()) == union_find(ties)


def test_a_star_of_a_million_is_one(tmp_path: Path) -> None:
    write_project(
        tmp_path, "(select 'hub' as node_a, 'n' || n as node_b from range(1000000) as t (n))"
    )
    run = run_project(tmp_path)
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(tmp_path / "lab.duckdb")) as con:
        found = con.execute(
            "select count(*), count(distinct node), min(component_key), max(component_key) from found"
        ).fetchone()
    assert found == (1_000_001, 1_000_001, "hub", "hub")


def test_no_ties_make_no_components(tmp_path: Path) -> None:
    assert resolve(tmp_path, [], pa.string()) == {}


def test_too_few_rounds_fail_loudly(tmp_path: Path) -> None:
    write_project(
        tmp_path, "(select n as node_a, n + 1 as node_b from range(1000) as t (n))", rounds=2
    )
    run = run_project(tmp_path)
    assert run.returncode == 1
    assert "ties are left after 2 rounds" in run.stdout
    assert "raise most_rounds" in run.stdout


def test_names_that_share_a_hash_stay_apart(tmp_path: Path) -> None:
    def weaken(folder: Path) -> None:
        macro = folder / "portable.sql"
        weak = "case when {{ text }} in ('b', 'c') then 7 else hash({{ text }}) end"
        changed = macro.read_text(encoding="utf-8").replace("hash({{ text }}){%", weak + "{%", 1)
        assert weak in changed
        macro.write_text(changed, encoding="utf-8")

    ties = [("a", "b"), ("c", "d"), ("e", "f")]
    assert resolve(tmp_path, ties, pa.string(), weaken) == union_find(ties)
