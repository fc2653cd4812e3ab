"""One more day of a landed shop: the last day again, a day later and under new ids, with what it changes of the past.

Orders, events, customers and reports of the last day return with new ids. Orders of the week before change their
status, some are refunded, and the ad reports of the day before are restated. Files have the columns of the contract.
"""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import yaml

from orchestration.system.sql import ident, quoted

# The day on which a row happened.
_HAPPENED = {
    "crm_customers": "registered_at",
    "crm_identifiers": "updated_at",
    "crm_interactions": "opened_at",
    "crm_consents": "decided_at",
    "crm_reviews": "reviewed_at",
    "erp_customers": "created_at",
    "erp_orders": "ordered_at",
    "erp_refunds": "requested_at",
    "web_events": "event_at",
    "web_daily_traffic": "traffic_on",
    "ads_daily_spend": "spend_on",
}
# Ids that belong to the day. Ids of orders and customers are new only if the day made them.
_OWN_IDS = (
    "line_id",
    "refund_id",
    "review_id",
    "interaction_id",
    "event_id",
    "session_id",
    "member_card_no",
    "wechat_unionid",
    "id_value",
)
_FOREIGN_IDS = {
    "order_id": "day_orders",
    "platform_order_id": "day_orders",
    "customer_id": "day_customers",
    "crm_customer_id": "day_customers",
    "platform_buyer_id": "day_buyers",
}
# Digits of another person: the same number would merge the two.
_PERSONAL = {
    "phone": "translate({}, '0123456789', '0123467895')",
    "email": "{} || '.n{number}'",
}


def last_day(con: duckdb.DuckDBPyConnection) -> date:
    """The last day with an order, in UTC."""
    found = con.execute("select max(ordered_at)::date from raw.erp_orders").fetchone()
    assert found is not None
    return found[0]


def write_day(warehouse: Path, inbox: Path, number: int = 1) -> int:
    """Write the exports of the day after the last one into `inbox`/days; the number of rows."""
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(str(warehouse))} as shop (read_only)")
        con.execute("use shop")
        con.execute("set TimeZone = 'UTC'; set threads = 2")
        day = last_day(con)
        _note_new_ids(con, day)
        rows = 0
        for table, happened in _HAPPENED.items():
            query = _shifted(con, table, f"{happened}::date = date '{day}'", number)
            rows += _copy(con, query, inbox, table, number)
        lines = _shifted(con, "erp_order_lines", "order_id in (from temp.day_orders)", number)
        rows += _copy(con, lines, inbox, "erp_order_lines", number)
        for table, query in _changes(day).items():
            rows += _copy(con, query, inbox, table, number, "restated")
        return rows


def config_of_days(base: Path, inbox: Path) -> str:
    """The configuration `base` with a mapping for each export below `inbox`/days."""
    config = yaml.safe_load(base.read_text(encoding="utf-8"))
    for folder in sorted((inbox / "days").glob("*/*/*")):
        feed, system, shop = folder.parts[-3:]
        first = next(iter(sorted(folder.glob("*.parquet"))))
        columns = duckdb.sql(f"describe from {quoted(str(first))}").fetchall()
        config["feeds"].setdefault(feed, []).append(
            {
                "files": f"days/{feed}/{system}/{shop}/*.parquet",
                "source_system": system,
                "shop_id": shop,
                "timezone": "UTC",
                "columns": {name: name for name, *_ in columns},
            }
        )
    return yaml.safe_dump(config, allow_unicode=True, sort_keys=False)


def _note_new_ids(con: duckdb.DuckDBPyConnection, day: date) -> None:
    con.execute(
        f"""
        create temp table day_orders as
        select order_id as id from raw.erp_orders where ordered_at::date = date '{day}'
        union select platform_order_id from raw.erp_orders where ordered_at::date = date '{day}';
        create temp table day_customers as
        select customer_id as id from raw.crm_customers where registered_at::date = date '{day}'
        union select customer_id from raw.erp_customers where created_at::date = date '{day}';
        create temp table day_buyers as
        select platform_buyer_id as id from raw.erp_customers where created_at::date = date '{day}'
        """
    )


