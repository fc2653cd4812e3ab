"""Finds the customers that a typed text refers to: customer id, record, order number or value of an identifier.

A value is brought into its normal spelling by the build's own model and compared by its salted hash:
it is neither stored nor printed. The facts about a customer are in `explain.py`.
"""

import os
import re
from dataclasses import dataclass, field

import duckdb

# Every record and what it carries, pairs of the matcher that may be one person among them.
_CARRIED = """
    create or replace temp view carried as
    select record_key, identifier_key, identifier_key as tie_key
    from intermediate.int_identity__identifiers
    union
    select record_key, identifier_key, tie_key from intermediate.int_identity__edges
    union
    select record_key, pair_key, pair_key from intermediate.int_identity__matches"""

# Every record of a customer, and every order without an identified buyer.
_WHO = """
    create or replace temp view who as
    select customer_id, record_key, record_type, source_system, shop_id, record_id, order_count,
        first_seen_at, false as is_anonymous
    from marts.customer_identities
    union all
    select map.customer_id, coalesce(orders.buyer_key, orders.order_key), 'order',
        orders.source_system, orders.shop_id, orders.order_id, 1, orders.ordered_at, true
    from intermediate.int_identity__order_buyers as orders
    inner join intermediate.int_identity__customer_map as map on orders.order_key = map.record_key
    where map.is_anonymous"""


@dataclass(frozen=True)
class Former:
    """What became of records that once had another customer id; no customer where they are gone."""

    customer_id: str
    change: str
    generation: int
    changed_at: str | None
    now: str | None
    record_count: int


@dataclass(frozen=True)
class Found:
    """Customers by id, oldest first, and by what they were found."""

    kinds: tuple[str, ...] = ()
    """Of customer_id, former_customer_id, record_id, order_id, identifier, identifier_key."""
    customers: tuple[str, ...] = ()
    identifier_keys: tuple[str, ...] = ()
    former: tuple[Former, ...] = ()
    searched: dict[str, int] = field(default_factory=dict)


def find(con: duckdb.DuckDBPyConnection, text: str) -> Found:
    """Look the text up as everything that it may be; nothing found leaves `kinds` empty."""
    con.execute(_WHO)
    con.execute(_CARRIED)
    text = text.strip()
    keys = {"identifier": _keys_of_value(con, text), "identifier_key": _keys_that_begin(con, text)}
    identifier_keys = tuple(sorted({*keys["identifier"], *keys["identifier_key"]}))
    former = tuple(
        Former(*row)
        for row in con.execute(
            """select given.previous_customer_id, given.change, given.generation,
                strftime(max(given.learned_at), '%Y-%m-%d'), persons.customer_id, count(*)
            from intermediate.int_identity__customer_ids as given
            left join intermediate.int_identity__persons as persons using (record_key)
            where given.previous_customer_id = $text
                and given.customer_id is distinct from given.previous_customer_id
            group by all order by given.generation, persons.customer_id""",
            {"text": text},
        ).fetchall()
    )
    owners = {
        "customer_id": _ids(con, "select customer_id from who where customer_id = $1", text),
        "former_customer_id": [entry.now for entry in former if entry.now],
        "record_id": _ids(
            con, "select customer_id from who where record_id = $1 and record_type <> 'order'", text
        ),
        "order_id": _ids(
            con,
            """select customer_id from intermediate.int_identity__customer_map
            where record_type = 'order' and record_id = $1""",
            text,
        ),
    }
    carriers = _ids(
        con,
        """select customer_id from who where record_key in (
            select record_key from carried where identifier_key in (select unnest($1)))""",
        list(identifier_keys),
    )
    kinds = [kind for kind, ids in owners.items() if ids]
    if former and "former_customer_id" not in kinds:
        kinds.append("former_customer_id")
    kinds += [kind for kind, found in keys.items() if found]
    meant = {customer for ids in (*owners.values(), carriers) for customer in ids}
    return Found(
        tuple(kinds),
        tuple(_ids(con, "select customer_id from who where customer_id in (select unnest($1))", list(meant))),
        identifier_keys,
        former,
        {} if kinds else _searched(con),
    )  # fmt: skip


def _ids(con: duckdb.DuckDBPyConnection, sql: str, value: object) -> list[str]:
    """The customers that a query names, the earliest seen first."""
    rows = con.execute(
        f"""select customer_id from who where customer_id in ({sql})
        group by customer_id order by min(first_seen_at) nulls last, customer_id""",
        [value],
    ).fetchall()
    return [customer for (customer,) in rows]


def normalising_sql(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """The build's own query for the normal form of identifiers, over another relation than its own.

    The relation has the columns record_key, shop_id, id_type, id_scope, id_value and is_verified.
    """
    view = con.execute(
        """select sql from duckdb_views()
        where view_name = 'int_identity__identifiers_normalised' and database_name = current_database()"""
    ).fetchone()
    assert view is not None, "every build has it"
    body = view[0].split(" AS ", 1)[1]
    body = re.sub(r'[\w".]*\bint_identity__identifier_values\b"?', relation, body)
    return body.rstrip().rstrip(";")


def _keys_of_value(con: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """Keys of identifiers whose value this is, of whatever kind and scope."""
    rows = con.execute(
        rf"""with typed_value as (
            select 'typed' as record_key, '' as shop_id, id_type, '' as id_scope,
                $text as id_value, true as is_verified
            from (
                select id_type from seeds.identity_policy
                union select id_type from intermediate.int_identity__identifiers
            ) as kinds
        ),
        typed_normalised as ({normalising_sql(con, "typed_value")}),
        hashes as (
            select sha256($salt || id_type || '|' || id_value) as id_hash from typed_normalised
            -- A spelling without a letter or digit is no value; models of earlier versions keep it.
            where regexp_matches(id_value, '[\pL\pN]')
        )
        select distinct identifier_key from intermediate.int_identity__identifiers
        semi join hashes using (id_hash)""",
        {"text": text, "salt": os.environ.get("SHOP360_SALT", "unsalted")},
    ).fetchall()
    return [key for (key,) in rows]


def _keys_that_begin(con: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """Keys of identifiers as reports and reviews print them: their first twelve characters or all."""
    if not re.fullmatch(r"[0-9a-f]{12,32}", text):
        return []
    rows = con.execute(
        """select distinct identifier_key from carried
        where starts_with(identifier_key, $1) or starts_with(tie_key, $1)""",
        [text],
    ).fetchall()
    return [key for (key,) in rows]


def _searched(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    row = con.execute(
        """select
            (select count(distinct customer_id) from intermediate.int_identity__customer_map),
            (select count(*) from intermediate.int_identity__records where record_type <> 'buyer'),
            (select count(*) from intermediate.int_identity__order_buyers),
            (select count(distinct identifier_key) from intermediate.int_identity__identifiers)"""
    ).fetchone()
    assert row is not None
    return dict(zip(("customers", "records", "orders", "identifiers"), row, strict=True))
