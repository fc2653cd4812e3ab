-- One row per session on the shop's own site and mini-program.
create table sessions as
with members as (
    select pid, row_number() over (order by pid, visit_no) - 1 as own_no, hour_group,
        is_cart_abandoner,
    from accounts
    inner join traits using (pid)
    cross join range(6) as visits (visit_no)
    where platform = 'own' and visit_no < visit_weight
),

wandering as (
    select
        sid::bigint as sid,
        u(sid, 'known') < 0.42 as is_known,
        floor(u(sid, 'who') * (select count(*) from members))::bigint as own_no,
        (pow(u(sid, 'guest'), 1.3) * getvariable('customers') * 2.6)::bigint as guest_no,
        days.day,
    from range(1, (getvariable('customers') * 6.1)::bigint + 1) as session (sid)
    inner join day_buckets as days
        on days.calendar = 'all'
        and days.bucket = floor(u(sid, 'w') * getvariable('buckets'))::bigint
),

browsing as (
    select
        sid, if(is_known, pid, null) as pid, guest_no, null::bigint as order_no,
        day + to_seconds(hours.hour * 3600 + (u(sid, 'second') * 3599)::bigint) as started_at,
        -- The last 18 of 100 paths fill a cart that is left; some people do so often, most seldom.
        case
            when is_known and is_cart_abandoner and u(sid, 'habit') < 0.45
                then 82 + floor(u(sid, 'path') * 18)::int
            when is_known and not is_cart_abandoner and u(sid, 'habit') < 0.36
                then floor(u(sid, 'path') * 82)::int
            else floor(u(sid, 'path') * 100)::int
        end as path_bucket,
        is_known and u(sid, 'login') < 0.5 as is_logged_in,
    from wandering
    left join members using (own_no)
    inner join hour_buckets as hours
        on hours.hour_group = if(is_known, members.hour_group, 'all')
        and hours.bucket = floor(u(sid, 'hour') * 200)::bigint
),

-- Fewer people come from notes in weeks with little of that advertising.
coming as (
    select
        browsing.*, campaign_no,
        if(
            origin = 'juguang' and u(sid, 'shown') * 1.7 * mean_amount > spend_amount,
            'direct',
            origin
        ) as origin,
    from browsing
    inner join origins
        on mix = 'browsing' and bucket = floor(u(sid, 'origin') * 100)::int
    inner join ad_days
        on ad_platform = 'juguang' and ad_days.day = started_at::date
),

-- The visits of the journeys of orders; in the last one the order is placed.
buying as (
    select
        sid, pid, null::bigint as guest_no, if(touch_no = 0, order_no, null) as order_no,
        started_at,
        if(touch_no = 0, 100, floor(u(sid, 'path') * 82)::int) as path_bucket,
        false as is_logged_in, origin, campaign_no,
    from touches
    where started_at >= getvariable('first_day')
)

select
    sid, visits.pid, order_no, started_at, is_logged_in, path_bucket,
    coalesce(visits.pid, 4000000000 + guest_no) as who,
    in_mini_program(sid, who) as is_mini,
    date_trunc('quarter', started_at)::date as quarter,
    case
        when visits.pid is null then 'g' || to_hex(hash(guest_no * 2 + is_mini::int))
        -- A couple shares the computer at home, each has a phone; colleagues share one at work.
        when is_mini then 'm' || to_hex(hash(visits.pid * 3 + 1))
        else 's' || to_hex(hash(coalesce(device, household) * 3 + 2))
    end as visitor_id,
    origin,
    if(origin = 'direct', null, campaign_no) as campaign_no,
    if(
        is_mini or u(sid, 'device') < case main_device(who)
            when 'mobile' then 0.93 when 'desktop' then 0.12 else 0.7
        end,
        'mobile',
        'desktop'
    ) as device_type,
from (select * from coming union all by name select * from buying) as visits
left join people on people.pid = visits.pid
left join twists on twists.pid = visits.pid
order by started_at, sid;

-- One row per visitor and person: who sat at which device.
create table visitors as
select distinct visitor_id, is_mini, pid
from sessions
where pid is not null
order by visitor_id, pid;
