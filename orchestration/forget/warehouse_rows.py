"""The warehouse: rows of the person in raw, history and meta, and what the models made of them."""

import json
from pathlib import Path

import duckdb

from orchestration.config.contract import Feed, load_contract
from orchestration.forget.removal_scope import Removal
from orchestration.landing.redact import rules, tokens
from orchestration.landing.redact.tokens import WORD, Forgotten
from orchestration.system.sql import quoted

PERSONAL = (
    *("customer_360", "customer_identities", "customer_attribute_conflicts"),
    *("identity_changes", "identity_review"),
    *("customer_360_history", "customer_tags", "customer_tags_current"),
    *("segment_members", "segment_history", "customer_ltv", "cross_sell_candidates"),
)
"""Marts whose rows describe customers; the rows of a removed person go."""

_KEPT_IDS = "int_identity__customer_ids"
_RECORDS = (
    "int_value__customer_records",
    "int_value__tag_records",
    "int_value__membership_records",
)
"""Append-only tables about customers: the rows of others stay, because no build can recompute them."""
_APPENDED = (_KEPT_IDS, *_RECORDS, "int_value__fit_history", "int_value__recorded_runs")


def clean_feeds(con: duckdb.DuckDBPyConnection, listed: Forgotten) -> dict[str, int]:
    """Change the person's rows in raw and history; the number of rows by table."""
    counts = {}
    for feed in load_contract().values():
        changed = rules.replacements(feed)
        for schema in ("history", "raw"):
            table = f"{schema}.{feed.table}"
            if not changed and not rules.memberships(feed):
                continue
            own = f"fg_new_{schema}_{feed.table}"
            con.execute(
                f"create or replace temp table {own} as {rules.changed(feed, table, 'rowid')}"
            )
            assigned = "".join(f'"{name}" = new."{name}", ' for name in changed)
            extra = "" if feed.code == "crm.matches" else "_extra = null, "
            # Rows of persons who were removed earlier are as they should be.
            differs = [f'old."{name}" is distinct from new."{name}"' for name in changed]
            differs += [] if feed.code == "crm.matches" else ["old._extra is not null"]
            [(count,)] = con.execute(
                f"update {table} as old set {assigned}{extra}_row_hash = md5(uuid()::varchar) "
                f"from {own} as new where old.rowid = new.fg_row and ({' or '.join(differs)})"
            ).fetchall()
            _clean_texts(con, listed, table, feed)
            if count:
                counts[table] = count
    return counts


def _clean_texts(con: duckdb.DuckDBPyConnection, listed: Forgotten, table: str, feed: Feed) -> None:
    """Texts in rows of others that quote the person."""
    ruled = {*rules.replacements(feed), *feed.key}
    free = [c.name for c in feed.columns.values() if c.data_type == "string" and not c.values]
    for column in [*(name for name in free if name not in ruled), "_extra"]:
        cells = f'(select distinct "{column}" as cell from {table} where "{column}" is not null)'
        for (text,) in con.execute(tokens.hits(cells)).fetchall():
            con.execute(
                f'update {table} set "{column}" = ?, _row_hash = md5(uuid()::varchar) where "{column}" = ?',
                [listed.scrub(text), text],
            )


