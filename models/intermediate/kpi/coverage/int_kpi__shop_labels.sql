-- One row per shop that the seed `labels` does not list, with its names: those of
-- shop.yml for the configured shop, else the shop id.
with labels as (select * from {{ ref('labels') }}),

arrivals as (select * from {{ ref('int_reference__connected_feeds') }})

select
    arrivals.shop_id as code,
    case arrivals.shop_id
        when '{{ shop_code() }}'
            then '{{ shop_name('EN') }}'
        else arrivals.shop_id
    end as en,
    case arrivals.shop_id
        when '{{ shop_code() }}'
            then '{{ shop_name('ZH') }}'
        else arrivals.shop_id
    end as zh
from arrivals
left join labels
    on labels.label_kind = 'shop' and arrivals.shop_id = labels.code
where labels.code is null
group by arrivals.shop_id
