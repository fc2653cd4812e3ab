"""The tables that landing owns: schemas raw, history and meta of the warehouse.

`prepare` makes them from the contract and adds columns that the contract gained since. What
goes into them is decided elsewhere (`upsert.py`, `landing/record/ledger.py`).
"""

import duckdb

from orchestration.config.contract import Feed, load_contract
from orchestration.landing.write.descriptions import COLUMNS, TABLES
from orchestration.system.landing_errors import LandingError
from orchestration.system.sql import quoted

LINEAGE = {
    "_batch_id": "varchar",
    "_file": "varchar",
    "_row": "bigint",
    "_loaded_at": "timestamp",
    "_row_hash": "varchar",
    "_extra": "varchar",
}
HISTORY = {"_replaced_at": "timestamp", "_replaced_by_batch": "varchar"}

_FILE = "batch_id varchar, feed varchar, {scope}file_name varchar, file_hash varchar"
_SCOPED = _FILE.format(scope="source_system varchar, shop_id varchar, ")
_PLAIN = _FILE.format(scope="")
_MONEY = "decimal(38, 4)"

META = {
    "batches": """batch_id varchar, started_at timestamp, finished_at timestamp, status varchar,
        file_count bigint""",
    "files": f"""{_SCOPED}, size_bytes bigint, modified_at timestamp, encoding varchar,
        delimiter varchar, status varchar, error varchar, archived_as varchar, landed_at timestamp,
        mapping_hash varchar, warnings varchar, columns_read varchar""",
    "row_ledger": f"""{_SCOPED}, rows_read bigint, rows_accepted bigint, rows_unchanged bigint,
        rows_replaced bigint, rows_quarantined bigint, landed_at timestamp,
        rows_left_out bigint, rows_withdrawn bigint""",
    "control_totals": f"""{_PLAIN}, column_name varchar, total_read {_MONEY},
        total_accepted {_MONEY}, total_unchanged {_MONEY}, total_replaced {_MONEY},
        total_replaced_before {_MONEY}, total_quarantined {_MONEY}, total_withdrawn {_MONEY}""",
    "quarantine": f"""{_SCOPED}, row_number bigint, column_name varchar, reason_code varchar,
        reason varchar, payload varchar, quarantined_at timestamp""",
    "repairs": f"""{_PLAIN}, row_number bigint, column_name varchar, raw_value varchar,
        repaired_value varchar, rule varchar, repaired_at timestamp""",
    "lake_files": """schema_name varchar, table_name varchar, path varchar, row_count bigint,
        size_bytes bigint, batch_id varchar, added_at timestamp""",
}


def engine_type(data_type: str) -> str:
    """The contract's type as DuckDB reports it, such as `DECIMAL(18,4)`."""
    return {"string": "VARCHAR"}.get(data_type, data_type.upper())


def wanted_columns(schema: str, feed: Feed) -> dict[str, str]:
    """Columns and types of a feed's table in raw or history, as DuckDB reports them."""
    lineage = LINEAGE if schema == "raw" else LINEAGE | HISTORY
    wanted = {c.name: engine_type(c.data_type) for c in feed.columns.values()}
    return wanted | {name: kind.upper() for name, kind in lineage.items()}


