-- One row per month and shop with sales, ad spend or costs, and for all shops, with
-- contribution, ad spend, costs that belong to no order, and profit. The profit is NULL
-- if a part is not known.
with orders as (select * from {{ ref('int_orders__orders') }}),

marketing as (select * from {{ ref('int_marketing__daily_marketing') }}),

costs as (select * from {{ ref('int_orders__period_costs') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

connected as (
    select
        count_if(feed = 'erp.costs') > 0 as has_costs,
        count_if(feed = 'ads.daily_spend') > 0 as has_spend
    from feeds
),

parts as (
    select
        orders.paid_on as day_on,
        orders.shop_id,
        names.part,
        case names.part
            when 'net' then orders.net_amount
            else orders.contribution_amount
        end as amount
    from orders
    cross join (values ('net'), ('contribution')) as names (part)
    where orders.is_sale
    union all
    select
        marketing_on as day_on,
        shop_id,
        'ad_spend' as part,
        spend_amount as amount
    from marketing
    where is_advertised
    union all
    select
        day_on,
        shop_id,
        'period_cost' as part,
        cost_amount as amount
    from costs
),

shown_parts as (
    select * from parts
    union all
    select
        day_on,
        'all' as shop_id,
        part,
        amount
    from parts
),

sums as (
    select
        cast(date_trunc('month', day_on) as date) as month_on,
        shop_id,
        count_if(part = 'net') as order_count,
        count_if(part = 'contribution' and amount is null) as unknown_order_count,
        coalesce(sum(case when part = 'net' then amount end), 0) as net_amount,
        coalesce(sum(case when part = 'contribution' then amount end), 0)
            as contribution_amount,
        count_if(part = 'ad_spend' and amount is null) as unknown_spend_count,
        coalesce(sum(case when part = 'ad_spend' then amount end), 0) as ad_spend,
        count_if(part = 'period_cost' and amount is null) as unknown_cost_count,
        coalesce(sum(case when part = 'period_cost' then amount end), 0) as period_cost
    from shown_parts
    group by cast(date_trunc('month', day_on) as date), shop_id
)

select
    sums.month_on,
    sums.shop_id,
    cast(sums.order_count as bigint) as order_count,
    cast(sums.unknown_order_count as bigint) as unknown_order_count,
    cast(sums.net_amount as decimal(18, 4)) as net_amount,
    cast(sums.contribution_amount as decimal(18, 4)) as contribution_amount,
    case
        when connected.has_spend and sums.unknown_spend_count = 0
            then cast(sums.ad_spend as decimal(18, 4))
    end as ad_spend_amount,
    case
        when connected.has_costs and sums.unknown_cost_count = 0
            then cast(sums.period_cost as decimal(18, 4))
    end as period_cost_amount,
    case
        when
            connected.has_spend
            and connected.has_costs
            and sums.unknown_spend_count + sums.unknown_cost_count = 0
            and sums.unknown_order_count = 0
            then
                cast(
                    sums.contribution_amount - sums.ad_spend - sums.period_cost
                    as decimal(18, 4)
                )
    end as profit_amount
from sums
cross join connected
