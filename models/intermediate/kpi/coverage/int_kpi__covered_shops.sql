-- One row per KPI and kind of evidence, with the shops that meet all its needs, the
-- shops that do not, and the scope over which its figures of all shops are measured:
-- `all`, or the covered shops alone.
with shop_gaps as (select * from {{ ref('int_kpi__shop_gaps') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

covered as (
    select
        kpi_code,
        {{ joined('case when gap is null then shop_id end') }} as shop_ids,
        {{ joined('case when gap is not null then shop_id end') }} as partial_shop_ids,
        case
            when bool_or(is_left_out) and not bool_and(is_left_out)
                then md5({{ joined('case when not is_left_out then shop_id end') }})
            else 'all'
        end as scope_id
    from shop_gaps
    group by kpi_code
)

select
    kpi_code,
    'own' as evidence,
    shop_ids,
    partial_shop_ids,
    scope_id
from covered
union all
select
    catalogue.kpi_code,
    'platform' as evidence,
    {{ joined('feeds.shop_id') }} as shop_ids,
    cast(null as string) as partial_shop_ids,
    'all' as scope_id
from catalogue
inner join feeds
    on feeds.feed = 'web.daily_traffic' and catalogue.usual_evidence = 'event'
group by catalogue.kpi_code
