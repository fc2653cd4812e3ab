-- One row per period and shop that net sales cover, also without sales, with visitors,
-- buyers, sales, discounts and goods refunded. Visitors are NULL unless a source covers
-- each day of the period up to date. Shops without a tracker have the visitors of
-- platform reports, added over days.
with periods as (select * from {{ ref('int_reference__periods') }}),

shops as (
    select *
    from {{ ref('int_kpi__shop_gaps') }}
    where kpi_code = 'net_sales' and not is_left_out
),

sales as (select * from {{ ref('int_kpi__buyer_sales') }}),

refunds as (select * from {{ ref('int_kpi__refunds') }} where dimension = 'all'),

visits as (select * from {{ ref('int_kpi__visits') }} where dimension = 'all'),

reports as (
    select * from {{ ref('int_kpi__platform_visits') }} where dimension = 'all'
),

trackers as (
    select
        shop_id,
        min(first_on) as first_on,
        max(last_on) as last_on
    from {{ ref('int_reference__connected_feeds') }}
    where feed = 'web.events'
    group by shop_id
)

select
    periods.period,
    periods.period_start_on,
    shops.shop_id,
    case when trackers.shop_id is null then 'platform' else 'event' end
        as visitor_evidence,
    cast(
        case
            when
                trackers.first_on <= periods.period_start_on
                and trackers.last_on >= periods.last_day_on
                then coalesce(visits.visitor_count, 0)
            when
                trackers.shop_id is null
                and reports.reported_day_count
                = {{ days_between('periods.period_start_on', 'periods.last_day_on') }}
                + 1
                then reports.visitor_count
        end as bigint
    ) as visitor_count,
    cast(coalesce(sales.new_buyer_count, 0) as bigint) as new_buyer_count,
    cast(coalesce(sales.returning_buyer_count, 0) as bigint) as returning_buyer_count,
    coalesce(sales.buyer_list_amount, 0) as buyer_list_amount,
    coalesce(sales.new_buyer_amount, 0) as new_buyer_amount,
    coalesce(sales.returning_buyer_amount, 0) as returning_buyer_amount,
    coalesce(sales.no_buyer_list_amount, 0) as no_buyer_list_amount,
    coalesce(sales.no_buyer_amount, 0) as no_buyer_amount,
    cast(
        coalesce(
            sales.buyer_list_amount + sales.no_buyer_list_amount
            - sales.new_buyer_amount - sales.returning_buyer_amount
            - sales.no_buyer_amount, 0
        ) as decimal(18, 4)
    ) as discount_amount,
    cast(coalesce(refunds.goods_refunded_amount, 0) as decimal(18, 4))
        as goods_refunded_amount
from periods
cross join shops
left join sales
    on
        periods.period = sales.period
        and periods.period_start_on = sales.period_start_on
        and shops.shop_id = sales.shop_id
left join refunds
    on
        periods.period = refunds.period
        and periods.period_start_on = refunds.period_start_on
        and shops.shop_id = refunds.shop_id
left join visits
    on
        periods.period = visits.period
        and periods.period_start_on = visits.period_start_on
        and shops.shop_id = visits.shop_id
left join reports
    on
        periods.period = reports.period
        and periods.period_start_on = reports.period_start_on
        and shops.shop_id = reports.shop_id
left join trackers on shops.shop_id = trackers.shop_id
