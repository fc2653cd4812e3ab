"""`python -m bench.components`: connected components of 20 million edges, in the warehouse and in memory.

A DuckDB file holds distinct edges of two graphs: records tied to identifiers as in a shop, and a random graph.
shop360 is the macro of the project, run by dbt in its own process, from a table of edges to a table of
components. The other libraries (scipy, igraph, rustworkx, if installed) read the edges from the same file,
number the nodes if they have names, compute the components in memory and write the same table. Measured are CPU
seconds and memory of whole processes, and the CPU seconds of a library before it writes the result. The last
figures are in components.md.
"""

import argparse
import importlib.util
import statistics
import sys
import tempfile
from pathlib import Path

import duckdb

from bench.usage import Usage, measure, median
from orchestration.engines.manifest import dbt_executable
from tests.support.components_lab import write_project

RESULTS = Path(__file__).with_name("components.md")
LIBRARIES = ("scipy", "igraph", "rustworkx")

# Eight records in ten have one identifier of their own; one identifier in a thousand is shared by chance.
_SHAPES = {
    "identity": """
        with records as (
            select n as record, if(hash(n, 1) % 10 < 4, hash(n, 2) % {people}, n % {people}) as person
            from range({records}) as t (n))
        select record as node_a,
            1000000000 + if(hash(record, k, 3) % 1000 = 0, hash(record, k, 4) % (3 * {people}), person * 3 + k)
                as node_b
        from records, range(3) as kinds (k)
        where k = 0 or hash(record, k, 5) % 4 < 3
        limit {edges}""",
    "random": """
        select (hash(n) % {nodes})::bigint as node_a, (hash(n + 1000000007) % {nodes})::bigint as node_b
        from range({edges}) as t (n)""",
}

_OTHERS = """
import resource, sys
import duckdb, numpy as np, pyarrow as pa
library, file, known = sys.argv[1:]
con = duckdb.connect(file)
con.execute("set threads = 2; set disabled_compression_methods = 'fsst'")
if con.execute("select typeof(node_a) from ties limit 1").fetchone()[0] == "VARCHAR":
    table = con.execute("select node_a, node_b from ties").to_arrow_table()
    ends = pa.chunked_array(table["node_a"].chunks + table["node_b"].chunks).combine_chunks()
    numbered = ends.dictionary_encode()
    names, ids = numbered.dictionary, numbered.indices.to_numpy()
    a, b = ids[: len(table)], ids[len(table) :]
    del table, ends, numbered
else:
    found = con.execute("select node_a, node_b from ties").fetchnumpy()
    ends = np.concatenate([found["node_a"], found["node_b"]])
    del found
    names, ids = np.unique(ends, return_inverse=True)
    names = pa.array(names)
    a, b = ids[: len(ids) // 2], ids[len(ids) // 2 :]
    del ends
nodes = len(names)
if library == "scipy":
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    graph = coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(nodes, nodes)).tocsr()
    labels = connected_components(graph, directed=False)[1]
elif library == "igraph":
    import igraph
    graph = igraph.Graph(n=nodes, edges=np.column_stack([a, b]))
    labels = np.array(graph.connected_components().membership)
else:
    import rustworkx
    graph = rustworkx.PyGraph(multigraph=True)
    graph.add_nodes_from(range(nodes))
    graph.extend_from_edge_list(list(zip(a.tolist(), b.tolist())))
    labels = np.empty(nodes, dtype=np.int64)
    for number, members in enumerate(rustworkx.connected_components(graph)):
        labels[list(members)] = number
used = resource.getrusage(resource.RUSAGE_SELF)
open(known, "w").write(str(used.ru_utime + used.ru_stime))
del graph, ids, a, b
# A component is named by the first of its nodes.
first = np.empty(labels.max() + 1, dtype=np.int64)
first[labels[::-1]] = np.arange(nodes - 1, -1, -1)
found = pa.table({"node": names, "component_key": names.take(pa.array(first[labels]))})
con.execute("create or replace table others as select * from found")
"""


def _write_ties(folder: Path, shape: str, edges: int, *, named: bool) -> None:
    """Write a file with the table `ties`, of integers or of hashed names as in the warehouse."""
    sql = _SHAPES[shape].format(
        edges=edges, records=edges * 2 // 5, people=edges // 5, nodes=edges // 2
    )
    columns = "md5(node_a::varchar) as node_a, md5(node_b::varchar) as node_b" if named else "*"
    with duckdb.connect(str(folder / "lab.duckdb")) as con:
        con.execute("set threads = 2")
        con.execute(f"create table ties as select {columns} from ({sql})")


def measure_shape(
    scratch: Path, shape: str, edges: int, *, named: bool, rounds: int, libraries: list[str]
) -> dict[str, tuple[Usage, float | None]]:
    """Median usage of shop360 and of each library on one graph, alternately, and CPU seconds before writing."""
    folder = scratch / f"{shape}{named}"
    write_project(folder, memory="5GB")
    _write_ties(folder, shape, edges, named=named)
    usages: dict[str, list[Usage]] = {name: [] for name in ("shop360", *libraries)}
    known: dict[str, list[float]] = {name: [] for name in libraries}
    for _ in range(rounds):
        usages["shop360"].append(
            measure(
                dbt_executable(),
                "run",
                "--profiles-dir",
                folder,
                "--project-dir",
                folder,
                cwd=folder,
            )
        )
        for library in libraries:
            before_writing = folder / "known"
            usages[library].append(
                measure(
                    sys.executable, "-c", _OTHERS, library, folder / "lab.duckdb", before_writing
                )
            )
            known[library].append(float(before_writing.read_text()))
    return {
        name: (median(found), statistics.median(known[name]) if name in known else None)
        for name, found in usages.items()
    }


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="a place with room; else the temporary folder")
    given = parser.parse_args()
    libraries = [name for name in LIBRARIES if importlib.util.find_spec(name)]
    lines = [
        "# Components in the warehouse and in memory",
        "",
        f"`python -m bench.components`: {given.edges:,} edges, medians of {given.rounds}, 2 threads. Whole "
        "processes, from a table of edges to a table of nodes with their component: reading, numbering the "
        "nodes, writing the result and, for shop360, starting dbt are included.",
        "",
        "| graph | nodes are | program | CPU s | before writing | wall s | peak MB | CPU ÷ scipy |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        for shape in _SHAPES:
            for named in (True, False):
                figures = measure_shape(
                    Path(scratch), shape, given.edges, named=named, rounds=given.rounds,
                    libraries=libraries,
                )  # fmt: skip
                base = figures["scipy"][0].cpu if "scipy" in figures else None
                for name, (usage, known) in figures.items():
                    ratio = f"{usage.cpu / base:.2f}" if base else ""
                    lines.append(
                        f"| {shape} | {'names' if named else 'integers'} | {name} | {usage.cpu:.1f} "
                        f"| {'' if known is None else f'{known:.1f}'} | {usage.wall:.1f} | {usage.peak_mb:,.0f} | {ratio} |"
                    )
                    print(lines[-1], flush=True)
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