def keep_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Pairs of two records of one removed person stand for good: the matcher can no longer find them.

    Called before the ids change.
    """
    a, b = (f"(select min(person) from forgotten where hash = {h})" for h in rules.SIDES.values())
    con.execute(
        f"update raw.crm_matches set source_system = {quoted(WORD)} where probability > 0 and {a} = {b}"
    )


def clean_meta(
    con: duckdb.DuckDBPyConnection, listed: Forgotten, owned: list[tuple[str, str, int]]
) -> dict[str, int]:
    """Quarantined rows of the person lose their payload; texts that quote an identifier lose that."""
    con.execute(
        "create or replace temp table fg_owned (file_hash varchar, feed varchar, row_number bigint)"
    )
    if owned:
        con.executemany("insert into fg_owned values (?, ?, ?)", owned)
    counts = {}
    rows = con.execute(
        "select q.rowid, payload, reason, o.row_number is not null from meta.quarantine as q "
        "left join fg_owned as o using (file_hash, feed, row_number)"
    ).fetchall()
    changed = [
        (*new, rowid)
        for rowid, payload, reason, is_own in rows
        if (new := _quarantined(listed, payload, reason, is_own)) != (payload, reason)
    ]
    if changed:
        con.executemany(
            "update meta.quarantine set payload = ?, reason = ? where rowid = ?", changed
        )
        counts["meta.quarantine"] = len(changed)
    con.execute(
        "update meta.repairs set raw_value = null, repaired_value = null where "
        "(file_hash, feed, row_number) in (select (file_hash, feed, row_number) from fg_owned)"
    )
    for table, columns in (
        ("files", ("error", "warnings")),
        ("repairs", ("raw_value", "repaired_value")),
    ):
        for column in columns:
            counts |= _scrub(con, listed, f"meta.{table}", column)
    return counts


def _quarantined(
    listed: Forgotten, payload: str | None, reason: str | None, is_own: bool
) -> tuple[str | None, str | None]:
    payload = payload or "{}"
    if is_own or listed.scrub(payload) != payload or _has_id(listed, payload):
        try:
            payload = json.dumps(dict.fromkeys(json.loads(payload)), ensure_ascii=False)
        except ValueError:
            payload = "{}"
    return payload, listed.scrub(reason) if reason else reason


def _has_id(listed: Forgotten, payload: str) -> bool:
    try:
        cells = json.loads(payload).values()
    except (ValueError, AttributeError):
        return False
    return any(isinstance(cell, str) and listed.scrub(cell) != cell for cell in cells)


def _scrub(
    con: duckdb.DuckDBPyConnection, listed: Forgotten, table: str, column: str
) -> dict[str, int]:
    rows = con.execute(f"select rowid, {column} from {table} where {column} is not null").fetchall()
    changed = [(listed.scrub(text), rowid) for rowid, text in rows if listed.scrub(text) != text]
    if changed:
        con.executemany(f"update {table} set {column} = ? where rowid = ?", changed)
    return {f"{table}.{column}": len(changed)} if changed else {}


def clean_models(con: duckdb.DuckDBPyConnection, removal: Removal) -> dict[str, int]:
    """Drop what identity keeps between runs, save ids of others; marts lose the person's rows.

    The next build resolves all records again, and gives the person's records the new id.
    """
    counts = {}
    load_keys(con, removal)
    marts = con.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name = 'marts' "
        "and database_name = current_database()"
    ).fetchall()
    con.begin()
    for schema, name in marts:
        counts |= _clean_mart(con, schema, name)
    _reassign(con)
    for name in _RECORDS:
        counts |= _clean_records(con, name)
    con.commit()
    for kind in ("view", "table"):
        names = con.execute(
            f"select schema_name, {kind}_name from duckdb_{kind}s() where schema_name in "
            f"('staging', 'intermediate') and database_name = current_database() and {kind}_name not in "
            "(select unnest(?))",
            [list(_APPENDED)],
        ).fetchall()
        for schema, name in names:
            con.execute(f'drop {kind} if exists {schema}."{name}" cascade')
    return counts


def _clean_records(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    """Delete what an append-only table recorded of the person."""
    try:
        [(count,)] = con.execute(
            f"delete from intermediate.{name} where customer_id in (select old_id from fg_ids)"
        ).fetchall()
    except duckdb.CatalogException:
        return {}
    return {f"intermediate.{name}": count} if count else {}


def load_keys(con: duckdb.DuckDBPyConnection, removal: Removal) -> None:
    """`fg_ids` (old and new customer id) and `fg_gone` (every key and value) for this connection."""
    con.execute(
        "create or replace temp table fg_ids (old_id varchar, new_id varchar, person varchar)"
    )
    con.executemany(
        "insert into fg_ids values (?, ?, ?)",
        [[p.customer_id, p.new_customer_id, p.tag] for p in removal.people],
    )
    con.execute("create or replace temp table fg_gone (value varchar)")
    known = {person.customer_id for person in removal.people if not person.is_anonymous}
    gone = sorted({*removal.keys, *removal.values, *known})
    if gone:
        con.executemany("insert into fg_gone values (?)", [[value] for value in gone])
    con.execute("create or replace temp table fg_new_keys (person varchar, record_key varchar)")
    if removal.new_keys:
        con.executemany("insert into fg_new_keys values (?, ?)", removal.new_keys)


def texts_of(con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> list[str]:
    """The text columns of a table."""
    rows = con.execute(
        "select column_name from duckdb_columns() where database_name = ? and schema_name = ? "
        "and table_name = ? and data_type = 'VARCHAR' order by column_index",
        [database, schema, table],
    ).fetchall()
    return [name for (name,) in rows]


def without(con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> str | None:
    """The query for a public table without the person, None where the table stays as it is."""
    columns = texts_of(con, database, schema, table)
    source = f'"{database}"."{schema}"."{table}"'
    if table in PERSONAL and columns:
        held = " or ".join(map(_names, columns))
        return f"select * from {source} where not coalesce({held}, false)"
    ids = [c for c in columns if c.endswith("customer_id")]
    if not ids:
        return None
    new = ", ".join(
        f'coalesce((select new_id from fg_ids where old_id = "{c}"), "{c}") as "{c}"' for c in ids
    )
    return f"select * replace ({new}) from {source}"


def _names(column: str) -> str:
    """SQL: whether a text is a value of the person, or has a line for the lists of links and blocks with one."""
    if column.endswith("_lines"):
        return f"""exists (select 1 from fg_gone where contains("{column}", ',' || value || ',')
            or contains("{column}", '"' || replace(value, '"', '""') || '"'))"""
    return f'"{column}" in (select value from fg_gone)'


def _clean_mart(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, int]:
    [(database,)] = con.execute("select current_database()").fetchall()
    columns = texts_of(con, database, schema, table)
    name = f'{schema}."{table}"'
    if table in PERSONAL and columns:
        held = " or ".join(map(_names, columns))
        [(count,)] = con.execute(f"delete from {name} where {held}").fetchall()
        return {f"{schema}.{table}": count} if count else {}
    for column in (c for c in columns if c.endswith("customer_id")):
        con.execute(
            f'update {name} as t set "{column}" = i.new_id from fg_ids as i where t."{column}" = i.old_id'
        )
    return {}


def _reassign(con: duckdb.DuckDBPyConnection) -> None:
    """In the table of given ids, the person's records get their new keys and the new customer id."""
    found = con.execute(
        "select 1 from duckdb_tables() where schema_name = 'intermediate' and table_name = ?",
        [_KEPT_IDS],
    ).fetchall()
    if not found:
        return
    table = f"intermediate.{_KEPT_IDS}"
    con.execute(
        f"""create or replace temp table fg_born as
        select i.new_id, min(t.generation) as generation, min(t.learned_at) as learned_at
        from {table} as t inner join fg_ids as i on t.customer_id = i.old_id group by i.new_id"""
    )
    con.execute(f"delete from {table} where record_key in (select value from fg_gone)")
    for column in ("customer_id", "previous_customer_id"):
        con.execute(
            f"update {table} as t set {column} = i.new_id from fg_ids as i where t.{column} = i.old_id"
        )
    con.execute(
        f"update {table} set evidence_identifier_key = null "
        "where evidence_identifier_key in (select value from fg_gone)"
    )
    con.execute(
        f"""insert into {table} (record_key, customer_id, generation, change, learned_at)
        select distinct keys.record_key, b.new_id, b.generation, 'born', b.learned_at
        from fg_new_keys as keys inner join fg_ids as i using (person)
        inner join fg_born as b using (new_id)
        anti join {table} as t on keys.record_key = t.record_key"""
    )


def compact(con: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """Copy every table into a new file: a deleted value stays in the old one until it is overwritten."""
    fresh = path.with_name("warehouse.fresh.duckdb")
    for leftover in (fresh, fresh.with_name(fresh.name + ".wal")):
        leftover.unlink(missing_ok=True)
    [(database,)] = con.execute("select current_database()").fetchall()
    con.execute(f"attach {quoted(str(fresh))} as fg_fresh")
    con.execute(f"copy from database {database} to fg_fresh")
    con.execute("checkpoint fg_fresh")
    con.execute("detach fg_fresh")
    con.execute("checkpoint")
    return fresh
