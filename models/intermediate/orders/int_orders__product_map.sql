-- One row per product as order lines quote it, with the catalogue's product: that of
-- the same shop, else the system's only one of that id, else the only one anywhere.
with lines as (select * from {{ ref('stg_erp__order_lines') }}),

products as (select * from {{ ref('stg_erp__products') }}),

prices as (select * from {{ ref('int_orders__catalogue') }}),

catalogue as (
    select
        products.product_key,
        products.source_system,
        products.shop_id,
        products.product_id,
        products.category,
        prices.unit_cost,
        count(*) over (partition by products.product_id) as homes,
        count(*) over (
            partition by products.product_id, products.source_system
        ) as homes_in_system
    from products
    left join prices on products.product_key = prices.product_key
),

-- Many lines quote the same product.
quotes as (
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
        quotes.product_key as quoted_product_key,
        catalogue.product_key,
        catalogue.category,
        catalogue.unit_cost,
        row_number() over (
            partition by quotes.product_key
            order by
                case when quotes.product_key = catalogue.product_key then 0 else 1 end,
                catalogue.product_key
        ) as preference
    from quotes
    inner join catalogue
        on
            quotes.product_id = catalogue.product_id
            and (
                quotes.product_key = catalogue.product_key
                or catalogue.homes = 1
                or (
                    quotes.source_system = catalogue.source_system
                    and catalogue.homes_in_system = 1
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
