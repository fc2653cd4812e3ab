-- One row per deviation: days in a row on which a watched KPI lies on one side of what
-- its history lets expect, so far that chance does not explain it, alone or with the
-- two days before.
with scores as (select * from {{ ref('int_alerts__scores') }}),

policy as (select * from {{ ref('alert_policy') }}),

neighbours as (
    select
        *,
        lag(day_on, 1) over one_kpi >= day_on - 2 as has_day_before,
        lag(score, 1) over one_kpi as score_before,
        lag(day_on, 2) over one_kpi >= day_on - 3 as has_two_days_before,
        lag(score, 2) over one_kpi as score_two_before
    from scores
    window one_kpi as (partition by kpi_code order by day_on)
),

-- Days on one side add up, though chance may explain each; one between may be unknown.
sums as (
    select
        neighbours.*,
        case
            when
                neighbours.has_day_before
                and neighbours.score * neighbours.score_before > 0
                and least(abs(neighbours.score), abs(neighbours.score_before))
                >= policy.least_score / 3
                then abs(neighbours.score + neighbours.score_before) / sqrt(2)
            else 0
        end as two_day_score,
        case
            when
                neighbours.has_two_days_before
                and neighbours.score * neighbours.score_before > 0
                and neighbours.score * neighbours.score_two_before > 0
                and least(
                    abs(neighbours.score),
                    abs(neighbours.score_before),
                    abs(neighbours.score_two_before)
                )
                >= policy.least_score / 3
                then abs(
                    neighbours.score + neighbours.score_before
                    + neighbours.score_two_before
                ) / sqrt(3)
            else 0
        end as three_day_score,
        policy.least_score,
        policy.least_change
    from neighbours
    cross join policy
),

far as (
    select
        *,
        case when score > 0 then 'up' else 'down' end as deviation
    from sums
    where
        abs(change) >= least_change
        and greatest(abs(score), two_day_score, three_day_score) >= least_score
),

-- A quiet day between two of one deviation does not make them two.
beginnings as (
    select
        *,
        case
            when
                lag(day_on) over (partition by kpi_code, deviation order by day_on)
                >= day_on - 3
                then 0
            else 1
        end as begins
    from far
),

numbered as (
    select
        *,
        sum(begins) over (
            partition by kpi_code, deviation order by day_on
            rows between unbounded preceding and current row
        ) as deviation_number
    from beginnings
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
from numbered
group by kpi_code, deviation, deviation_number
