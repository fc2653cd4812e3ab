"""Removes tables of models that the project no longer has, once a build of the whole project has passed.

Without this, a renamed model would leave its old table in the warehouse, and a retired mart would stay in every
release with old figures. Only tables that an earlier build of this home reported are removed. Tables in the catalog
of Spark or DuckLake stay there; `public_tables` does not release them.
"""

import json

from orchestration.config.settings import Settings
from orchestration.engines.warehouse import connect
from orchestration.release import build_facts
from orchestration.system.sql import ident

_SCHEMAS = ("staging", "intermediate", "marts", "meta", "seeds")


def drop(settings: Settings) -> list[str]:
    """Drop the tables and views of retired models and seeds in the warehouse; return `schema.name` of each."""
    nodes = json.loads((settings.dbt_target / "manifest.json").read_text())["nodes"]
    with connect(settings) as con:
        con.execute(build_facts.CREATE)
        known = [node for (node,) in con.execute("select node from meta.gate_facts").fetchall()]
        retired = [
            node for node in known if node not in nodes and node.startswith(("model.", "seed."))
        ]
        current = {node.rpartition(".")[2] for node in nodes}
        names = [name for node in retired if (name := node.rpartition(".")[2]) not in current]
        found = con.execute(
            """select schema_name, table_name, 'table' from duckdb_tables()
               where database_name = current_database() and schema_name in ? and table_name in ?
               union all
               select schema_name, view_name, 'view' from duckdb_views()
               where database_name = current_database() and schema_name in ? and view_name in ?
               order by all""",
            [_SCHEMAS, names] * 2,
        ).fetchall()
        for schema, name, kind in found:
            con.execute(f"drop {kind} {ident(schema)}.{ident(name)}")
        con.execute("delete from meta.gate_facts where node in ?", [retired])
    return [f"{schema}.{name}" for schema, name, _ in found]
