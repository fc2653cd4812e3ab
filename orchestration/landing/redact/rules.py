"""Which rows of a feed are a person's, and what becomes of each column of such a row.

Both are SQL over the columns of the contract, so that the rows of a file and of a table are judged alike.
Hashes of the list have a kind: the id of a record (`crm`, `erp`) or an order within its source system and
shop, the same as other systems quote it (`…_any`), a visitor, or the value of an identifier.
"""

from orchestration.config.contract import Feed

_HERE = "source_system || '|' || shop_id || '|' || "
_SCOPED = "coalesce(nullif(trim({scope}), ''), shop_id) || '|' || fg_id({value})"
_BUYER = "coalesce(nullif(lower(trim(buyer_id_type)), ''), 'platform_buyer_id') || '|' || "

_QUOTED = {"crm": "{column}", "erp": "source_system || '|' || {column}", "order": "{column}"}

_DESCRIBES = {
    "crm.customers": [("crm", "customer_id")],
    "crm.identifiers": [("crm", "customer_id")],
    "erp.customers": [("erp", "customer_id")],
    "erp.orders": [("order", "order_id")],
    "erp.order_lines": [("order", "order_id")],
    "erp.refunds": [("order", "order_id")],
}
"""Feeds whose rows have the id of a record as part of their own key, or belong to an order."""

_QUOTES = {
    "crm.consents": [("crm", "customer_id")],
    "crm.interactions": [("crm", "customer_id"), ("order", "order_id")],
    "crm.leads": [("crm", "customer_id"), ("order", "order_id")],
    "crm.reviews": [("crm", "customer_id"), ("order", "order_id")],
    "erp.orders": [("crm", "crm_customer_id"), ("erp", "customer_id")],
    "erp.coupon_redemptions": [("erp", "customer_id"), ("order", "order_id")],
    "web.events": [("crm", "crm_customer_id"), ("order", "order_id")],
}

_TYPED = {
    "phone": "case when lower(trim(id_type)) = 'phone' then fg_phone(id_value) end",
    "email": "case when lower(trim(id_type)) = 'email' then fg_email(id_value) end",
    "card": "case when lower(trim(id_type)) = 'member_card_no' then fg_id(id_value) end",
    "unionid": "case when lower(trim(id_type)) = 'wx_unionid' then fg_id(id_value) end",
}
"""The identifier of a row that has its kind in a column."""

VALUES = {
    "crm.customers": {
        "phone": "fg_phone(phone)",
        "email": "fg_email(email)",
        "card": "fg_id(member_card_no)",
        "unionid": "fg_id(wechat_unionid)",
    },
    "crm.consents": _TYPED,
    "crm.identifiers": _TYPED
    | {
        "buyer": "case when lower(trim(id_type)) not in ('phone', 'email', 'member_card_no', 'wx_unionid', "
        "'receiver_name', 'address', 'ip', 'buyer_nick') then lower(trim(id_type)) || '|' || "
        + _SCOPED.format(scope="id_scope", value="id_value")
        + " end",
    },
    "crm.leads": {
        "phone": "fg_phone(phone)",
        "email": "fg_email(email)",
        "unionid": "fg_id(wechat_unionid)",
    },
    "erp.customers": {
        "phone": "fg_phone(phone)",
        "email": "fg_email(email)",
        "card": "fg_id(member_card_no)",
        "buyer": _BUYER + _SCOPED.format(scope="buyer_id_scope", value="platform_buyer_id"),
    },
}
VALUES["erp.orders"] = VALUES["erp.customers"]
"""The identifiers of a row by kind, in their normal spelling."""

SHOWN = {"phone": "phone", "email": "email", "card": "member_card_no", "unionid": "wechat_unionid"}
SHOWN |= {"buyer": "platform_buyer_id"}
"""The column that holds the value of a kind as the source wrote it; feeds that have the kind in a column
have the value in `id_value`."""

_QUOTING = ("crm.consents", "crm.leads", "crm.reviews", "web.events")
"""Feeds with columns of their own that also quote records."""

_EXPERIMENTS = ("web.experiment_assignments", "web.experiment_outcomes")
_UNIT = ["fg_hash('unit', shop_id || '|' || trim(unit_id))", "fg_hash('crm_any', unit_id)"]
"""The unit of an experiment is a visitor of any tracker of the shop, or a CRM record."""

_VISITOR = f"fg_hash('visitor', {_HERE}visitor_id)"
_IS_VISITOR = f"{_VISITOR} in (select hash from forgotten)"

