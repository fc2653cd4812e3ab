-- One row per purchase of a person, until it drops out: exponential gaps in warped time, in which
-- every moment sells the same.
create table purchases as
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

-- One row per purchase in the period, with platform, day and time.
create table slots as
select
    pid, k,
    if(
        k > 0 and u(pid * 64 + k, 'switch') < 0.4, coalesce(second_platform, platform), platform
    ) as platform,
    days.day,
    days.day + to_seconds(
        hours.hour * 3600 + (u(pid * 64 + k, 'second') * 3599)::bigint
    ) as ordered_at,
from purchases
inner join people using (pid)
inner join day_buckets as days
    on days.calendar = purchases.calendar
    and days.bucket = floor(w * getvariable('buckets'))::bigint
inner join hour_buckets as hours
    on hours.hour_group = purchases.hour_group
    and hours.bucket = floor(u(pid * 64 + k, 'hour') * 200)::bigint
where w >= 0 and w < 1;
