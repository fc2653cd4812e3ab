-- One row per payment month, shop and channel, with the orders whose journey has the
-- channel, and those for which it is the first, the last or the only channel, or
-- assists another last one.
select
    month_on,
    shop_id,
    channel,
    order_count,
    first_order_count,
    last_order_count,
    only_order_count,
    assisted_order_count
from {{ ref('int_marketing__channel_assists') }}
