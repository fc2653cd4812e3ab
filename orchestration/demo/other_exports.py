"""The exports that are not csv: workbooks, json lines, parquet; and files that are torn on purpose."""

import gzip
from datetime import date, timedelta

from orchestration.demo import calendar, files
from orchestration.demo.defects import EVENT_DEFECTS
from orchestration.demo.exports import SELECTS, Inbox, exported_on
from orchestration.demo.small_tables import table
from orchestration.demo.world import run

# select, feed, system, file, sheet, title above the headers
_BOOKS = (
    ("products", "erp.products", "wangdiantong", "erp/商品资料.xlsx", "商品", ""),
    ("promotions", "erp.promotions", "wangdiantong", "erp/促销活动.xlsx", "活动", ""),
    (
        "tmall_traffic", "web.daily_traffic", "shengyicanmou", "web/生意参谋_流量.xlsx", "流量",
        "生意参谋 - 流量来源（山茶天猫旗舰店）",
    ),
)  # fmt: skip


def _note(inbox: Inbox, feed: str, system: str, name: str, rows: int) -> None:
    inbox.con.execute(f"insert into wrote values ('{feed}', '{system}', '{name}', {rows})")


def write(inbox: Inbox) -> None:
    """Workbooks and reviews."""
    for select, feed, system, name, sheet, title in _BOOKS:
        found = inbox.con.execute((SELECTS / f"{select}.sql").read_text(encoding="utf-8"))
        headers = [column[0] for column in found.description or ()]
        rows = found.fetchall()
        target = inbox.folder / name
        files.xlsx(target, sheet, headers, rows, title, inbox.last)
        files.stamp(target, inbox.last)
        _note(inbox, feed, system, name, len(rows))
    reviews = (SELECTS / "reviews.sql").read_text(encoding="utf-8")
    rows = _copy(inbox, reviews, "crm/评价.jsonl", "json")
    _note(inbox, "crm.reviews", "crm", "crm/评价.jsonl", rows)
    rows = [(d.kind, d.column, d.catcher) for d in EVENT_DEFECTS]
    table(inbox.con, "event_catchers", "kind varchar, column_name varchar, catcher varchar", rows)


def _copy(inbox: Inbox, select: str, name: str, kind: str) -> int:
    target = inbox.folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    options = "format parquet, compression zstd" if kind == "parquet" else "format json"
    rows = inbox.con.execute(f"copy ({select}) to '{target}' ({options})").fetchall()[0][0]
    files.stamp(target, exported_on(name, inbox.last))
    return rows


def write_events(inbox: Inbox, quarter: date) -> None:
    """The website's events of a quarter as parquet a month, the mini-program's as json lines."""
    inbox.con.execute(f"set variable quarter = date '{quarter}'")
    run(inbox.con, "8_events")
    _add_ghosts(inbox)
    name = f"web/mini_program_{quarter.year}Q{(quarter.month + 2) // 3}.jsonl"
    _write_flow(inbox, "mini_program", name, "json", "true")
    for month in range(quarter.month, quarter.month + 3):
        day = quarter.replace(month=month)
        if calendar.first_day(inbox.last) <= day <= inbox.last:
            # An event just after midnight still belongs to the session of the evening before.
            where = f"month(started_at) = {month}"
            _write_flow(inbox, "website", f"web/website_{day:%Y-%m}.parquet", "parquet", where)


def _write_flow(inbox: Inbox, tracker: str, name: str, kind: str, where: str) -> None:
    con = inbox.con
    con.execute(
        f"create or replace temp table flow as from events where tracker = '{tracker}' and {where}"
        " order by event_at, event_id"
    )
    rows = _copy(inbox, _CELLS[tracker], name, kind)
    _note(inbox, "web.events", tracker, name, rows)
    con.execute(
        f"insert into defects select _defect, 'web.events', '{tracker}', 'own_store', '{name}',"
        " flow.rowid + 1, event_id, column_name, catcher, null, null from flow"
        " inner join event_catchers on kind = _defect order by flow.rowid"
    )


def _add_ghosts(inbox: Inbox) -> None:
    """One event of each defect and tracker in every quarter."""
    inbox.con.execute("alter table events add column _defect varchar")
    for place, defect in enumerate(EVENT_DEFECTS):
        edits = {
            **defect.edits,
            "event_id": f"event_id || 'X{place}'",
            "_defect": f"'{defect.kind}'",
        }
        cells = ", ".join(f"{sql} as {column}" for column, sql in edits.items())
        inbox.con.execute(
            f"insert into events select * replace ({cells}) from events where _defect is null"
            " and event_name = 'page_view' qualify row_number() over (partition by tracker order by"
            f" hash(event_id || {place}), event_id) = 1"
        )


_CELLS = {
    "website": """
        select event_id, event_at - interval 8 hour as event_at, event_name as event,
            visitor_id as cookie_id, session_id, crm_customer_id as user_id, page_type, page_url,
            referrer_url as referrer, utm_source, utm_medium, utm_campaign, search_term,
            product_id as sku, order_id, quantity, value_amount::decimal(18, 2) as value, device_type
        from flow""",
    "mini_program": """
        select event_id as id, epoch_ms(event_at - interval 8 hour) as ts, event_name as action,
            visitor_id as openid, crm_customer_id as member_id, page_type as page, utm_source,
            utm_medium, utm_campaign, search_term as keyword, product_id as sku, order_id,
            quantity as num, (value_amount::decimal(18, 2) * 100)::bigint as amount_fen
        from flow""",
}


def write_torn(inbox: Inbox) -> None:
    """Three files that must be rejected whole: a cut archive, a missing column, an empty file."""
    lines = sorted((inbox.folder / "erp").glob("订单明细_*.csv"))[0].read_bytes()
    refunds = sorted((inbox.folder / "erp").glob("退款单_*.csv"))[0].read_text(encoding="gb18030")
    cut = [line.split(",", 1)[1] for line in refunds.splitlines()]
    torn = {
        "erp/订单明细_补传.csv.gz": ("erp.order_lines", gzip.compress(lines, mtime=0)[:-400]),
        "erp/退款单_缺列.csv": ("erp.refunds", ("\n".join(cut) + "\n").encode("gb18030")),
        "crm/客服工单_空.csv": ("crm.interactions", b""),
    }
    for name, (feed, content) in torn.items():
        target = inbox.folder / name
        target.write_bytes(content)
        system = "crm" if feed.startswith("crm") else "wangdiantong"
        files.stamp(target, inbox.last + timedelta(days=1))
        inbox.con.execute(
            f"insert into defects values ('torn_file', '{feed}', '{system}', null, '{name}', null,"
            " null, null, 'files:rejected', 'the whole file is unusable', null)"
        )
