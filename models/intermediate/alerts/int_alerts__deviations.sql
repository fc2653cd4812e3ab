-- One row per deviation: days in a row on which a watched KPI lies on one side of its
-- expected value, too far to be explained by chance, alone or together with the two
-- days before.
with scores as (select * from {{ ref('int_alerts__scores') }}),

policy as (select * from {{ ref('alert_policy') }}),

adjacent_days as (
    select
        *,
        lag(day_on, 1) over one_kpi >= day_on - 2 as has_day_before,
        lag(score, 1) over one_kpi as score_before,
        lag(day_on, 2) over one_kpi >= day_on - 3 as has_two_days_before,
        lag(score, 2) over one_kpi as score_two_before
    from scores
    window one_kpi as (partition by kpi_code order by day_on)
),

-- Scores of days on one side add up; one day between two of them may be unknown.
sums as (
    select
        adjacent_days.*,
        case
            when
                adjacent_days.has_day_before
                and adjacent_days.score * adjacent_days.score_before > 0
                and least(abs(adjacent_days.score), abs(adjacent_days.score_before))
                >= policy.least_score / 3
                then abs(adjacent_days.score + adjacent_days.score_before) / sqrt(2)
            else 0
        end as two_day_score,
        case
            when
                adjacent_days.has_two_days_before
                and adjacent_days.score * adjacent_days.score_before > 0
                and adjacent_days.score * adjacent_days.score_two_before > 0
                and least(
                    abs(adjacent_days.score),
                    abs(adjacent_days.score_before),
                    abs(adjacent_days.score_two_before)
                )
                >= policy.least_score / 3
                then abs(
                    adjacent_days.score + adjacent_days.score_before
                    + adjacent_days.score_two_before
                ) / sqrt(3)
            else 0
        end as three_day_score,
        policy.least_score,
        policy.least_change
    from adjacent_days
    cross join policy
),

deviating_days as (
    select
        *,
        case when score > 0 then 'up' else 'down' end as deviation
    from sums
    where
        abs(change) >= least_change
        and greatest(abs(score), two_day_score, three_day_score) >= least_score
),

-- Up to two days without a deviation do not end it.
flagged_days as (
    select
        *,
        case
            when
                lag(day_on) over (partition by kpi_code, deviation order by day_on)
                >= day_on - 3
                then 0
            else 1
        end as is_start
    from deviating_days
),

numbered_days as (
    select
        *,
        sum(is_start) over (
            partition by kpi_code, deviation order by day_on
            rows between unbounded preceding and current row
        ) as deviation_number
    from flagged_days
)

select
    kpi_code,
    deviation,
    min(day_on) as found_on,
    max(day_on) as last_on,
    count(*) as day_count,
    max_by(day_on, abs(score)) as worst_on,
    max_by(value, abs(score)) as value,
    max_by(expected_value, abs(score)) as expected_value,
    max_by(score, abs(score)) as score
from numbered_days
group by kpi_code, deviation, deviation_number
