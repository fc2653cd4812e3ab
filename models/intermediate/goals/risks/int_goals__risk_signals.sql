-- One row per risk of this shop, with the value that shows the risk, whether it lies
-- beyond the threshold and the day since when, or the reason why there is no value.
with risks as (select * from {{ ref('int_goals__risks') }}),

kpi_figures as (select * from {{ ref('int_goals__risk_figures') }}),

feed_delays as (select * from {{ ref('int_goals__risk_feeds') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

last_day as (
    select max(as_of_on) as as_of_on
    from as_of
),

last_uncrossed as (
    select
        risk_id,
        max(case when not coalesce(is_crossed, false) then period_start_on end)
            as uncrossed_on
    from kpi_figures
    group by risk_id
),

first_crossed as (
    select
        kpi_figures.risk_id,
        min(kpi_figures.period_start_on) as since_on
    from kpi_figures
    inner join last_uncrossed on kpi_figures.risk_id = last_uncrossed.risk_id
    where
        kpi_figures.period_start_on
        > coalesce(last_uncrossed.uncrossed_on, date '1900-01-01')
    group by kpi_figures.risk_id
)

select
    risks.risk_id,
    kpi_figures.period_start_on,
    kpi_figures.period_end_on as judged_on,
    kpi_figures.value,
    kpi_figures.is_crossed,
    first_crossed.since_on,
    case
        -- The whole has a figure for every period, a shop without sales has none.
        when kpi_figures.risk_id is null and risks.shop_id = 'all'
            then 'no complete period'
        when kpi_figures.risk_id is null
            then 'no figures for shop ' || risks.shop_id
        else kpi_figures.gap
    end as gap
from risks
left join kpi_figures
    on risks.risk_id = kpi_figures.risk_id and kpi_figures.is_judged
left join first_crossed on risks.risk_id = first_crossed.risk_id
where risks.signal = 'kpi'
union all
select
    risks.risk_id,
    cast(null as date) as period_start_on,
    last_day.as_of_on as judged_on,
    feed_delays.value,
    feed_delays.is_crossed,
    feed_delays.since_on,
    case
        when not coalesce(feed_delays.is_connected, false)
            then 'not connected: ' || risks.feed
        when feed_delays.value is null then 'no dates: ' || risks.feed
    end as gap
from risks
cross join last_day
left join feed_delays on risks.risk_id = feed_delays.risk_id
where risks.signal = 'feed_late'
