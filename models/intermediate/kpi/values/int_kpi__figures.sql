-- One row per KPI, period (complete or to date) and slice, with numerator, denominator
-- and value. If the sources do not cover the figure, the value is NULL and the coverage
-- holds the reason.
with kpi_values as (select * from {{ ref('int_kpi__completed_sums') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

gaps as (select * from {{ ref('int_kpi__period_gaps') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

-- Visits without a traffic source cannot be split by channel.
channels as (
    select max(case when not is_connected then missing_reason end) as channel_gap
    from {{ ref('int_kpi__source_coverage') }}
    where need = 'web.events.source'
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

explained as (
    select
        kpi_values.*,
        catalogue.kpi_group,
        catalogue.aggregation,
        catalogue.needs_person,
        periods.period_end_on,
        cast(kpi_values.numerator as double) * catalogue.multiplier
        / nullif(cast(kpi_values.denominator as double), 0) as ratio,
        (kpi_values.evidence = 'platform' or gaps.is_whole)
        and periods.period_end_on + cast(catalogue.settle_days as int)
        <= as_of.as_of_on as is_settled,
        (kpi_values.evidence = 'platform' or gaps.is_whole_to_date)
        and periods.first_day_on = periods.period_start_on as is_comparable,
        periods.last_day_on < periods.period_end_on as is_in_progress,
        coalesce(
            -- Platform reports do not depend on the feeds of the shop.
            case when kpi_values.evidence <> 'platform' then gaps.gap end,
            kpi_values.gap,
            case
                when kpi_values.dimension = 'channel' and kpi_values.evidence = 'event'
                    then channels.channel_gap
            end,
            case
                when
                    catalogue.maturity_days > 0
                    and kpi_values.period_start_on
                    + cast(catalogue.maturity_days as int)
                    > gaps.covered_until_on
                    then 'cohort not matured'
            end,
            case
                when
                    catalogue.aggregation <> 'sum'
                    and coalesce(kpi_values.denominator, 0) = 0
                    then 'no denominator'
            end,
            'ok'
        ) as coverage
    from kpi_values
    inner join catalogue on kpi_values.kpi_code = catalogue.kpi_code
    inner join periods
        on
            kpi_values.period = periods.period
            and kpi_values.period_start_on = periods.period_start_on
    left join gaps
        on
            kpi_values.kpi_code = gaps.kpi_code
            and kpi_values.period = gaps.period
            and kpi_values.period_start_on = gaps.period_start_on
    cross join channels
    cross join as_of
)

select
    kpi_code,
    kpi_group,
    period,
    period_start_on,
    period_end_on,
    shop_id,
    dimension,
    dimension_value,
    evidence,
    needs_person,
    case when coverage in ('ok', 'no denominator') then numerator end as numerator,
    case when coverage in ('ok', 'no denominator') then denominator end as denominator,
    case
        when coverage <> 'ok' then null
        when aggregation = 'ratio'
            then cast({{ rounded('ratio', 6) }} as double)
        else cast(numerator as double)
    end as value,
    coverage,
    coalesce(is_comparable, false) as is_comparable,
    is_in_progress,
    coverage = 'ok' and is_settled as is_final
from explained
