"""Why records are one customer: the chain of evidence, what was excluded and why, and the history.

`explain_find.py` finds the customers, `explain_print.py` prints. Ids, kinds and the first
characters of hashes only, never a name, a phone or any other value.
"""

from collections import defaultdict, deque
from dataclasses import dataclass

import duckdb

from orchestration.config.settings import Settings
from orchestration.reports.explain_find import Former, find
from orchestration.reports.explain_left_out import LeftOut, verdicts
from orchestration.reports.identity_report import reading
from orchestration.system.errors import OperatorError

MOST_DETAILED = 5
"""Customers that are explained at length; of more, as of a hub's, only the list is given."""
SHOWN = 12
"""Characters of an identifier's key: enough to tell them apart."""


class NoCustomerFound(OperatorError):
    """Nothing in the warehouse has that id or value."""


@dataclass(frozen=True)
class Record:
    """A record of a customer and the tie that leads to it from an earlier one of the chain."""

    number: int
    record_type: str
    source_system: str
    shop_id: str
    record_id: str
    since: str | None
    order_count: int
    path: list[int]
    """Numbers of the records from the first to this one."""
    tied_by: str | None = None
    identifier: str | None = None
    priority: int | None = None
    strength: str | None = None
    probability: float | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class Customer:
    """One customer: records in the order of the chain, left-out identifiers, history."""

    customer_id: str
    is_anonymous: bool
    records: list[Record]
    left_out: list[LeftOut]
    history: list[dict[str, object]]


@dataclass(frozen=True)
class Explanation:
    """The search text, the way it was found, and every customer that it leads to."""

    found_as: tuple[str, ...]
    former: tuple[Former, ...]
    identifiers: list[LeftOut]
    customers: list[dict[str, object]]
    explained: list[Customer]
    labels: dict[str, str]


def explain(settings: Settings, text: str) -> Explanation:
    """Explain a customer id, record id, order number or identifier as a person types it.

    Needs the environment of `prepare_environment`, as values are compared by salted hashes. Raises
    NoCustomerFound with what was searched, NothingResolved without a build, WarehouseUnusable while one runs.
    """
    with reading(settings) as con:
        found = find(con, text)
        if not found.kinds:
            raise NoCustomerFound(
                "Nothing has that id or value: looked at {customers:,} customer ids and the former ones, "
                "{records:,} CRM and ERP record ids, {orders:,} order numbers and {identifiers:,} hashed "
                "identifiers in their normal spelling. A name, an address or part of a number is "
                "no identifier.".format(**found.searched)
            )
        listed = con.execute(
            """select customer_id, count(*) as records, sum(order_count)::bigint as orders,
                strftime(min(first_seen_at), '%Y-%m-%d') as since
            from who where customer_id in (select unnest($1))
            group by customer_id order by list_position($1, customer_id)""",
            [list(found.customers)],
        ).fetchall()
        labels = con.execute("select id_type, en || ' · ' || zh from seeds.identity_policy")
        kinds = dict(labels.fetchall())
        few = found.customers if len(found.customers) <= MOST_DETAILED else ()
        return Explanation(
            found.kinds,
            found.former,
            verdicts(con, identifier_keys=found.identifier_keys),
            [dict(zip(("customer_id", "records", "orders", "since"), row, strict=True)) for row in listed],
            [_customer(con, customer_id) for customer_id in few],
            kinds,
        )  # fmt: skip


def _customer(con: duckdb.DuckDBPyConnection, customer_id: str) -> Customer:
    rows = con.execute(
        """select record_key, record_type, source_system, shop_id, record_id,
            strftime(first_seen_at, '%Y-%m-%d'), order_count, is_anonymous
        from who where customer_id = $1 order by first_seen_at nulls last, record_key""",
        [customer_id],
    ).fetchall()
    keys = [row[0] for row in rows]
    chain = _chain(con, keys)
    numbers = {key: number for number, key in enumerate(chain, start=1)}
    facts = {key: tuple(row) for key, *row in rows}
    paths: dict[str, list[int]] = {}
    records = []
    for key, tie in chain.items():
        before, *how = tie or (None,)
        paths[key] = [*paths.get(before or "", []), numbers[key]]
        kind, system, shop, record_id, since, orders, _ = facts[key]
        records.append(
            Record(numbers[key], kind, system, shop, record_id, since, orders, paths[key], *how)
        )
    history = con.execute(
        """select generation, strftime(changed_at, '%Y-%m-%d') as changed_at, change, customer_id,
            previous_customer_id, evidence_id_type, is_manual, record_count
        from marts.identity_changes
        where customer_id = $1 or previous_customer_id = $1 order by generation, change_key""",
        [customer_id],
    )
    names = [column[0] for column in history.description or ()]
    changes = [dict(zip(names, row, strict=True)) for row in history.fetchall()]
    return Customer(
        customer_id,
        any(row[-1] for row in rows),
        records,
        verdicts(con, customer_id=customer_id, record_keys=keys),
        changes,
    )


def _chain(con: duckdb.DuckDBPyConnection, keys: list[str]) -> dict[str, tuple | None]:
    """Every record in the order in which ties lead to it from the first: the record before, and the tie.

    The way is the shortest; of equally short ones it takes the most trusted identifier.
    """
    edges = con.execute(
        """select edges.record_key, edges.tie_key, edges.id_type, left(edges.identifier_key, $shown),
            edges.priority, edges.strength, edges.probability, matches.evidence
        from intermediate.int_identity__edges as edges
        left join intermediate.int_identity__matches as matches
            on edges.record_key = matches.record_key and edges.identifier_key = matches.pair_key
        anti join intermediate.int_identity__rejected_ties as refusals
            on edges.record_key = refusals.record_key and edges.tie_key = refusals.tie_key
        where edges.is_tie and edges.record_key in (select unnest($keys))
        order by edges.priority, edges.tie_key, edges.record_key""",
        {"keys": keys, "shown": SHOWN},
    ).fetchall()
    ties, carriers = defaultdict(list), defaultdict(list)
    for record, tie, *how in edges:
        ties[record].append((tie, how))
        carriers[tie].append(record)
    chain: dict[str, tuple | None] = {}
    for start in keys:
        # All hang together; a second start is a record that no identifier ties.
        if start in chain:
            continue
        chain[start] = None
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for tie, how in ties[here]:
                for other in carriers.pop(tie, ()):
                    if other not in chain:
                        chain[other] = (here, *how)
                        waiting.append(other)
    return chain
