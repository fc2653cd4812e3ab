-- One row per product key that order lines quote, with its catalogue product: that of
-- the same shop, else the only one with this id in the source system, else the only one
-- with this id in any system.
{{ config(materialized='compared') }}
with lines as (select * from {{ ref('stg_erp__order_lines') }}),

products as (select * from {{ ref('stg_erp__products') }}),

prices as (select * from {{ ref('int_orders__product_prices') }}),

catalogue as (
    select
        products.product_key,
        products.source_system,
        products.shop_id,
        products.product_id,
        products.category,
        prices.unit_cost,
        count(*) over (partition by products.product_id) as entry_count,
        count(*) over (
            partition by products.product_id, products.source_system
        ) as system_entry_count
    from products
    left join prices on products.product_key = prices.product_key
),

-- Deduplicated before the join, because many lines quote the same product.
quoted as (
    select distinct
        product_key,
        source_system,
        shop_id,
        product_id
    from lines
    where product_id is not null
),

candidates as (
    select
        quoted.product_key as quoted_product_key,
        catalogue.product_key,
        catalogue.category,
        catalogue.unit_cost,
        row_number() over (
            partition by quoted.product_key
            order by
                case when quoted.product_key = catalogue.product_key then 0 else 1 end,
                catalogue.product_key
        ) as preference
    from quoted
    inner join catalogue
        on
            quoted.product_id = catalogue.product_id
            and (
                quoted.product_key = catalogue.product_key
                or catalogue.entry_count = 1
                or (
                    quoted.source_system = catalogue.source_system
                    and catalogue.system_entry_count = 1
                )
            )
)

select
    quoted_product_key,
    product_key,
    category,
    unit_cost
from candidates
where preference = 1
