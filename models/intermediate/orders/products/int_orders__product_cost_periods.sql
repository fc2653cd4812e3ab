-- One row per product key that lines quote and period with a dated unit cost, in shop
-- currency: the costs of the same shop, else those of the only shop id that dates costs
-- of this product. A cost applies until the next one.
{{ config(materialized='compared') }}
with costs as (select * from {{ ref('stg_erp__product_costs') }}),

lines as (select * from {{ ref('stg_erp__order_lines') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

-- Two systems may date the same cost.
dated_costs as (
    select
        costs.shop_id,
        costs.product_id,
        costs.valid_from,
        max({{ product('costs.unit_cost', 'rates.rate') }}) as unit_cost
    from costs
    left join rates
        on
            coalesce(costs.currency, '{{ shop_currency() }}') = rates.from_currency
            and costs.valid_from >= rates.valid_from
            and costs.valid_from < rates.valid_to
    group by costs.shop_id, costs.product_id, costs.valid_from
),

cost_shops as (
    select
        product_id,
        min(shop_id) as shop_id,
        count(distinct shop_id) as shop_count
    from dated_costs
    group by product_id
),

quoted as (
    select
        lines.product_key,
        lines.shop_id,
        lines.product_id
    from lines
    semi join cost_shops on lines.product_id = cost_shops.product_id
    group by lines.product_key, lines.shop_id, lines.product_id
),

own_shops as (
    select
        shop_id,
        product_id
    from dated_costs
    group by shop_id, product_id
),

chosen as (
    select
        quoted.product_key,
        quoted.product_id,
        case
            when own_shops.shop_id is not null then own_shops.shop_id
            when cost_shops.shop_count = 1 then cost_shops.shop_id
        end as cost_shop_id
    from quoted
    inner join cost_shops on quoted.product_id = cost_shops.product_id
    left join own_shops
        on
            quoted.shop_id = own_shops.shop_id
            and quoted.product_id = own_shops.product_id
)

select
    chosen.product_key as quoted_product_key,
    dated_costs.valid_from,
    coalesce(
        lead(dated_costs.valid_from) over (
            partition by chosen.product_key order by dated_costs.valid_from
        ),
        date '9999-12-31'
    ) as valid_to,
    dated_costs.unit_cost
from chosen
inner join dated_costs
    on
        chosen.cost_shop_id = dated_costs.shop_id
        and chosen.product_id = dated_costs.product_id
