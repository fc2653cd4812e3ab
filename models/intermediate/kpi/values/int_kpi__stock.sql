-- One row per period and slice, with the stock of products on sale: product-days with
-- known stock and without stock, units in stock and sold, and the stock at cost at the
-- end of the period.
with product_days as (select * from {{ ref('int_stock__product_days') }}),

products as (select * from {{ ref('int_stock__products') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

-- Cover and sell-through compare stock with demand, where both are known.
stock_days as (
    select
        product_days.*,
        products.category,
        product_days.available_quantity is not null
        and product_days.sold_recent_quantity is not null as is_compared
    from product_days
    left join products
        on
            product_days.stock_shop_id = products.stock_shop_id
            and product_days.product_id = products.product_id
),

daily_sums as (
    select
        day_on,
        stock_shop_id,
        category,
        count_if(is_on_sale and is_sold_out is not null) as stock_day_count,
        count_if(is_on_sale and coalesce(is_sold_out, false)) as sold_out_day_count,
        sum(case when is_compared then greatest(available_quantity, 0) end)
            as stock_unit_days,
        sum(case when is_compared then daily_demand_quantity end)
            as stock_demand_quantity,
        sum(case when is_compared then sold_recent_quantity end)
            as stock_sold_quantity,
        sum(case when is_compared then greatest(on_hand_quantity, 0) end)
            as stock_on_hand_quantity,
        sum(value_amount) as value_amount,
        sum(case when is_slow is not null then value_amount end) as judged_amount,
        sum(case when is_slow then value_amount when not is_slow then 0 end)
            as slow_amount
    from stock_days
    group by day_on, stock_shop_id, category
)

select
    calendar.period,
    calendar.period_start_on,
    scopes.scope_id as shop_id,
    scopes.dimension,
    {{ dimension_value('scopes.dimension', {'category': 'daily_sums.category'}) }}
        as dimension_value,
    sum(daily_sums.stock_day_count) as stock_day_count,
    sum(daily_sums.sold_out_day_count) as sold_out_day_count,
    sum(daily_sums.stock_unit_days) as stock_unit_days,
    sum(daily_sums.stock_demand_quantity) as stock_demand_quantity,
    sum(daily_sums.stock_sold_quantity) as stock_sold_quantity,
    sum(daily_sums.stock_on_hand_quantity) as stock_on_hand_quantity,
    sum(
        case
            when daily_sums.day_on = periods.last_day_on then daily_sums.value_amount
        end
    ) as stock_value_amount,
    sum(
        case
            when daily_sums.day_on = periods.last_day_on then daily_sums.judged_amount
        end
    ) as judged_value_amount,
    sum(
        case
            when daily_sums.day_on = periods.last_day_on then daily_sums.slow_amount
        end
    ) as slow_value_amount
from daily_sums
inner join calendar on daily_sums.day_on = calendar.day_on
inner join periods
    on
        calendar.period = periods.period
        and calendar.period_start_on = periods.period_start_on
inner join scopes
    on
        daily_sums.stock_shop_id = scopes.shop_id
        and scopes.dimension in ('all', 'category')
group by
    calendar.period, calendar.period_start_on, scopes.scope_id, scopes.dimension,
    {{ dimension_value('scopes.dimension', {'category': 'daily_sums.category'}) }}
