-- One row per KPI and period with the reason why its sources cannot answer for it, if
-- there is one, whether they cover the whole of it, and their last common day.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

needs as (select * from {{ ref('int_kpi__needs') }}),

periods as (select * from {{ ref('int_kpi__periods') }}),

needed as (
    select
        catalogue.kpi_code,
        catalogue.periods,
        needs.*
    from catalogue
    inner join needs
        on contains(';' || catalogue.needs || ';', ';' || needs.need || ';')
),

answers as (
    select
        periods.period,
        periods.period_start_on,
        periods.period_end_on,
        periods.last_day_on,
        needed.*,
        case
            when not needed.is_connected then needed.absence
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
    -- 'not connected' sorts after 'no data', so the deeper reason is told.
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
