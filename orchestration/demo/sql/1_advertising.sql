-- One row per day and platform of advertising with a known effect. Spend has random levels and
-- pauses by week, which no sales explain. Effects of earlier days remain in part.
create table ad_days as
with planned as (
    select
        responses.*, day, day_no, festival,
        number * 100000 + day_no as slot,
        number * 100000 + date_diff('day', date '2020-01-06', day) // 7 as week,
        daily_fen * getvariable('customers') as mean_amount,
    from responses
    cross join days
),

paid as (
    select
        *,
        if(u(week, 'ad_pause') < pause_share and keeps('ad_levels'), 0, (
            mean_amount * if(keeps('ad_levels'), 0.3 + 1.4 * u(week, 'ad_level'), 1.0)
            * (0.9 + 0.2 * u(slot, 'ad_day')) * if(festival = '', 1.0, 1.3)
        )::bigint) as spend_amount,
    from planned
),

stocked as (
    select
        today.ad_platform, today.day, today.day_no, today.spend_amount, today.mean_amount,
        today.slope, today.half_ratio * today.mean_amount / (1 - today.carry_over) as half_amount,
        round(sum(before.spend_amount * pow(today.carry_over, today.day_no - before.day_no)))::bigint
            as adstock,
    from paid as today
    inner join paid as before
        on before.ad_platform = today.ad_platform
        and before.day_no between today.day_no - 40 and today.day_no
    group by all
)

select
    ad_platform, day, spend_amount, mean_amount, half_amount,
    pow(adstock, slope) / (pow(adstock, slope) + pow(half_amount, slope)) as response,
from stocked;

-- One row per day with what the causes bring to it; a cause that is switched off brings nothing.
create table effects as
with promoted as (
    select day from promotion_days where code = 'M300'
),

levels as (
    select
        day,
        day in (from promoted) as has_m300,
        exists (
            select 1 from promoted
            where promoted.day between days.day - getvariable('after_days')::int and days.day - 1
        ) as follows_m300,
    from days
)

select
    levels.day, has_m300, follows_m300,
    case
        when not keeps('m300') then 1.0
        when has_m300 then getvariable('promoted')::double
        when follows_m300 then getvariable('after')::double
        else 1.0
    end as m300_level,
    max(if(ad_platform = 'wanxiang' and keeps('wanxiang'), response, 0)) as wanxiang,
    max(if(ad_platform = 'qianchuan' and keeps('qianchuan'), response, 0)) as qianchuan,
    max(if(ad_platform = 'juguang' and keeps('juguang'), response, 0)) as juguang,
from levels
inner join ad_days using (day)
group by all;
