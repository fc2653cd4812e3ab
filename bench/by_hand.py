"""What models cost beside the same tables written by hand, and whether both agree; `nightly.py` measures it.

Each part is one statement that an engineer would write for this table alone: narrow rows, no table between that others
read, keys hashed once. The compiled models of the same part run in the same process over the same warehouse. Figures
are CPU seconds without dbt, in the time zone of the demo shop. Rows are compared by the sum of their hashes.
"""

import resource
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.usage import SHOP360
from orchestration.config.settings import load_settings

_SETTINGS = """
    set threads = 2;
    set TimeZone = 'UTC';
    set preserve_insertion_order = false;
    set default_null_order = 'nulls_first_on_asc_last_on_desc'
"""

_SESSIONS = """
create table by_hand.sessions as
with events as (
    select
        source_system, shop_id, visitor_id, cast(event_at + interval 8 hour as date) as day,
        nullif(trim(session_id), '') as label, event_id, event_name, event_at,
        nullif(lower(trim(page_type)), '') as page_type, nullif(lower(trim(page_url)), '') as page_url,
        nullif(lower(trim(referrer_url)), '') as referrer_url, nullif(lower(trim(utm_source)), '') as utm_source,
        nullif(lower(trim(utm_medium)), '') as utm_medium, nullif(lower(trim(utm_campaign)), '') as utm_campaign,
        nullif(lower(trim(device_type)), '') as device_type,
        event_name in (select event_name from warehouse.seeds.event_kinds where is_key_event) as is_key
    from warehouse.raw.web_events
),
cut as (
    select * replace ('cut ' || count(*) filter (is_cut) over visit as label) from (
        select *, event_at > lag(event_at) over visit + interval 30 minute as is_cut
        from events where label is null
        window visit as (partition by source_system, shop_id, visitor_id, day order by event_at, event_id)
    )
    window visit as (
        partition by source_system, shop_id, visitor_id, day order by event_at, event_id rows unbounded preceding
    )
),
grouped as (
    select
        md5(source_system || '|' || shop_id || '|' || visitor_id) as visitor_key,
        source_system, shop_id, day, label,
        arg_min(
            {{page_type: page_type, page_url: page_url, referrer_url: referrer_url, utm_source: utm_source,
              utm_medium: utm_medium, utm_campaign: utm_campaign, device_type: device_type}},
            (event_at, event_name <> 'page_view', event_id)
        ) as entry,
        count(*) as event_count,
        {counts},
        count_if(is_key)::bigint as key_event_count, min(event_at) as started_at, max(event_at) as ended_at
    from (from events where label is not null union all select * exclude (is_cut) from cut)
    group by source_system, shop_id, visitor_id, day, label
)
select
    md5(visitor_key || '|' || day || '|' || label) as session_key, visitor_key, source_system, shop_id,
    day as session_on, entry.page_type as entry_page_type,
    regexp_extract(entry.page_url, '^([a-z]+://)?([^/:?#]+)', 2) as entry_host,
    regexp_extract(entry.referrer_url, '^([a-z]+://)?([^/:?#]+)', 2) as referrer_host,
    entry.utm_source, entry.utm_medium, entry.utm_campaign, entry.device_type,
    columns('.*_count'), started_at, ended_at
from grouped
"""
_KINDS = {
    "page_event_count": "page_view",
    "view_item_count": "view_item",
    "click_item_count": "click_item",
    "search_count": "search",
    "favourite_count": "favourite",
    "add_to_cart_count": "add_to_cart",
    "begin_checkout_count": "begin_checkout",
    "order_event_count": "order",
    "pay_event_count": "pay",
}

