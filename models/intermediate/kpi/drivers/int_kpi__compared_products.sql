-- One row per comparison of net sales that starts within the last `change_days` days,
-- shop (`all` included) and product with sales or refunds, with its net sales in both
-- periods and the rank of its change.
with comparisons as (
    select * from {{ ref('int_kpi__net_sales_comparisons') }} where is_recent
),

product_sales as (select * from {{ ref('int_kpi__product_sales') }}),

shops as (
    select shop_id
    from {{ ref('int_kpi__shop_gaps') }}
    where kpi_code = 'net_sales' and not is_left_out
),

sales as (
    select
        product_sales.period,
        product_sales.period_start_on,
        product_sales.shop_id,
        product_sales.product_key,
        product_sales.net_amount
    from product_sales
    union all
    select
        product_sales.period,
        product_sales.period_start_on,
        'all' as shop_id,
        product_sales.product_key,
        product_sales.net_amount
    from product_sales
    inner join shops on product_sales.shop_id = shops.shop_id
),

amounts as (
    select
        comparisons.period,
        comparisons.period_start_on,
        comparisons.shop_id,
        comparisons.compared_with,
        sales.product_key,
        0 as before_amount,
        sales.net_amount as after_amount
    from comparisons
    inner join sales
        on
            comparisons.period = sales.period
            and comparisons.period_start_on = sales.period_start_on
            and comparisons.shop_id = sales.shop_id
    union all
    select
        comparisons.period,
        comparisons.period_start_on,
        comparisons.shop_id,
        comparisons.compared_with,
        sales.product_key,
        sales.net_amount as before_amount,
        0 as after_amount
    from comparisons
    inner join sales
        on
            comparisons.earlier_period = sales.period
            and comparisons.earlier_start_on = sales.period_start_on
            and comparisons.shop_id = sales.shop_id
)

select
    period,
    period_start_on,
    shop_id,
    compared_with,
    product_key,
    cast(sum(before_amount) as decimal(18, 4)) as before_amount,
    cast(sum(after_amount) as decimal(18, 4)) as after_amount,
    -- Equal changes are in the order of their keys, so that each run lists the same.
    row_number() over (
        partition by period, period_start_on, shop_id, compared_with
        order by abs(sum(after_amount) - sum(before_amount)) desc, product_key
    ) as change_rank
from amounts
group by period, period_start_on, shop_id, compared_with, product_key
