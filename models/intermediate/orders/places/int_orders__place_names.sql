-- One row per shop and place that orders quote, with its entry in the list of places:
-- that of the shop, else the only one with this id under any shop id. Without an entry,
-- the attributes are NULL.
with orders as (select * from {{ ref('int_orders__orders') }}),

places as (select * from {{ ref('stg_erp__places') }}),

quoted as (
    select
        shop_id,
        place_id
    from orders
    where place_id is not null
    group by shop_id, place_id
),

counted_places as (
    select
        *,
        count(*) over (partition by place_id) as entry_count
    from places
),

candidates as (
    select
        quoted.shop_id,
        quoted.place_id,
        places.place_name,
        places.place_type,
        places.province,
        places.city,
        row_number() over (
            partition by quoted.shop_id, quoted.place_id
            order by
                case when quoted.shop_id = places.shop_id then 0 else 1 end,
                places.place_key
        ) as preference
    from quoted
    inner join counted_places as places
        on
            quoted.place_id = places.place_id
            and (quoted.shop_id = places.shop_id or places.entry_count = 1)
),

chosen as (select * from candidates where preference = 1)

select
    quoted.shop_id,
    quoted.place_id,
    chosen.place_name,
    chosen.place_type,
    chosen.province,
    chosen.city
from quoted
left join chosen
    on quoted.shop_id = chosen.shop_id and quoted.place_id = chosen.place_id