# Bits of a visitor: what the visits of a day, week or month show at least once.
_BITS = (
    "is_new_visitor",
    "is_organic_search",
    "is_paid_channel",
    "is_social",
    "view_item_count > 0",
    "click_item_count > 0",
    "favourite_count > 0",
    "add_to_cart_count > 0",
    "begin_checkout_count > 0",
    "order_event_count > 0",
    "pay_event_count > 0",
)
_NEW, _SEARCH, _PAID, _SOCIAL, _VIEW, _CLICK, _FAVOURITE, _CART, _CHECKOUT, _ORDER, _PAY = range(11)
_VISITORS = {
    "new_visitor_count": (_NEW,),
    "organic_search_visitor_count": (_SEARCH,),
    "paid_visitor_count": (_PAID,),
    "new_social_visitor_count": (_NEW, _SOCIAL),
    "viewing_visitor_count": (_VIEW,),
    "clicking_visitor_count": (_CLICK,),
    "cart_visitor_count": (_CART,),
    "checkout_visitor_count": (_CHECKOUT,),
    "ordering_visitor_count": (_ORDER,),
    "paying_visitor_count": (_PAY,),
    "viewing_paying_visitor_count": (_VIEW, _PAY),
    "viewing_cart_visitor_count": (_VIEW, _CART),
    "cart_checkout_visitor_count": (_CART, _CHECKOUT),
    "checkout_ordering_visitor_count": (_CHECKOUT, _ORDER),
    "ordering_paying_visitor_count": (_ORDER, _PAY),
}
_VISITS = """
create table by_hand.visits as
with days as (
    select
        hash(visitor_key) as visitor, shop_id, session_on, channel, bit_or({mask}) as bits,
        count(*) as session_count, count_if(is_single_page) as single_page_session_count,
        count_if(is_not_engaged) as not_engaged_session_count, count_if(add_to_cart_count > 0) as cart_session_count,
        count_if(is_cart_abandoned) as abandoned_cart_session_count, sum(page_view_count) as page_view_count,
        sum(view_item_count) as view_item_count, sum(click_item_count) as click_item_count,
        sum(add_to_cart_count) as add_to_cart_count
    from warehouse.intermediate.int_sessions__sessions
    group by hash(visitor_key), shop_id, session_on, channel
),
visitors as (
    select
        period, period_start_on, visitor, shop_id, coalesce(channel, 'all') as channel,
        bit_or(bits) as bits, sum(columns('.*_count'))
    from days
    inner join warehouse.intermediate.int_reference__period_days on session_on = day_on
    group by grouping sets (
        (period, period_start_on, visitor, shop_id, channel), (period, period_start_on, visitor, shop_id)
    )
),
sites as (
    select
        period, period_start_on, shop_id, channel, count(*) as visitor_count, {visitors},
        count_if(bits & {liked} <> 0) as favourite_or_cart_visitor_count, sum(columns('.*_count'))
    from visitors
    group by period, period_start_on, shop_id, channel
)
select
    period, period_start_on, scope_id as shop_id, dimension,
    case dimension when 'platform' then 'own' when 'channel' then channel else 'all' end as dimension_value,
    sum(columns('.*_count'))
from sites
inner join warehouse.intermediate.int_kpi__scopes as scopes
    on sites.shop_id = scopes.shop_id and dimension in ('all', 'platform', 'channel')
where (channel = 'all') <> (dimension = 'channel')
group by period, period_start_on, scope_id, dimension, channel
"""

_SLICES = """
    select
        scope_id as shop_id, dimension,
        case dimension
            when 'platform' then coalesce(platform, 'unknown')
            when 'sales_channel' then coalesce(sales_channel, 'unknown')
            when 'customer_type'
                then case when is_anonymous then 'unknown' when is_first_order then 'new' else 'returning' end
            else 'all'
        end as dimension_value,
        orders.* exclude (shop_id, platform, sales_channel, customer_id), hash(customer_id) as buyer
    from warehouse.intermediate.int_orders__orders as orders
    inner join warehouse.intermediate.int_kpi__scopes as scopes
        on orders.shop_id = scopes.shop_id and dimension in ('all', 'platform', 'sales_channel', 'customer_type')
"""
_GROUP = "group by period, period_start_on, shop_id, dimension, dimension_value"
_KEYS = "period, period_start_on, shop_id, dimension, dimension_value"
_SALES = f"""
create table by_hand.sales as
select
    {_KEYS}, sum(list_amount) as list_amount, sum(merchant_discount_amount) as merchant_discount_amount,
    sum(paid_amount) as paid_amount, sum(goods_amount) as goods_amount, sum(refunded_amount) as refunded_later_amount,
    sum(net_amount) filter (margin_amount is not null) as costed_net_amount, sum(margin_amount) as margin_amount,
    sum(net_amount) filter (contribution_amount is not null) as contributing_net_amount,
    sum(contribution_amount) as contribution_amount, sum(units_count) as units_count,
    sum(product_count) as product_count, count(*) as order_count,
    count_if(not is_anonymous) as identified_order_count,
    nullif(count(distinct buyer) filter (not is_anonymous), 0) as buyer_count,
    sum(paid_amount) filter (not is_anonymous) as identified_paid_amount,
    count_if(product_count >= 2) as multi_product_order_count, count(promotion_id) as promoted_order_count
from ({_SLICES} where is_sale)
inner join warehouse.intermediate.int_reference__period_days on paid_on = day_on
{_GROUP};
create table by_hand.placed as
select
    {_KEYS}, count(distinct buyer) filter (is_sale and not is_anonymous) as paying_placed_buyer_count,
    count(distinct buyer) filter (not is_anonymous) as placed_buyer_count, count(*) as placed_order_count,
    sum(goods_amount) as placed_amount
from ({_SLICES} where is_sale or not is_paid)
inner join warehouse.intermediate.int_reference__period_days on ordered_on = day_on
{_GROUP}
"""


