-- One row per person with what is personal in purchases, prices, deals, refunds and visits.
create table traits as
with drawn as (
    select
        people.*,
        rates.rate,
        dropouts.dropout,
        levels.price_level as price_u,
        mode_of(platform, u(pid, 'mode')) as content_mode,
        u(pid, 'calendar') as calendar_u,
        u(pid, 'refunder') as refund_u,
        u(pid, 'visitor') as visitor_u,
    from people
    inner join draws as rates on rates.draw = drawn(u(pid, 'purchase_rate'))
    inner join draws as dropouts on dropouts.draw = drawn(u(pid, 'dropout'))
    inner join draws as levels on levels.draw = drawn(u(pid, 'price_level'))
),

grouped as (
    select
        *,
        calendar_u < 0.08 and keeps('festival_only') as is_festival_only,
        calendar_u between 0.08 and 0.33 and keeps('deals') as is_deal_seeker,
        u(pid, 'rounder') < 0.4 and keeps('deals') as is_rounder,
        case when refund_u < 0.55 then 'never' when refund_u < 0.88 then 'some' else 'often' end
            as refund_group,
    from drawn
)

select
    pid, rate, dropout, first_w, taste, content_mode, is_festival_only, is_deal_seeker,
    case when is_festival_only then 'festival' when is_deal_seeker then 'deals' else 'plain' end
        as calendar,
    -- Chance to take a coupon that is on offer.
    if(is_deal_seeker, 0.4 + 0.3 * u(pid, 'deal'), 0.04 + 0.12 * u(pid, 'deal')) as deal_affinity,
    is_rounder,
    if(is_rounder, 0.95, 0.28) as fill_rate,
    if(keeps('price_level'), price_u, 1.0) as price_level,
    platform || '/' || content_mode as first_channel,
    case
        when not keeps('channel_value') then 1.0
        when platform = 'own' then 1.3
        when content_mode = 'live' then 0.8
        else 1.0
    end as value_ratio,
    least(greatest(round(10 * ln(price_level * value_ratio)), -12), 12)::int as price_step,
    if(keeps('refunds'), refund_group, 'alike') as refund_proneness,
    -- Factor of the platform's refund rate, 1 in the mean.
    case refund_proneness
        when 'never' then 0.0 when 'some' then 1.5 when 'often' then 4.2 else 1.0
    end as refund_factor,
    if(
        refund_proneness in ('some', 'often'), pick(getvariable('reason'), u(pid, 'main_reason')), null
    ) as main_reason,
    hour_groups.hour_group,
    main_device(pid) as device,
    visitor_u < 0.15 as is_cart_abandoner,
    -- Visits of the own site, relative to those of a rare visitor.
    case when u(pid, 'visits') < 0.12 then 6 when u(pid, 'visits') < 0.72 then 2 else 1 end
        as visit_weight,
    u(pid, 'brusher') < 0.016 as is_brusher,
    u(pid, 'reseller') < 0.01 as is_reseller,
    second_platform is not null as is_multi_platform,
from grouped
inner join hour_buckets
    on hour_buckets.hour_group = 'all' and hour_buckets.bucket = floor(u(pid, 'part') * 200)::bigint
inner join hour_groups on hour_groups.hour = hour_buckets.hour;
