-- One row per product name of an order line that is no goods, such as a tip, with the
-- line kind that the seed `line_kind_words` gives it. Of several kinds that match, the
-- first in the alphabet counts.
{{ config(materialized='compared') }}
with lines as (select * from {{ ref('stg_erp__order_lines') }}),

words as (select * from {{ ref('line_kind_words') }}),

names as (
    select
        product_name,
        lower(product_name) as lower_name
    from lines
    where product_name is not null
    group by product_name
)

select
    names.product_name,
    min(words.line_kind) as line_kind
from names
inner join words on names.lower_name like words.pattern
group by names.product_name
