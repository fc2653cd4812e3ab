-- One row per payment month, shop and channel, with the orders whose journey has the
-- channel, and those for which it is the first, the last or the only channel, or
-- assists another last one.
with touchpoints as (
    select * from {{ ref('int_marketing__touchpoints') }}
    where evidence = 'session'
),

order_channels as (
    select
        order_key,
        shop_id,
        cast(date_trunc('month', paid_on) as date) as month_on,
        channel,
        min(touch_number) as first_number,
        max(touch_number) as last_number
    from touchpoints
    group by
        order_key, shop_id, cast(date_trunc('month', paid_on) as date), channel
),

ranked as (
    select
        *,
        max(last_number) over (partition by order_key) as touch_count,
        count(*) over (partition by order_key) as channel_count
    from order_channels
)

select
    month_on,
    shop_id,
    channel,
    count(*) as order_count,
    count(*) filter (where first_number = 1) as first_order_count,
    count(*) filter (where last_number = touch_count) as last_order_count,
    count(*) filter (where channel_count = 1) as only_order_count,
    count(*) filter (where last_number < touch_count) as assisted_order_count
from ranked
group by month_on, shop_id, channel
