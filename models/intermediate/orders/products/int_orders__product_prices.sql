-- One row per product of the catalogue, with its list price and unit cost in shop
-- currency at the latest exchange rate. Both are NULL if the currency has no rate.
with products as (select * from {{ ref('stg_erp__products') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }})

select
    products.product_key,
    {{ product('products.list_price', 'rates.rate') }} as list_price,
    {{ product('products.unit_cost', 'rates.rate') }} as unit_cost
from products
left join rates
    on
        coalesce(products.currency, '{{ shop_currency() }}') = rates.from_currency
        and rates.valid_to = date '9999-12-31'
