-- One row per shop and promotion whose net effect on orders is known, with the margin
-- of the orders gained, valued like the orders of its days without its discount, and
-- the profit after the discount that the shop paid. NULL if no cost is known.
with effects as (
    select *
    from {{ ref('int_offers__promotion_effects') }}
    where net_orders is not null
),

sales as (select * from {{ ref('int_offers__promotion_sales') }}),

valued as (
    select
        {{ estimate_columns('effects', ['net_orders']) }},
        effects.shop_id,
        effects.promotion_id,
        coalesce(sales.merchant_discount_amount, 0) as discount_amount,
        cast(sales.undiscounted_margin_amount as double)
        / nullif(sales.costed_order_count, 0) as order_margin
    from effects
    inner join sales
        on
            effects.shop_id = sales.shop_id
            and effects.promotion_id = sales.promotion_id
)

select
    shop_id,
    promotion_id,
    cast({{ rounded('order_margin', 2) }} as decimal(18, 4)) as order_margin_amount,
    cast({{ rounded('net_orders * order_margin', 2) }} as decimal(18, 4))
        as gained_margin_amount,
    cast(
        {{ rounded('net_orders * order_margin - discount_amount', 2) }}
        as decimal(18, 4)
    ) as profit_amount,
    cast(
        {{ rounded('net_orders_low_80 * order_margin - discount_amount', 2) }}
        as decimal(18, 4)
    ) as profit_amount_low_80,
    cast(
        {{ rounded('net_orders_high_80 * order_margin - discount_amount', 2) }}
        as decimal(18, 4)
    ) as profit_amount_high_80,
    cast(
        {{ rounded('net_orders_low_95 * order_margin - discount_amount', 2) }}
        as decimal(18, 4)
    ) as profit_amount_low_95,
    cast(
        {{ rounded('net_orders_high_95 * order_margin - discount_amount', 2) }}
        as decimal(18, 4)
    ) as profit_amount_high_95
from valued
