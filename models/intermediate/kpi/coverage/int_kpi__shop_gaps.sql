-- One row per KPI and shop that has any of its feeds, with the reason why the shop's
-- sources cannot answer for it, if there is one, and whether its rows have to be left
-- out of the figures of all shops.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

needs as (select * from {{ ref('int_kpi__source_coverage') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

shop_needs as (select * from {{ ref('int_kpi__shop_needs') }}),

needed as (
    select
        catalogue.kpi_code,
        needs.need,
        needs.absence,
        -- Orders without buyer or cost count on neither side of a KPI of orders alone.
        catalogue.usual_evidence = 'orders'
        and needs.need in ('erp.orders.buyer', 'unit_cost') as leaves_itself_out
    from catalogue
    inner join needs
        on contains(';' || catalogue.needs || ';', ';' || needs.need || ';')
),

shops as (
    select
        needed.kpi_code,
        feeds.shop_id
    from needed
    inner join feeds on needed.need = feeds.feed
    group by needed.kpi_code, feeds.shop_id
)

select
    shops.kpi_code,
    shops.shop_id,
    -- A column or event of a feed that is not connected has no reason of its own.
    coalesce(
        min(
            case
                when shop_needs.need is null and needed.absence like 'not connected%'
                    then needed.absence
            end
        ),
        min(case when shop_needs.need is null then needed.absence end)
    ) as gap,
    bool_or(shop_needs.need is null and not needed.leaves_itself_out) as is_left_out
from shops
inner join needed on shops.kpi_code = needed.kpi_code
left join shop_needs
    on needed.need = shop_needs.need and shops.shop_id = shop_needs.shop_id
group by shops.kpi_code, shops.shop_id
