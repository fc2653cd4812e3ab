-- One row per customer and day on which the tag basket_type may change. Single: most
-- orders of the last 365 days have one unit; bundle: most have several products;
-- multi: several units of one product.
with windows as (select * from {{ ref('int_value__order_windows') }})

select
    customer_id,
    changed_on as valid_from_on,
    case
        when order_count = 0 then 'none'
        when multi_product_count * 2 > order_count then 'bundle'
        when multi_unit_count * 2 > order_count then 'multi'
        else 'single'
    end as tag_value,
    'orders ' || cast(order_count as string) || ', several products '
    || cast(multi_product_count as string) as evidence
from windows
