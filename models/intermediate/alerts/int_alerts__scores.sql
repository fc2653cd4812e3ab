-- One row per watched KPI and day, with the distance between actual and expected value
-- in units of the usual distance: the median of past distances, or the spread by chance
-- if that is larger.
with expected as (select * from {{ ref('int_alerts__expected_values') }}),

policy as (select * from {{ ref('alert_policy') }}),

expected_with_spread as (
    select
        expected.*,
        policy.case_spread,
        policy.festival_spread
    from expected
    cross join policy
),

-- Rates and counts use variance-stabilising transforms (arcsine and square root), so
-- that the spread by chance does not depend on the value; other KPIs use the log ratio.
distances as (
    select
        *,
        value / expected_value - 1 as change,
        case unit
            when 'rate'
                then (
                    asin(sqrt(least(greatest(value, 0), 1)))
                    - asin(sqrt(least(expected_value, 1)))
                ) * 2 * sqrt(case_count)
            when 'count' then 2 * (sqrt(value + 0.375) - sqrt(expected_value + 0.375))
            else ln(greatest(value / expected_value, 0.05))
        end as distance,
        case
            when unit in ('rate', 'count') then 1
            -- The standard error of a mean, even if past cases did not differ.
            else coalesce(greatest(0.01, case_spread / sqrt(case_count)), 0.01)
        end as least_distance
    from expected_with_spread
),

usual as (
    select
        distances.kpi_code,
        distances.day_on,
        median(abs(past.distance)) as median_distance
    from distances
    cross join policy
    inner join distances as past
        on
            distances.kpi_code = past.kpi_code
            and past.is_ordinary
            and distances.day_on > past.day_on
            and distances.day_on - cast(policy.history_days as int) <= past.day_on
    group by distances.kpi_code, distances.day_on, policy.least_days
    having count(*) >= policy.least_days
)

select
    distances.kpi_code,
    distances.day_on,
    distances.value,
    distances.expected_value,
    distances.change,
    distances.distance
    -- The median absolute deviation of a normal distribution is 0.6745 σ.
    / greatest(usual.median_distance / 0.6745, distances.least_distance)
    -- A festival day has a single counterpart, so its uncertainty is larger.
    / case when distances.is_ordinary then 1 else distances.festival_spread end as score
from distances
inner join usual
    on distances.kpi_code = usual.kpi_code and distances.day_on = usual.day_on
