"""What a removal covers: records, orders, values and former keys of the customers."""

import secrets
from dataclasses import dataclass, field

import duckdb

from orchestration.config.contract import load_contract
from orchestration.forget.new_keys import new_keys
from orchestration.landing.redact import rules
from orchestration.landing.redact.tokens import Forgotten

_PEOPLE = ("crm.customers", "crm.identifiers", "crm.consents", "erp.customers", "erp.orders")
"""Feeds with records of people. Leads are none: a lead with the phone of a person is the person's."""
_TYPED = ("crm.identifiers", "crm.consents")
"""Feeds with the kind of an identifier in one column and its value in another."""
_SHORTEST = 5
"""Shorter values are no identifiers."""

_DISTINCT = "(length({0}) >= 9 or (length({0}) >= 6 and regexp_matches({0}, '[A-Za-z]')))"
"""Other texts are parts of other values too often to be looked for outside of their columns."""


@dataclass
class Person:
    """One customer. `tag` is drawn at random; everything else but counts goes with the person."""

    customer_id: str
    tag: str
    new_customer_id: str
    is_anonymous: bool = False
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class Removal:
    """What one command removes. It is in the journal while the removal goes on, and nowhere else."""

    people: list[Person]
    hashes: list[tuple[str, str]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    """Texts of which no trace may stay: identifiers, ids of records, names, keys."""
    hints: list[str] = field(default_factory=list)
    """Texts as raw has them, one of which is in every row of the person; orders are among them."""
    names: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """Former customer ids, keys of records and of identifiers."""
    new_keys: list[tuple[str, str]] = field(default_factory=list)
    """Tag of the person and the key that each of its records will have."""
    shared: int = 0
    """Identifiers that others carry too; they stay with the others."""


def collect(
    con: duckdb.DuckDBPyConnection, listed: Forgotten, customers: tuple[str, ...], salt: str
) -> Removal:
    """Look the customers up in a warehouse that is built; nothing is changed.

    `salt` is the one that identifiers are hashed with.
    """
    people = [Person(c, secrets.token_hex(8), "c" + secrets.token_hex(16)) for c in customers]
    removal = Removal(people)
    listed.install(con)
    con.execute("create or replace temp table fg_people (customer_id varchar, person varchar)")
    con.executemany("insert into fg_people values (?, ?)", [[p.customer_id, p.tag] for p in people])
    con.execute(
        """create or replace temp table fg_records as
        select person, customer_id, record_type as kind, source_system, shop_id, record_id, record_key,
            is_anonymous
        from intermediate.int_identity__customer_map inner join fg_people using (customer_id)"""
    )
    _count(con, people)
    _note(con, removal, _RECORDS)
    _note(con, removal, _quotes(con))
    if _has(con, "web_events"):
        _note(con, removal, _VISITORS)
        _note(con, removal, _UNITS)
    _values(con, removal)
    _names(con, removal)
    _keys(con, removal)
    removal.new_keys = new_keys(con, salt)
    return removal


_RECORDS = """
    select fg_hash(kind, source_system || '|' || shop_id || '|' || record_id), person from fg_records
    union select fg_hash('crm_any', record_id), person from fg_records
    where kind = 'crm' and record_id not in (
        select customer_id from raw.crm_customers as feed anti join fg_records as own
        on own.kind = 'crm' and feed.customer_id = own.record_id
            and feed.source_system = own.source_system and feed.shop_id = own.shop_id)
    union select fg_hash('erp_any', source_system || '|' || record_id), person from fg_records
    where kind = 'erp' and (source_system, record_id) not in (
        select (feed.source_system, customer_id) from raw.erp_customers as feed anti join fg_records as own
        on own.kind = 'erp' and feed.customer_id = own.record_id
            and feed.source_system = own.source_system and feed.shop_id = own.shop_id)
    union select fg_hash('order_any', record_id), person from fg_records
    where kind = 'order' and record_id not in (
        select order_id from raw.erp_orders as feed anti join fg_records as own
        on own.kind = 'order' and feed.order_id = own.record_id
            and feed.source_system = own.source_system and feed.shop_id = own.shop_id)"""

_VISITORS = """
    with visits as (
        select events.source_system, events.shop_id, visitor_id, f.person,
            events.crm_customer_id is not null as is_login
        from raw.web_events as events
        left join forgotten as f on f.hash in (
            fg_hash('crm', events.source_system || '|' || events.shop_id || '|' || crm_customer_id),
            fg_hash('crm_any', crm_customer_id),
            fg_hash('order', events.source_system || '|' || events.shop_id || '|' || order_id),
            fg_hash('order_any', order_id))
    )
    select fg_hash('visitor', source_system || '|' || shop_id || '|' || visitor_id), min(person)
    from visits group by source_system, shop_id, visitor_id
    having count(distinct person) = 1 and count(*) filter (where is_login and person is null) = 0"""


_UNITS = """
    select distinct fg_hash('unit', events.shop_id || '|' || trim(visitor_id)), own.person
    from raw.web_events as events inner join forgotten as own on own.hash = fg_hash('visitor',
        events.source_system || '|' || events.shop_id || '|' || visitor_id)"""
"""Experiments name a visitor without the tracker."""


def _quotes(con: duckdb.DuckDBPyConnection) -> str:
    """Ids that only the person's own orders and ERP records quote, of records that no file describes."""
    return """
        select fg_hash('crm_any', crm_customer_id), min(own.person)
        from raw.erp_orders as orders left join fg_records as own
            on own.kind = 'order' and orders.order_id = own.record_id
            and orders.source_system = own.source_system and orders.shop_id = own.shop_id
        where crm_customer_id is not null
            and crm_customer_id not in (select customer_id from raw.crm_customers)
        group by crm_customer_id
        having count(distinct own.person) = 1 and count(own.person) = count(*)
        union
        select fg_hash('erp_any', orders.source_system || '|' || orders.customer_id), min(own.person)
        from raw.erp_orders as orders left join fg_records as own
            on own.kind = 'order' and orders.order_id = own.record_id
            and orders.source_system = own.source_system and orders.shop_id = own.shop_id
        where orders.customer_id is not null
            and (orders.source_system, orders.customer_id) not in (
                select (source_system, customer_id) from raw.erp_customers)
        group by orders.source_system, orders.customer_id
        having count(distinct own.person) = 1 and count(own.person) = count(*)"""


def _count(con: duckdb.DuckDBPyConnection, people: list[Person]) -> None:
    for person in people:
        rows = con.execute(
            "select kind, count(*), bool_or(is_anonymous) from fg_records where person = ? group by kind",
            [person.tag],
        ).fetchall()
        person.counts = {kind: count for kind, count, _ in rows}
        person.is_anonymous = any(anonymous for *_, anonymous in rows)
        if person.is_anonymous:
            # Its id is made of the number of its one order, which stays.
            person.new_customer_id = person.customer_id


def _note(con: duckdb.DuckDBPyConnection, removal: Removal, query: str) -> None:
    """Put the hashes of a query on the list of this removal and of this connection."""
    rows = [row for row in con.execute(query).fetchall() if row[0] is not None]
    removal.hashes += rows
    if rows:
        con.executemany("insert into forgotten values (?, ?)", rows)


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(con.execute(f"select 1 from raw.{table} limit 1").fetchall())


def _values(con: duckdb.DuckDBPyConnection, removal: Removal) -> None:
    """Identifiers in the person's rows; those of no other person are searched in every file."""
    parts = []
    for code in _PEOPLE:
        feed = load_contract()[code]
        for schema in ("raw", "history"):
            table = f"{schema}.{feed.table}"
            con.execute(
                f"create or replace temp table fg_own_{schema}_{feed.table} as "
                f"{rules.owners(feed, table, 'rowid')}"
            )
            for kind, value in rules.VALUES[code].items():
                shown = "id_value" if code in _TYPED else rules.SHOWN[kind]
                parts.append(
                    f"select '{kind}' as kind, {value} as value, trim({shown}) as shown, own.person "
                    f"from {table} as feed left join fg_own_{schema}_{feed.table} as own "
                    "on feed.rowid = own.fg_row"
                )
    con.execute(f"create or replace temp table fg_carried as {' union all '.join(parts)}")
    con.execute(
        """create or replace temp table fg_values as
        select kind, value, min(person) as person, list(distinct shown) as shown,
            count(person) = count(*) and count(distinct person) = 1 as is_own
        from fg_carried where value is not null and not contains(value, '*')
        group by kind, value having count(person) > 0"""
    )
    con.execute(
        """delete from fg_values where length(value) < $1
            or (kind = 'phone' and (replace(right(value, 8), right(value, 1), '') = ''
                or contains(value, '12345678')))
            or exists (select 1 from seeds.blocked_identifiers as blocked
                where blocked.id_type = kind and value like blocked.pattern)""",
        [_SHORTEST],
    )
    _note(con, removal, "select fg_hash(kind, value), person from fg_values where is_own")
    [(removal.shared,)] = con.execute("select count(*) from fg_values where not is_own").fetchall()
    found = con.execute(
        """select unnest(shown) from fg_values where is_own union
        select value from fg_values where is_own and kind in ('phone', 'email') union
        select record_id from fg_records where kind in ('crm', 'erp') and (kind <> 'crm'
            or fg_hash('crm_any', record_id) in (select hash from forgotten))
            and (kind <> 'erp' or fg_hash('erp_any', source_system || '|' || record_id)
                in (select hash from forgotten)) union
        select visitor_id from raw.web_events where fg_hash('visitor', source_system || '|' || shop_id
            || '|' || visitor_id) in (select hash from forgotten)"""
    ).fetchall()
    removal.values = sorted({text for (text,) in found if text and _is_distinct(text)})
    removal.hints = _hints(con)
    _note(
        con,
        removal,
        "select fg_hash('text', lower(value)), person from (select unnest(list_append(shown, value)) "
        "as value, person from fg_values where is_own and kind <> 'buyer' union "
        "select unnest(shown), person from fg_values where is_own union "
        f"select record_id, person from fg_records where kind in ('crm', 'erp')) "
        f"where {_DISTINCT.format('value')}",
    )


def _hints(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute(
        """select unnest(shown) from fg_values union select record_id from fg_records union
        select visitor_id from raw.web_events where fg_hash('visitor', source_system || '|' || shop_id
            || '|' || visitor_id) in (select hash from forgotten) union
        select crm_customer_id from raw.erp_orders
        where fg_hash('crm_any', crm_customer_id) in (select hash from forgotten)"""
    ).fetchall()
    return sorted({text for (text,) in found if text})


def _is_distinct(text: str) -> bool:
    return len(text) >= 9 or (len(text) >= 6 and any(c.isascii() and c.isalpha() for c in text))


def _names(con: duckdb.DuckDBPyConnection, removal: Removal) -> None:
    """Full names of the person that are not part of another person's name."""
    parts = [
        f"select trim({column}) as name, own.person from {schema}.{table} as feed "
        f"left join fg_own_{schema}_{table} as own on feed.rowid = own.fg_row"
        for schema in ("raw", "history")
        for table, column in (
            ("crm_customers", "full_name"),
            ("erp_customers", "full_name"),
            ("erp_orders", "receiver_name"),
        )
    ]
    found = con.execute(
        f"""with names as (select distinct name, person from ({" union all ".join(parts)})
            where name is not null and not contains(name, '*'))
        select distinct name from names as own where person is not null and length(name) > 2
            and not exists (select 1 from names as other
                where other.person is null and contains(other.name, own.name))"""
    ).fetchall()
    removal.names = sorted(name for (name,) in found)


def _keys(con: duckdb.DuckDBPyConnection, removal: Removal) -> None:
    """What the models made of the person: ids and keys that must not stay in any table.

    An id that is made of the number of an order says nothing but that number, which stays.
    """
    con.execute(
        """create or replace temp table fg_keys as
        select record_key from fg_records where kind <> 'order' union
        select orders.buyer_key from intermediate.int_identity__order_buyers as orders
        inner join fg_records on orders.order_key = fg_records.record_key
        where orders.buyer_key is not null"""
    )
    found = con.execute(
        """select record_key from fg_keys union
        select customer_id from fg_people where customer_id not in (
            select 'c' || md5(unnest([record_key, 'anonymous|' || record_key]))
            from fg_records where kind = 'order') union
        select previous_customer_id from intermediate.int_identity__customer_ids
        where record_key in (from fg_keys) union
        select unnest([identifier_key, id_hash]) from intermediate.int_identity__identifiers
        group by identifier_key, id_hash
        having bool_and(record_key in (select record_key from fg_keys))"""
    ).fetchall()
    removal.keys = sorted({key for (key,) in found if key})
