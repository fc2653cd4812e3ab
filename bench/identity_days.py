"""`python -m bench.identity_days`: the cost of resolving one new day, compared with all records.

SQL writes the raw rows of a shop: members with cards and unionids, buyer records of four platforms,
orders with phones, couples on one phone and a pick-up point. Three runs are measured: all records, a run
without new rows (the cost of starting dbt and of the check for changes), and a new day. Figures are CPU seconds of
whole dbt processes; the last ones are in identity_days.md.
"""

import argparse
import tempfile
from pathlib import Path

import duckdb

from bench.usage import SHOP360, Usage, measure

RESULTS = Path(__file__).with_name("identity_days.md")
# A day of a shop that has existed for two and a half years.
_DAYS = 900

_CRM = """
insert into raw.crm_customers by name
select 'crm' as source_system, 'brand' as shop_id, 'C' || n as customer_id,
    if(n % 3 = 0, null, 'K' || n) as member_card_no, 'Person ' || n as full_name,
    printf('139%08d', (n - n % 50 // 49) * 7919 % 100000000) as phone,
    if(n % 8 = 0, 'tea' || n || '@mail.example', null) as email,
    timestamp '2024-01-01' + to_seconds(n * 37 % 77000000) as registered_at,
    {lineage}
from range({first}, {last}) as people (n) where n % 5 < 3"""

_IDENTIFIERS = """
insert into raw.crm_identifiers by name
select 'crm' as source_system, 'brand' as shop_id, 'C' || n as customer_id, id_type, '' as id_scope,
    id_type || '-' || n as id_value, true as is_verified,
    timestamp '2024-01-01' + to_seconds(n * 37 % 77000000) as updated_at,
    {lineage}
from range({first}, {last}) as people (n), (values ('wx_unionid'), ('wx_external_userid')) as kinds (id_type)
where n % 5 < 3"""

_ERP = """
insert into raw.erp_customers by name
select 'erp' as source_system, 'shop' || n % 4 as shop_id, 'E' || n as customer_id,
    if(n % 4 = 0, 'K' || n, null) as member_card_no, 'B' || n as platform_buyer_id,
    'taobao_ouid' as buyer_id_type, 'shop' || n % 4 as buyer_id_scope,
    printf('139%08d', (n - n % 50 // 49) * 7919 % 100000000) as phone,
    timestamp '2024-01-01' + to_seconds(n * 53 % 77000000) as created_at,
    {lineage}
from range({first}, {last}) as people (n) where n % 10 > 0"""

_ORDERS = """
insert into raw.erp_orders by name
select 'erp' as source_system, 'shop' || person % 4 as shop_id, 'O' || n as order_id, 'paid' as status,
    if(person % 10 > 0, 'E' || person, null) as customer_id,
    if(person % 7 = 0, 'C' || person, null) as crm_customer_id,
    if(n % 10 < 7, printf('139%08d', (person - person % 50 // 49) * 7919 % 100000000), null) as phone,
    if(n % 4 = 0, 'Person ' || person, null) as receiver_name,
    timestamp '2024-01-01' + to_seconds(n * 26 % 77000000) as ordered_at,
    {lineage}
from (select n, (hash(n) % {people})::bigint as person from range({first}, {last}) as orders (n))"""


def _arrive(warehouse: Path, people: tuple[int, int], orders: tuple[int, int], day: str) -> None:
    lineage = (
        f"'{day}' as _batch_id, 'bench' as _file, 1 as _row, timestamp '{day}' as _loaded_at, "
        "'' as _row_hash"
    )
    with duckdb.connect(str(warehouse)) as con:
        con.execute("set TimeZone = 'UTC'; set threads = 2")
        for sql in (_CRM, _IDENTIFIERS, _ERP):
            con.execute(sql.format(lineage=lineage, first=people[0], last=people[1]))
        con.execute(
            _ORDERS.format(lineage=lineage, first=orders[0], last=orders[1], people=people[1])
        )


def _resolve(home: Path) -> Usage:
    return measure(
        SHOP360,
        "dbt",
        "run",
        "--quiet",
        "--select",
        "+int_identity__last_run_rules",
        "--home",
        home,
    )


def measure_days(home: Path, customers: int) -> list[tuple[str, Usage]]:
    """Resolve all records, then nothing new, then a day; raises RuntimeError when a run fails."""
    measure(SHOP360, "land", "--home", home)
    measure(SHOP360, "dbt", "seed", "--quiet", "--home", home)
    warehouse = home / "private" / "warehouse.duckdb"
    orders, day = 3 * customers, customers // _DAYS
    _arrive(warehouse, (0, customers), (0, orders), "2026-06-01 00:00:00")
    figures = [("all records", _resolve(home)), ("nothing new", _resolve(home))]
    _arrive(
        warehouse, (customers, customers + day), (orders, orders + 3 * day), "2026-06-02 00:00:00"
    )
    figures.append(("one new day", _resolve(home)))
    with duckdb.connect(str(warehouse), read_only=True) as con:
        is_full = con.execute(
            "select bool_or(is_full_run) from intermediate.int_identity__last_run_state"
        ).fetchone()
        assert is_full == (False,), "the day was not resolved alone: all records were"
    return figures


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="a place with room; else the temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
        figures = measure_days(Path(scratch) / "home", given.customers)
    everything, nothing, day = (usage.cpu for _, usage in figures)
    lines = [
        "# One new day compared with all records",
        "",
        f"`python -m bench.identity_days --customers {given.customers}`: {given.customers:,} customers, "
        f"{3 * given.customers:,} orders; a day is a {_DAYS}th of it. Whole `dbt run` of the identity models.",
        "",
        "| resolved | CPU s | wall s | peak MB |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {u.cpu:.1f} | {u.wall:.1f} | {u.peak_mb:,.0f} |" for name, u in figures),
        "",
        f"A new day costs 1/{everything / day:.1f} of a full resolution, the start of dbt included. Without the cost "
        f"of a run in which nothing arrived, it is 1/{(everything - nothing) / max(day - nothing, 0.1):.1f}.",
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
