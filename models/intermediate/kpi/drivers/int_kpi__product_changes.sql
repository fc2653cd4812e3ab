-- One row per recent comparison of net sales, shop (`all` included), breakdown
-- (`category`, `product`) and part, with net sales in both periods. The
-- `change_products` products with the largest changes have their own rows, the others
-- have one row (`other_products`). What belongs to no product is the part `unassigned`.
with compared as (select * from {{ ref('int_kpi__compared_products') }}),

products as (select * from {{ ref('int_orders__products') }}),

comparisons as (select * from {{ ref('int_kpi__net_sales_comparisons') }}),

policy as (select * from {{ ref('kpi_policy') }}),

parts as (
    select
        compared.period,
        compared.period_start_on,
        compared.shop_id,
        compared.compared_with,
        'product' as breakdown,
        case
            when compared.change_rank <= policy.change_products
                then compared.product_key
            else 'other_products'
        end as part,
        compared.before_amount,
        compared.after_amount
    from compared
    cross join policy
    union all
    select
        compared.period,
        compared.period_start_on,
        compared.shop_id,
        compared.compared_with,
        'category' as breakdown,
        coalesce(products.category, 'unknown') as part,
        compared.before_amount,
        compared.after_amount
    from compared
    left join products on compared.product_key = products.product_key
),

totals as (
    select
        period,
        period_start_on,
        shop_id,
        compared_with,
        breakdown,
        sum(before_amount) as before_amount,
        sum(after_amount) as after_amount
    from parts
    group by period, period_start_on, shop_id, compared_with, breakdown
),

unassigned as (
    select
        totals.period,
        totals.period_start_on,
        totals.shop_id,
        totals.compared_with,
        totals.breakdown,
        'unassigned' as part,
        comparisons.earlier_amount - totals.before_amount as before_amount,
        comparisons.net_amount - totals.after_amount as after_amount
    from totals
    inner join comparisons
        on
            totals.period = comparisons.period
            and totals.period_start_on = comparisons.period_start_on
            and totals.shop_id = comparisons.shop_id
            and totals.compared_with = comparisons.compared_with
    where
        comparisons.earlier_amount <> totals.before_amount
        or comparisons.net_amount <> totals.after_amount
),

every_part as (
    select * from parts
    union all
    select * from unassigned
)

select
    period,
    period_start_on,
    shop_id,
    compared_with,
    breakdown,
    part,
    cast(sum(before_amount) as decimal(18, 4)) as before_amount,
    cast(sum(after_amount) as decimal(18, 4)) as after_amount
from every_part
group by period, period_start_on, shop_id, compared_with, breakdown, part
