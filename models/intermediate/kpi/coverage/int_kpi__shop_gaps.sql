-- One row per KPI and shop that has at least one of its feeds, with the reason why the
-- sources of the shop do not suffice for the KPI (NULL if they do), and whether its
-- rows are left out of the figures of all shops.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

needs as (select * from {{ ref('int_kpi__source_coverage') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

shop_coverage as (select * from {{ ref('int_kpi__shop_coverage') }}),

kpi_needs as (
    select
        catalogue.kpi_code,
        needs.need,
        needs.missing_reason,
        -- A KPI of orders alone excludes single orders without buyer or cost.
        catalogue.usual_evidence = 'orders'
        and needs.need in ('erp.orders.buyer', 'unit_cost') as excludes_orders
    from catalogue
    inner join needs
        on contains(';' || catalogue.needs || ';', ';' || needs.need || ';')
),

shops as (
    select
        kpi_needs.kpi_code,
        feeds.shop_id
    from kpi_needs
    inner join feeds on kpi_needs.need = feeds.feed
    group by kpi_needs.kpi_code, feeds.shop_id
)

select
    shops.kpi_code,
    shops.shop_id,
    -- A missing feed is the reason before its columns and events.
    coalesce(
        min(
            case
                when
                    shop_coverage.need is null
                    and kpi_needs.missing_reason like 'not connected%'
                    then kpi_needs.missing_reason
            end
        ),
        min(case when shop_coverage.need is null then kpi_needs.missing_reason end)
    ) as gap,
    bool_or(shop_coverage.need is null and not kpi_needs.excludes_orders) as is_left_out
from shops
inner join kpi_needs on shops.kpi_code = kpi_needs.kpi_code
left join shop_coverage
    on kpi_needs.need = shop_coverage.need and shops.shop_id = shop_coverage.shop_id
group by shops.kpi_code, shops.shop_id
