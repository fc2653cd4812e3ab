-- One row per code, with its names in English and Chinese: shops, dimensions and their
-- values, channels, festivals, promotions, feeds, report levels and events.
with labels as (select * from {{ ref('labels') }}),

shops as (select * from {{ ref('int_kpi__shop_labels') }}),

channels as (select * from {{ ref('channels') }}),

festivals as (select * from {{ ref('festivals') }}),

promotions as (select * from {{ ref('stg_erp__promotions') }}),

levels as (select * from {{ ref('report_levels') }}),

events as (select * from {{ ref('event_kinds') }}),

feeds as (
    {{ contract_feeds() }}
),

general_labels as (
    select
        label_kind,
        code,
        en,
        zh
    from labels
    union all
    select
        'shop' as label_kind,
        code,
        en,
        zh
    from shops
    union all
    select
        'channel' as label_kind,
        channel as code,
        en,
        zh
    from channels
    union all
    select
        'festival' as label_kind,
        festival as code,
        min(en) as en,
        min(zh) as zh
    from festivals
    group by festival
    union all
    select
        'report_level' as label_kind,
        report_level as code,
        en,
        zh
    from levels
    union all
    select
        'event' as label_kind,
        event_name as code,
        en,
        zh
    from events
    union all
    select
        'feed' as label_kind,
        feed as code,
        en,
        zh
    from feeds
)

select
    label_kind,
    'all' as source_system,
    'all' as shop_id,
    code,
    en,
    zh
from general_labels
union all
select
    'promotion' as label_kind,
    source_system,
    shop_id,
    promotion_id as code,
    coalesce(promotion_name, promotion_id) as en,
    coalesce(promotion_name, promotion_id) as zh
from promotions