def _shifted(con: duckdb.DuckDBPyConnection, table: str, where: str, number: int) -> str:
    """The rows of a table a day later, under new ids."""
    columns = con.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = 'shop' and schema_name = 'raw' and table_name = ? and column_name not like '\\_%' escape '\\'"
        " order by column_index",
        [table],
    ).fetchall()
    return (
        f"select {', '.join(_value(name, kind, number) for name, kind in columns)} "
        f"from raw.{table} where {where}"
    )


def _value(name: str, kind: str, number: int) -> str:
    column = ident(name)
    if name in _OWN_IDS:
        value = f"{column} || '-n{number}'"
    elif name in _FOREIGN_IDS:
        value = f"case when {column} in (from temp.{_FOREIGN_IDS[name]}) then {column} || '-n{number}' else {column} end"
    elif name in _PERSONAL:
        value = _PERSONAL[name].format(column, number=number)
    elif kind in ("TIMESTAMP", "DATE"):
        value = f"({column} + interval 1 day)::{kind}"
    else:
        value = column
    return f"{value} as {column}"


def _changes(day: date) -> dict[str, str]:
    """What the day changes of the past, by table: statuses, refunds, restated reports."""
    week, later = day - timedelta(days=7), day + timedelta(days=1)
    return {
        "erp_orders": f"""
            select * exclude ({", ".join(_LINEAGE)}) replace (
                case status when 'paid' then 'shipped' when 'shipped' then 'completed' else status end as status,
                timestamp '{later} 02:00:00' as updated_at)
            from raw.erp_orders
            where ordered_at::date between date '{week}' and date '{day}'
                and status in ('paid', 'shipped') and hash(order_id) % 3 = 0""",
        "erp_refunds": f"""
            select source_system, shop_id, 'late-' || order_id as refund_id, order_id, null::varchar as line_id,
                null::varchar as product_id, null::varchar as customer_id, null::varchar as platform,
                'success' as status, 'refund_only' as refund_type, null::decimal(18, 4) as quantity,
                (paid_amount / 4)::decimal(18, 2) as refunded_amount, currency, null::varchar as reason,
                timestamp '{later} 01:00:00' as requested_at, timestamp '{later} 01:00:00' as refunded_at,
                timestamp '{later} 01:00:00' as updated_at
            from raw.erp_orders
            where ordered_at::date between date '{day - timedelta(days=20)}' and date '{day}'
                and status = 'completed' and paid_amount > 4 and hash(order_id, {later.toordinal()}) % 200 = 0""",
        "ads_daily_spend": f"""
            select * exclude ({", ".join(_LINEAGE)}) replace (
                (spend_amount * 1.01)::decimal(18, 2) as spend_amount)
            from raw.ads_daily_spend where spend_on = date '{day - timedelta(days=1)}'""",
    }


_LINEAGE = ("_batch_id", "_file", "_row", "_loaded_at", "_row_hash", "_extra")


def _copy(
    con: duckdb.DuckDBPyConnection,
    query: str,
    inbox: Path,
    table: str,
    number: int,
    kind: str = "new",
) -> int:
    """Write the rows of a query, a file per source system and shop."""
    con.execute(f"create or replace temp table day_rows as {query}")
    feed = table.replace("_", ".", 1)
    places = con.execute("select distinct source_system, shop_id from day_rows").fetchall()
    for system, shop in places:
        folder = inbox / "days" / feed / system / shop
        folder.mkdir(parents=True, exist_ok=True)
        con.execute(
            f"copy (select * exclude (source_system, shop_id) from day_rows"
            f" where source_system = {quoted(system)} and shop_id = {quoted(shop)})"
            f" to {quoted(str(folder / f'{kind}-{number:03}.parquet'))}"
        )
    found = con.execute("select count(*) from day_rows").fetchone()
    assert found is not None
    return found[0]
