-- One row per deviation: days in a row on which a watched KPI lies on one side of what
-- its history lets expect, so far that chance does not explain it, alone or with the
-- day before.
with scores as (select * from {{ ref('int_alerts__scores') }}),

policy as (select * from {{ ref('alert_policy') }}),

neighbours as (
    select
        *,
        lag(day_on) over (partition by kpi_code order by day_on) as past_on,
        lag(score) over (partition by kpi_code order by day_on) as past_score
    from scores
),

far as (
    select
        neighbours.*,
        case when neighbours.score > 0 then 'up' else 'down' end as deviation
    from neighbours
    cross join policy
    where
        abs(neighbours.change) >= policy.least_change
        and (
            abs(neighbours.score) >= policy.least_score
            or (
                neighbours.past_on = neighbours.day_on - 1
                and neighbours.score * neighbours.past_score > 0
                and least(abs(neighbours.score), abs(neighbours.past_score))
                >= policy.least_score / sqrt(2)
            )
        )
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
