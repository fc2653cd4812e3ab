"""Tables of customers and the ids of customers in orders: who is whose record."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from orchestration.discovery import relations
from orchestration.discovery.exports import Export
from orchestration.discovery.feed_match import FeedMatch
from orchestration.discovery.relations import Ids

CRM, ERP = "crm.customers", "erp.customers"
_IDS = ("customer_id", "member_card_no")
_ONLY_CRM = (
    "wechat_unionid",
    "marital_status",
    "member_level",
    "points_balance",
    "registration_channel",
    "registered_at",
)


def relate(con: duckdb.DuckDBPyConnection, exports: Sequence[Export], said: list[str]) -> None:
    """Set the roles of tables of customers, and the column of orders that holds their ids.

    The table that orders point to, else the one with most columns, is the CRM. Others that spell the same ids
    in another way are records of an ERP, tied by the card number.
    """
    tables = [(e, m) for e in exports for m in e.matches if m.feed == CRM]
    if not tables:
        return
    orders = [(e, i, m) for e in exports for i, m in enumerate(e.matches) if m.feed == "erp.orders"]
    main = max(tables, key=lambda pair: (_is_pointed_to(con, pair, orders), len(pair[1].columns)))
    for export, place, match in orders:
        for ids in relations.ids_of(export.table, match, ["customer_id"]):
            link = relations.link(con, ids, _ids(main, "customer_id"))
            if link and not link.replace and "crm_customer_id" not in match.columns:
                columns = dict(match.columns)
                columns["crm_customer_id"] = replace(
                    columns.pop("customer_id"), column="crm_customer_id"
                )
                export.matches[place] = replace(match, columns=columns)
                said.append(
                    f"{export.table.name}: {link.share:.0%} of {ids.facts.header} are customers of {main[0].table.name}"
                )
    for other in tables:
        if other[0] is not main[0]:
            _tie(con, main, other, said)


def _ids(pair: tuple[Export, FeedMatch], column: str) -> Ids:
    export, match = pair
    return Ids(export.table, match.feed, column, match.columns[column].facts)


def _is_pointed_to(
    con: duckdb.DuckDBPyConnection,
    pair: tuple[Export, FeedMatch],
    orders: Sequence[tuple[Export, int, FeedMatch]],
) -> bool:
    return any(
        relations.overlap(con, ids, _ids(pair, "customer_id")) >= relations.MOST
        for export, _, match in orders
        for ids in relations.ids_of(export.table, match, ["customer_id"])
    )


def _tie(
    con: duckdb.DuckDBPyConnection,
    main: tuple[Export, FeedMatch],
    other: tuple[Export, FeedMatch],
    said: list[str],
) -> None:
    """Make the other table one of the ERP, and give both the card number that they share."""
    export, match = other
    columns = {n: c for n, c in match.columns.items() if n not in _ONLY_CRM}
    for mine in relations.ids_of(export.table, match, _IDS):
        for theirs in relations.ids_of(main[0].table, main[1], ("member_card_no", "customer_id")):
            link = relations.link(con, mine, theirs)
            if link is None:
                continue
            if theirs.column == "member_card_no":
                columns["member_card_no"] = replace(
                    match.columns[mine.column], column="member_card_no", confidence=link.share
                )
                export.spellings["member_card_no"] = link.replace
            how = f" after {link.replace[0][0]} is removed" if link.replace else ""
            said.append(
                f"{export.table.name}: {link.share:.0%} of {mine.facts.header} are {theirs.facts.header} of {main[0].table.name}{how}"
            )
            export.matches = [replace(match, feed=ERP, columns=columns)]
            return
