"""The keys that the identity models compute for the person's records after their ids were replaced."""

import duckdb

from orchestration.config.contract import load_contract
from orchestration.landing.redact import rules
from orchestration.system.sql import quoted


def new_keys(con: duckdb.DuckDBPyConnection, salt: str) -> list[tuple[str, str]]:
    """Tag of the person and key of each record, as long as raw still has the old ids.

    The same texts as in `stg_crm__customers`, `stg_erp__customers` and `int_identity__landed_orders`.
    """
    parts = []
    for code, kind in (
        ("crm.customers", "crm"),
        ("crm.identifiers", "crm"),
        ("erp.customers", "erp"),
    ):
        feed = load_contract()[code]
        new = f"fg_new_id(person, '{kind}', trim(customer_id))"
        parts.append(
            f"select person, md5('{kind}|' || source_system || '|' || shop_id || '|' || {new}) as record_key "
            f"from raw.{feed.table} inner join ({rules.owners(feed, f'raw.{feed.table}', 'rowid')}) as own "
            f"on raw.{feed.table}.rowid = own.fg_row"
        )
    orders = load_contract()["erp.orders"]
    changed = rules.replacements(orders)
    values = {name: f"nullif(trim({changed[name]}), '')" for name in _BUYER}
    text = ", ".join(
        f"case when {values[needs]} is null then '' else {sql} end"
        for needs, sql in _identity_text(values)
    )
    named = ", ".join(values[name] for name in _BUYER if name != "receiver_name")
    parts.append(
        f"select person, left(sha256({quoted(salt)} || concat_ws('|', source_system, shop_id, {text})), 32) "
        f"from raw.erp_orders inner join ({rules.owners(orders, 'raw.erp_orders', 'rowid')}) as own "
        f"on raw.erp_orders.rowid = own.fg_row where coalesce({named}) is not null"
    )
    return con.execute(" union ".join(parts)).fetchall()


_BUYER = (
    *("customer_id", "crm_customer_id", "member_card_no", "platform_buyer_id", "phone"),
    *("receiver_name", "email"),
)


def _identity_text(values: dict[str, str]) -> list[tuple[str, str]]:
    """The parts of what an order says of its buyer, each with the column that it needs."""
    kind = "coalesce(nullif(lower(trim(buyer_id_type)), ''), 'platform_buyer_id')"
    parts = {
        "customer_id": [values["customer_id"]],
        "crm_customer_id": [values["crm_customer_id"]],
        "member_card_no": [values["member_card_no"]],
        "platform_buyer_id": [
            kind,
            "coalesce(trim(buyer_id_scope), '')",
            values["platform_buyer_id"],
        ],
        "phone": [values["phone"], f"coalesce({values['receiver_name']}, '')"],
        "email": [values["email"]],
    }
    return [(needs, sql) for needs, texts in parts.items() for sql in texts]