@dataclass(frozen=True)
class Part:
    """One part: the statements by hand, the models, and which table of each must be equal."""

    name: str
    statements: str
    models: tuple[str, ...]
    tables: dict[str, str]


def parts() -> list[Part]:
    """The parts that are written by hand."""
    counts = ", ".join(
        f"count_if(event_name = '{event}')::bigint as {name}" for name, event in _KINDS.items()
    )
    mask = " + ".join(f"if({bit}, {1 << place}, 0)" for place, bit in enumerate(_BITS))
    visitors = ", ".join(
        f"count_if(bits & {sum(1 << bit for bit in bits)} = {sum(1 << bit for bit in bits)}) as {name}"
        for name, bits in _VISITORS.items()
    )
    liked = (1 << _FAVOURITE) + (1 << _CART)
    return [
        Part(
            "sessions before their channel",
            _SESSIONS.format(counts=counts),
            ("int_sessions__events", "int_sessions__session_activity"),
            {"int_sessions__session_activity": "sessions"},
        ),
        Part(
            "visits by day, week and month",
            _VISITS.format(mask=mask, visitors=visitors, liked=liked),
            ("int_sessions__visitor_days", "int_kpi__site_visits", "int_kpi__visits"),
            {"int_kpi__visits": "visits"},
        ),
        Part(
            "sales and placed orders by day, week and month",
            _SALES,
            ("int_kpi__order_slices", "int_kpi__sales", "int_kpi__placed_orders"),
            {"int_kpi__sales": "sales", "int_kpi__placed_orders": "placed"},
        ),
    ]


def compare(home: Path, config: Path) -> list[tuple[str, float, float]]:
    """Per part the CPU seconds of the models and of the statements; raises RuntimeError where rows differ."""
    settings = load_settings(home, config)
    models = [model for part in parts() for model in part.models]
    subprocess.run(
        [
            SHOP360,
            "dbt",
            "compile",
            "--home",
            home,
            "--config",
            config,
            "--full-refresh",
            "--select",
            *models,
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    folder = settings.dbt_target / "compiled" / "shop360" / "models"
    compiled = {path.stem: path.read_text(encoding="utf-8") for path in folder.rglob("*.sql")}
    found = []
    with (
        tempfile.TemporaryDirectory(dir=settings.private) as scratch,
        duckdb.connect(f"{scratch}/tables.duckdb") as con,
    ):
        con.execute(f"{_SETTINGS}; set temp_directory = '{scratch}/spill'; create schema by_hand")
        con.execute(f"attach '{settings.warehouse}' as warehouse (read_only); create schema models")
        for part in parts():
            by_models = sum(
                _cpu(con, f"create table models.{model} as {compiled[model]}")
                for model in part.models
            )
            by_hand = _cpu(con, part.statements)
            _assert_equal(con, part)
            found.append((part.name, by_models, by_hand))
    return found


def _cpu(con: duckdb.DuckDBPyConnection, statement: str) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    con.execute(statement)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _assert_equal(con: duckdb.DuckDBPyConnection, part: Part) -> None:
    for model, table in part.tables.items():
        columns = ", ".join(row[0] for row in con.table(f"models.{model}").description)
        # A sum of hashes compares millions of rows at the cost of one read.
        sums = [
            con.execute(
                f"select count(*), sum(hash({columns})::hugeint) from (select {columns} from {relation})"
            ).fetchall()
            for relation in (f"models.{model}", f"by_hand.{table}")
        ]
        if sums[0] != sums[1]:
            raise RuntimeError(f"{part.name}: rows of {model} differ from those by hand: {sums}")
