-- One row per person with the planted traits and the days of its first and last purchase.
with lives as (
    select
        pid,
        min(w) as first_w,
        max(w) as last_w,
        max(k) = 62 as is_cut,
    from purchases
    group by pid
),

-- Before the period a day is as long as every other.
dated as (
    select
        lives.pid, is_cut, last_w,
        getvariable('first_day') + floor(lives.first_w * getvariable('days'))::int as plain_first_on,
        getvariable('first_day') + floor(last_w * getvariable('days'))::int as plain_last_on,
        coalesce(firsts.day, plain_first_on) as first_on,
        coalesce(lasts.day, plain_last_on) as last_on,
    from lives
    inner join traits using (pid)
    left join day_buckets as firsts
        on firsts.calendar = traits.calendar
        and firsts.bucket = floor(lives.first_w * getvariable('buckets'))::bigint
    left join day_buckets as lasts
        on lasts.calendar = traits.calendar
        and lasts.bucket = floor(last_w * getvariable('buckets'))::bigint
)

select
    pid as person_id, rate, dropout, first_on,
    if(last_w < 1 and not is_cut, last_on, null) as alive_until,
    price_level, deal_affinity, is_deal_seeker as deal_seeker, is_rounder as rounder,
    refund_proneness, main_reason, hour_group, device, is_festival_only as festival_only,
    ['茶叶', '护肤', '家居'][taste + 1] as category,
    content_mode, is_multi_platform as multi_platform, is_cart_abandoner as cart_abandoner,
    visit_weight, first_channel, value_ratio, is_brusher as brushing, is_reseller as reseller,
from traits
inner join dated using (pid)
order by pid
