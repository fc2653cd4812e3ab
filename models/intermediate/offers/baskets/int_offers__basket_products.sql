-- One row per sale and product that a customer chose, of the days of the policy up to
-- the as-of day. Gifts and lines that are no goods are excluded, orders of anonymous
-- buyers are not. The warehouse has no parts of bundles: a bundle is one product.
with lines as (
    select * from {{ ref('int_orders__order_lines') }}
    where
        is_sale
        and not is_gift
        and line_kind = 'goods'
        and quantity > 0
        and product_key is not null
),

groups as (select * from {{ ref('int_offers__product_groups') }}),

policy as (select * from {{ ref('basket_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }})

select
    lines.order_key,
    groups.basket_product_key as product_key,
    lines.shop_id,
    groups.compared_shop_id,
    case when not lines.is_anonymous then lines.customer_id end as customer_id,
    lines.ordered_on
from lines
inner join groups on lines.product_key = groups.product_key
cross join policy
cross join as_of
where
    lines.ordered_on <= as_of.as_of_on
    and (
        coalesce(policy.basket_window_days, 0) = 0
        or lines.ordered_on > as_of.as_of_on - cast(policy.basket_window_days as int)
    )
group by
    lines.order_key, groups.basket_product_key, lines.shop_id,
    groups.compared_shop_id,
    case when not lines.is_anonymous then lines.customer_id end, lines.ordered_on