def missing_columns(schema: str, feed: Feed, have: dict[str, str]) -> dict[str, str]:
    """The columns that an existing table lacks.

    Raises `LandingError` when one that it has is of another type than the contract says.
    """
    wanted = wanted_columns(schema, feed)
    for name, kind in wanted.items():
        if have.get(name, kind) != kind:
            raise LandingError(
                f"{schema}.{feed.table}.{name} is {have[name]} in the warehouse, but the contract "
                f"of {feed.code} now says {kind}. Start a new home and land the archive again."
            )
    return {name: kind for name, kind in wanted.items() if name not in have}


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the schemas raw, history and meta and every table of the contract, where missing.

    Raises `LandingError` when an existing column has another type than the contract says.
    """
    prepare_meta(con)
    existing = existing_columns(con)
    for feed in load_contract().values():
        for schema in ("raw", "history"):
            _prepare_table(con, schema, feed, existing.get((schema, feed.table)))


def prepare_meta(con: duckdb.DuckDBPyConnection) -> None:
    """The schemas, and the tables of meta with their comments."""
    for schema in ("raw", "history", "meta"):
        con.execute(f"create schema if not exists {schema}")
    for name, columns in META.items():
        con.execute(f"create table if not exists meta.{name} ({columns})")
    _add_meta_columns(con)
    _remove_quoted_values(con)
    _describe(con)


def _add_meta_columns(con: duckdb.DuckDBPyConnection) -> None:
    """The columns that a home of an earlier version lacks; its past has none of what they count."""
    con.execute("alter table meta.files add column if not exists columns_read varchar")
    for table, column, kind in (
        ("row_ledger", "rows_left_out", "bigint"),
        ("row_ledger", "rows_withdrawn", "bigint"),
        ("control_totals", "total_withdrawn", _MONEY),
    ):
        con.execute(f"alter table meta.{table} add column if not exists {column} {kind} default 0")


def _remove_quoted_values(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the cells that texts of an earlier version quote, once; the column comment holds the version.

    The payload still holds the row. A file that is rejected again gets a new reason.
    """
    [[comment]] = con.execute(
        "select comment from duckdb_columns() where schema_name = 'meta' and table_name = 'quarantine' "
        "and column_name = 'reason' and database_name = current_database()"
    ).fetchall()
    if comment is None or comment == COLUMNS["reason"]:
        return
    con.execute(
        "update meta.quarantine set reason = concat(coalesce(column_name || ': ', ''), reason_code, '.') "
        "where reason_code not in ('ragged_row', 'broken_quotes', 'broken_json', 'missing_required')"
    )
    con.execute(
        "update meta.files set warnings = null, error = file_name || ': rejected by an earlier version; "
        "land it again to see why.' where error is not null or warnings is not null"
    )
    con.execute(
        "update meta.files set error = null where status <> 'rejected' and error is not null"
    )
    con.execute(f"comment on column meta.quarantine.reason is {quoted(COLUMNS['reason'])}")


def _describe(con: duckdb.DuckDBPyConnection) -> None:
    undescribed = con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'meta' "
        "and comment is null and database_name = current_database()"
    ).fetchall()
    for table, column in undescribed:
        if table in META:
            con.execute(f"comment on table meta.{table} is {quoted(TABLES[table])}")
            con.execute(f"comment on column meta.{table}.{column} is {quoted(COLUMNS[column])}")


def existing_columns(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    """Columns and types of the tables and views in raw and history, by schema and name."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    rows = con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name in ('raw', 'history')"
    ).fetchall()
    for schema, table, column, data_type in rows:
        found.setdefault((schema, table), {})[column] = data_type
    return found


def views(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """The SQL of the views in raw and history: these are in the lake."""
    rows = con.execute(
        "select schema_name, view_name, sql from duckdb_views() "
        "where database_name = current_database() and schema_name in ('raw', 'history')"
    ).fetchall()
    return {(schema, name): sql for schema, name, sql in rows}


def _prepare_table(
    con: duckdb.DuckDBPyConnection, schema: str, feed: Feed, have: dict[str, str] | None
) -> None:
    if have is None:
        wanted = wanted_columns(schema, feed).items()
        columns = ", ".join(f'"{name}" {kind}' for name, kind in wanted)
        con.execute(f"create table {schema}.{feed.table} ({columns})")
        return
    for name, kind in missing_columns(schema, feed, have).items():
        column = feed.columns.get(name)
        filled = (
            f" default {quoted(column.default)}" if column and column.default is not None else ""
        )
        con.execute(f'alter table {schema}.{feed.table} add column "{name}" {kind}{filled}')