_TRAITS = (
    *("gender", "marital_status", "birth_on", "country", "province", "city", "address", "postcode"),
    *("national_id", "given_name", "member_level", "points_balance", "registration_channel"),
)
_NEW_VALUE = (
    "case lower(trim(id_type)) when 'phone' then fg_new_phone(person, id_value) "
    "when 'email' then fg_new_email(person, id_value) "
    "when 'crm_customer_id' then fg_new_id(person, 'crm', id_value) "
    "when 'erp_customer_id' then fg_new_id(person, 'erp', id_value) "
    "else fg_new_id(person, 'id', id_value) end"
)
_FEEDS = {
    "crm.consents": {
        "id_value": f"case when trim(id_value) = '' then id_value else {_NEW_VALUE} end"
    },
    "crm.customers": dict.fromkeys(_TRAITS, "null")
    | {"customer_id": "fg_new_id(person, 'crm', customer_id)"},
    "erp.customers": dict.fromkeys(_TRAITS, "null")
    | {"customer_id": "fg_new_id(person, 'erp', customer_id)"},
    "crm.identifiers": {
        "customer_id": "fg_new_id(person, 'crm', customer_id)",
        "id_value": _NEW_VALUE,
    },
    "erp.orders": {
        "customer_id": "fg_new_id(person, 'erp', customer_id)",
        "crm_customer_id": "fg_new_id(person, 'crm', crm_customer_id)",
    },
    "crm.leads": {"owner": "owner"},
    "crm.reviews": {"body": "null"},
    "web.events": {
        "visitor_id": f"case when {_IS_VISITOR} then fg_new_id(person, 'id', visitor_id) "
        "else visitor_id end",
        "session_id": f"case when {_IS_VISITOR} then fg_new_id(person, 'id', session_id) "
        "else session_id end",
        "page_url": "fg_host(page_url)",
        "referrer_url": "fg_host(referrer_url)",
        "search_term": "null",
    },
}
_FEEDS |= {code: {"unit_id": "fg_new_id(person, 'id', unit_id)"} for code in _EXPERIMENTS}
_ANYWHERE = {
    "member_card_no": "fg_new_id(person, 'id', member_card_no)",
    "wechat_unionid": "fg_new_id(person, 'id', wechat_unionid)",
    "platform_buyer_id": "fg_new_id(person, 'id', platform_buyer_id)",
    "phone": "fg_new_phone(person, phone)",
    "email": "fg_new_email(person, email)",
    "full_name": "fg_new_name(person, full_name)",
    "family_name": "fg_new_name(person, family_name)",
    "receiver_name": "fg_new_name(person, receiver_name)",
}

SIDES = {
    side: f"fg_hash(record_type_{side}, source_system_{side} || '|' || shop_id_{side} || '|' "
    f"|| record_id_{side})"
    for side in ("a", "b")
}
"""The hashes of the two records of a row of crm.matches."""


def quoted_hashes(kind: str, column: str) -> list[str]:
    """The hashes under which a row may quote a record or an order."""
    return [
        f"fg_hash('{kind}', {_HERE}{column})",
        f"fg_hash('{kind}_any', {_QUOTED[kind].format(column=column)})",
    ]


def memberships(feed: Feed) -> list[str]:
    """Hashes of a row, as SQL: the row is the person's on whose list one of them is."""
    if feed.code == "crm.matches":
        return list(SIDES.values())
    if feed.code in _EXPERIMENTS:
        return _UNIT
    found = [
        f"fg_hash('{kind}', {_HERE}{column})" for kind, column in _DESCRIBES.get(feed.code, [])
    ]
    for kind, column in _QUOTES.get(feed.code, []):
        found += quoted_hashes(kind, column)
    found += [f"fg_hash('{kind}', {value})" for kind, value in VALUES.get(feed.code, {}).items()]
    return found + ([_VISITOR] if feed.code == "web.events" else [])


def replacements(feed: Feed) -> dict[str, str]:
    """What each changed column of a person's row becomes, as SQL over the row and `person`."""
    found = {name: sql for name, sql in _ANYWHERE.items() if name in feed.columns}
    found |= {c.name: "null" for c in feed.columns.values() if c.pii and c.name not in found}
    own = _FEEDS.get(feed.code, {})
    found |= {name: sql for name, sql in own.items() if name in feed.columns}
    if feed.code not in _FEEDS or feed.code in _QUOTING:
        found |= _quoting(feed)
    if feed.code == "crm.matches":
        found |= {f"record_id_{side}": _side(side) for side in SIDES}
    return found


def _quoting(feed: Feed) -> dict[str, str]:
    """An id of a record that is not the person's stays, though the row quotes an order of the person."""
    found = {}
    for kind, column in _QUOTES.get(feed.code, []):
        if kind != "order":
            known = " or ".join(
                f"{hashed} in (select hash from forgotten)"
                for hashed in quoted_hashes(kind, column)
            )
            new = f"fg_new_id(person, '{kind}', {column})"
            found[column] = f"case when {known} then {new} else {column} end"
    return found


def _side(side: str) -> str:
    owner = f"(select min(f.person) from forgotten as f where f.hash = {SIDES[side]})"
    new = f"fg_new_id({owner}, record_type_{side}, record_id_{side})"
    return f"coalesce({new}, record_id_{side})"


def owners(feed: Feed, relation: str, row: str) -> str:
    """A query for the rows that are a person's: `fg_row` and `person`. `row` identifies a row."""
    hashes = memberships(feed)
    if not hashes:
        return "select null::bigint as fg_row, null::varchar as person where false"
    return (
        f"select fg_row, min(person) as person from (select {row} as fg_row, unnest([{', '.join(hashes)}]) "
        f"as hash from {relation}) as hashed inner join forgotten using (hash) group by fg_row"
    )


def changed(feed: Feed, relation: str, row: str) -> str:
    """A query for those rows with their new values: `fg_row`, `person` and the changed columns."""
    new = "".join(
        f', cast({sql} as {feed.columns[name].data_type}) as "{name}"'
        for name, sql in replacements(feed).items()
    )
    return (
        f"select fg_row, person{new} from (select *, {row} as fg_row from {relation}) as rows_of_feed "
        f"inner join ({owners(feed, relation, row)}) as owned using (fg_row)"
    )
