-- One row per KPI and period, with the reason why its sources do not cover the period
-- (NULL if they do), whether they cover every day of it, and the last day that all its
-- daily sources cover.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

needs as (select * from {{ ref('int_kpi__source_coverage') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

shops as (select * from {{ ref('int_kpi__covered_shops') }} where evidence = 'own'),

shop_gaps as (select * from {{ ref('int_kpi__shop_gaps') }} where gap is null),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

-- Days of shops that are left out do not count.
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

kpi_needs as (
    select
        catalogue.kpi_code,
        catalogue.periods,
        needs.need,
        needs.is_daily,
        needs.is_connected,
        case
            when not needs.is_connected then needs.missing_reason
            when shops.partial_shop_ids is not null and shops.shop_ids is null
                then 'no shop has all of ' || replace(catalogue.needs, ';', ', ')
        end as missing_reason,
        coalesce(spans.first_on, needs.first_on) as first_on,
        coalesce(spans.last_on, needs.last_on) as last_on
    from catalogue
    inner join needs
        on contains(';' || catalogue.needs || ';', ';' || needs.need || ';')
    left join shops on catalogue.kpi_code = shops.kpi_code
    left join spans
        on catalogue.kpi_code = spans.kpi_code and needs.need = spans.feed
),

period_needs as (
    select
        periods.period,
        periods.period_start_on,
        periods.period_end_on,
        periods.last_day_on,
        kpi_needs.*,
        case
            when kpi_needs.missing_reason is not null then kpi_needs.missing_reason
            when kpi_needs.is_daily and periods.period_end_on < kpi_needs.first_on
                then
                    'no data before ' || cast(kpi_needs.first_on as string)
                    || ': ' || kpi_needs.need
            when kpi_needs.is_daily and periods.period_start_on > kpi_needs.last_on
                then
                    'no data after ' || cast(kpi_needs.last_on as string)
                    || ': ' || kpi_needs.need
        end as gap
    from periods
    inner join kpi_needs
        on
            contains(
                ';' || kpi_needs.periods || ';',
                ';' || replace(periods.period, '_to_date', '') || ';'
            )
)

select
    kpi_code,
    period,
    period_start_on,
    -- In alphabetical order the most basic reason comes last:
    -- 'no data' < 'no shop' < 'not connected'.
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
from period_needs
group by kpi_code, period, period_start_on
