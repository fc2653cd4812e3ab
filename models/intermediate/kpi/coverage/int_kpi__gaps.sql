-- One row per KPI and period with the reason why its sources cannot answer for it, if
-- there is one, whether they cover the whole of it, and their last common day.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

needs as (select * from {{ ref('int_kpi__source_coverage') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

shops as (select * from {{ ref('int_kpi__shops') }} where evidence = 'own'),

shop_gaps as (select * from {{ ref('int_kpi__shop_gaps') }} where gap is null),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

-- The days of the shops left out say nothing of those that count.
spans as (
    select
        shop_gaps.kpi_code,
        feeds.feed,
        min(feeds.first_on) as first_on,
        max(feeds.last_on) as last_on
    from shop_gaps
    inner join feeds on shop_gaps.shop_id = feeds.shop_id
    group by shop_gaps.kpi_code, feeds.feed
),

needed as (
    select
        catalogue.kpi_code,
        catalogue.periods,
        needs.need,
        needs.is_daily,
        needs.is_connected,
        case
            when not needs.is_connected then needs.absence
            when shops.partial_shop_ids is not null and shops.shop_ids is null
                then 'no shop has all of ' || replace(catalogue.needs, ';', ', ')
        end as absence,
        coalesce(spans.first_on, needs.first_on) as first_on,
        coalesce(spans.last_on, needs.last_on) as last_on
    from catalogue
    inner join needs
        on contains(';' || catalogue.needs || ';', ';' || needs.need || ';')
    left join shops on catalogue.kpi_code = shops.kpi_code
    left join spans
        on catalogue.kpi_code = spans.kpi_code and needs.need = spans.feed
),

answers as (
    select
        periods.period,
        periods.period_start_on,
        periods.period_end_on,
        periods.last_day_on,
        needed.*,
        case
            when needed.absence is not null then needed.absence
            when needed.is_daily and periods.period_end_on < needed.first_on
                then
                    'no data before ' || cast(needed.first_on as string)
                    || ': ' || needed.need
            when needed.is_daily and periods.period_start_on > needed.last_on
                then
                    'no data after ' || cast(needed.last_on as string)
                    || ': ' || needed.need
        end as gap
    from periods
    inner join needed
        on
            contains(
                ';' || needed.periods || ';',
                ';' || replace(periods.period, '_to_date', '') || ';'
            )
)

select
    kpi_code,
    period,
    period_start_on,
    -- 'not connected' sorts after 'no shop', and this after 'no data': the deeper
    -- reason counts.
    max(gap) as gap,
    coalesce(
        bool_and(
            not is_daily or (first_on <= period_start_on and last_on >= period_end_on)
        ),
        false
    ) as is_whole,
    coalesce(
        bool_and(
            not is_daily or (first_on <= period_start_on and last_on >= last_day_on)
        ),
        false
    ) as is_whole_to_date,
    min(case when is_daily then last_on end) as covered_until_on
from answers
group by kpi_code, period, period_start_on
