-- One row per purchase that a person would make until it drops out: exponential gaps in warped
-- time, in which every moment sells the same.
create table candidates as
with numbered as (
    select
        pid, rate, first_w, calendar, hour_group,
        -- Purchase k is the last one with the person's probability to drop out.
        unnest(range(least(63, 1 + floor(ln(1 - u(pid, 'orders')) / ln(1 - dropout)))::int)) as k,
    from traits
)

select
    pid, k, calendar, hour_group,
    first_w + sum(if(
        k = 0,
        0,
        -ln(1 - u(pid * 64 + k, 'gap')) / (rate * getvariable('days') / 7)
    )) over (partition by pid order by k) as w,
from numbered;

-- One row per such purchase in the period, with platform, channel, day and time.
create table dated as
with placed as (
    select
        pid, k, w,
        -- The number does not depend on other orders: without a cause, the others stay as they
        -- are. It is above all numbers of people, so that no draw is the same for both.
        (k + 1) * getvariable('customers') + pid as order_no,
        if(
            k > 0 and u(pid * 64 + k, 'switch') < 0.4,
            coalesce(second_platform, platform),
            platform
        ) as platform,
        days.day,
        days.day + to_seconds(
            hours.hour * 3600 + (u(pid * 64 + k, 'second') * 3599)::bigint
        ) as ordered_at,
    from candidates
    inner join people using (pid)
    inner join day_buckets as days
        on days.calendar = candidates.calendar
        and days.bucket = floor(w * getvariable('buckets'))::bigint
    inner join hour_buckets as hours
        on hours.hour_group = candidates.hour_group
        and hours.bucket = floor(u(pid * 64 + k, 'hour') * 200)::bigint
    where w >= 0 and w < 1
)

select
    *,
    mode_of(
        platform,
        if(k = 0 or u(order_no, 'own_mode') < 0.75, u(pid, 'mode'), u(order_no, 'channel'))
    ) as sales_channel,
from placed;

-- One row per dated purchase with what it needs and whether it gets it. A need is drawn from the
-- unit interval: those below 1 less the reach need nothing, the next are reached.
create table needs as
with drawn as (
    select
        dated.*, effects.* exclude (day),
        case platform
            when 'tmall' then getvariable('reach_wanxiang')::double
            when 'douyin' then getvariable('reach_qianchuan')::double
            else 0
        end as ad_reach,
        case platform when 'tmall' then wanxiang when 'douyin' then qianchuan end as ad_response,
        if(platform = 'tmall' and sales_channel = 'search', getvariable('reach_halo')::double, 0)
            as halo_reach,
        u(order_no, 'ad') as ad_u,
        u(order_no, 'halo') as halo_u,
        u(order_no, 'promotion') * getvariable('promoted')::double as promotion_u,
        if(platform = 'own', u(order_no, 'need'), null) as need_u,
    from dated
    inner join effects using (day)
),

needing as (
    select drawn.*, need, (need_u - start) / share as need_part,
    from drawn
    left join own_needs on need_u >= start and need_u < start + share
)

select
    * exclude (ad_response),
    ad_u >= 1 - ad_reach as needs_ad,
    halo_u >= 1 - halo_reach as needs_halo,
    platform = 'tmall' and promotion_u >= 1 as needs_promotion,
    (not needs_ad or ad_u < 1 - ad_reach * (1 - ad_response))
    and (not needs_halo or halo_u < 1 - halo_reach * (1 - juguang)) as is_reached,
    platform <> 'tmall' or promotion_u < m300_level as is_promoted,
    case need
        when 'juguang' then need_part < juguang
        when 'pair' then need_part < juguang and keeps('tea_gifts') and keeps('synergy')
        when 'tea_gifts' then keeps('tea_gifts')
        when 'wechat' then keeps('wechat')
        when 'xiaohongshu' then keeps('xiaohongshu')
        else true
    end as is_met,
    is_reached and is_promoted and is_met as is_made,
from needing;

-- One row per purchase in the period.
create table slots as
select pid, k, w, order_no, platform, day, ordered_at, sales_channel,
from needs
where is_made;

-- One row per purchase of a person, those before and after the period included.
create table purchases as
select pid, k, w, from candidates where w < 0 or w >= 1
union all
select pid, k, w, from slots;
