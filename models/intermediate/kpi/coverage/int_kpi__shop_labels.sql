-- One row per shop that the seed `labels` does not list, with its names: those of
-- shop.yml, else the shop id.
with labels as (select * from {{ ref('labels') }}),

arrivals as (select * from {{ ref('int_reference__connected_feeds') }}),

names as (
    select * from {{ shop_names() }}
)

select
    arrivals.shop_id as code,
    coalesce(max(names.en), arrivals.shop_id) as en,
    coalesce(max(names.zh), arrivals.shop_id) as zh
from arrivals
left join labels
    on labels.label_kind = 'shop' and arrivals.shop_id = labels.code
left join names on arrivals.shop_id = names.shop_id
where labels.code is null
group by arrivals.shop_id
