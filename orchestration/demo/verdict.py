"""Judges a warehouse against the demo's truth: was every injected defect caught by its check?

Reads the warehouse only. What was injected, and which check is meant to catch it, is in the
truth's `defects.parquet`; how to see that a check did its work is here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.table import Table

from orchestration.config.contract import load_contract


@dataclass(frozen=True)
class Verdict:
    """One kind of defect in one feed: how many were injected, how many its check caught."""

    kind: str
    feed: str
    injected: int
    caught: int
    catcher: str

    @property
    def missed(self) -> int:
        """Injected but not caught."""
        return self.injected - self.caught


# A row of `injected` (alias d) is caught where the condition after the catcher's name holds.
_RULES = {
    "quarantine": """exists (
        select 1 from meta.quarantine as q
        where q.feed = d.feed and q.file_name = d.file_name and q.row_number = d.row_number
            and list_contains(string_split(d.code, '|'), q.reason_code))""",
    # As many rows unchanged as were repeated in the file, and one current row of the key.
    "ledger:unchanged": """(
        select max(rows_unchanged) from meta.row_ledger as l
        where l.feed = d.feed and l.file_name = d.file_name
    ) >= d.of_file
    and (select count(*) from current_rows as c where c.feed = d.feed
        and c.file_name = d.file_name and c.row_number in (d.row_number - 1, d.row_number)) = 1""",
    # The outdated version is kept in history and is not the current one.
    "replaced": """exists (
        select 1 from former_rows as f
        where f.feed = d.feed and f.file_name = d.file_name and f.row_number = d.row_number)
    and not exists (
        select 1 from current_rows as c
        where c.feed = d.feed and c.file_name = d.file_name and c.row_number = d.row_number)""",
    "marts": """exists (
        select 1 from marts.orders as o
        where o.order_id = d.key
            and strftime(o.ordered_on, '%Y-%m') < regexp_extract(d.file_name, '\\d{4}-\\d\\d'))""",
    "flag": """exists (
        select 1 from intermediate.int_orders__order_flags as f
        inner join staging.stg_erp__orders as o using (order_key)
        where f.flag = d.code and o.order_id = coalesce(
            (select any_value(r.order_id) from raw.erp_refunds as r where r.refund_id = d.key),
            d.key))""",
    "orphan": """exists (
        select 1 from intermediate.int_orders__orphans as o
        where o.kind = d.code and o.order_id = coalesce(
            (select any_value(r.order_id) from raw.erp_refunds as r where r.refund_id = d.key),
            regexp_replace(d.key, '-\\d+$', '')))""",
    # The half-year's spend of the platform is what was truly spent, not twice as much.
    "spend": """(
        select sum(spend_amount) from marts.daily_marketing
        where ad_platform = 'wanxiang' and contains(d.file_name,
            year(marketing_on) || 'H' || ((month(marketing_on) + 5) // 6))
    ) = (
        select sum(spend_amount) from true_spend
        where ad_platform = 'wanxiang' and contains(d.file_name, year(month) || 'H' || ((month(month) + 5) // 6)))""",
    # Each person named by the key is a customer of their own, and their phone links no records.
    "identity": """not exists (
        select 1 from mixed_customers as m
        inner join named_records as n using (customer_id)
        where n.kind = d.kind and n.key = d.key)
    and not exists (
        select 1 from named_records as n
        where n.kind = d.kind and n.key = d.key and not exists (
            select 1 from intermediate.int_identity__identifiers as i
            inner join intermediate.int_identity__excluded_identifiers as e using (identifier_key)
            where i.record_key = n.record_key and i.id_type = 'phone'
                and e.excluded_reason like d.code || '%'))""",
    "files:warning": """exists (
        select 1 from meta.files as f
        where f.feed = d.feed and f.file_name = d.file_name
            and f.warnings like '%' || d.column_name || '%in the future%')""",
    "files": """exists (
        select 1 from meta.files as f
        where f.feed = d.feed and f.file_name = d.file_name and f.status = 'rejected')""",
}  # fmt: skip

# Customers who are several people: CRM and ERP records and orders only, devices are shared.
_MIXED = """
create temp table mixed_customers as
select customer_id
from intermediate.int_identity__customer_map
inner join true_people using (record_type, source_system, shop_id, record_id)
group by customer_id
having count(distinct person_id) > 1"""


# The records that identity defects name; an order is resolved through the set of its identifiers.
_NAMED = """
create temp table named_records as
select kind, key, customer_id, coalesce(b.buyer_key, c.record_key) as record_key
from (
    select kind, key, unnest(string_split(key, ' ')) as record_id,
        if(kind = 'virtual_phone', 'order', split_part(feed, '.', 1)) as record_type
    from injected
    where catcher = 'identity')
inner join intermediate.int_identity__customer_map as c using (record_type, record_id)
left join intermediate.int_identity__order_buyers as b on b.order_key = c.record_key"""


def _rows_of(schema: str) -> str:
    """Feed, file and row number of all rows in raw or history."""
    parts = [
        f"select '{code}' as feed, _file as file_name, _row as row_number from {schema}.{feed.table}"
        for code, feed in load_contract().items()
    ]
    return " union all ".join(parts)


def _prepare(con: duckdb.DuckDBPyConnection, truth: Path) -> None:
    for name in ("people", "spend", "defects"):
        con.execute(
            f"create temp view true_{name} as from read_parquet('{truth / f'{name}.parquet'}')"
        )
    con.execute(
        "create temp table injected as select *, split_part(expected_catcher, ':', 1) as catcher,"
        " split_part(expected_catcher, ':', 2) as code,"
        " count(*) over (partition by kind, feed, file_name) as of_file from true_defects"
    )
    named = "(feed, file_name) in (select (feed, file_name) from injected)"
    for table, schema in (("current_rows", "raw"), ("former_rows", "history")):
        con.execute(
            f"create temp table {table} as select * from ({_rows_of(schema)}) where {named}"
        )
    con.execute(_MIXED)
    con.execute(_NAMED)


def _rule(catcher: str) -> str:
    name, _, code = catcher.partition(":")
    return _RULES.get(catcher) or _RULES.get(code) or _RULES[name]


def judge(warehouse: Path, truth: Path) -> list[Verdict]:
    """How every kind of injected defect fared in a built warehouse, in the order of kinds."""
    verdicts = []
    with duckdb.connect(str(warehouse), read_only=True) as con:
        _prepare(con, truth)
        groups = con.execute(
            "select kind, feed, expected_catcher, count(*) from injected group by all order by all"
        ).fetchall()
        for kind, feed, catcher, count in groups:
            found = con.execute(
                f"select count(*) from injected as d where d.kind = ? and d.feed = ? and {_rule(catcher)}",
                [kind, feed],
            ).fetchone()
            verdicts.append(Verdict(kind, feed, count, found[0] if found else 0, catcher))
    return verdicts


def render(verdicts: Sequence[Verdict]) -> Table:
    """A table for the console: injected, caught, missed, and by which check."""
    table = Table(title="Injected defects", title_justify="left")
    for name in ("kind", "feed"):
        table.add_column(name)
    for name in ("injected", "caught", "missed"):
        table.add_column(name, justify="right")
    table.add_column("meant to be caught by")
    for v in verdicts:
        missed = f"[bold red]{v.missed}[/]" if v.missed else "[green]0[/]"
        table.add_row(v.kind, v.feed, str(v.injected), str(v.caught), missed, v.catcher)
    return table
