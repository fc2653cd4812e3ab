-- One row per service KPI, day and dimension: numerator and denominator.
with interactions as (select * from {{ ref('stg_crm__interactions') }}),

codes (kpi_code, dimension) as (
    values
    ('first_response_seconds', 'all'),
    ('first_response_seconds', 'shop'),
    ('satisfaction', 'all'),
    ('satisfaction', 'shop')
),

answers as (
    select
        codes.kpi_code,
        codes.dimension,
        interactions.opened_on as kpi_on,
        case
            when codes.dimension = 'shop' then interactions.shop_id else 'all'
        end as dimension_value,
        case codes.kpi_code
            when 'satisfaction' then interactions.satisfaction_score
            else
                {{ seconds_between(
                    'interactions.opened_at', 'interactions.first_response_at'
                ) }}
        end as amount
    from interactions
    cross join codes
)

select
    kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'crm' as evidence,
    cast(sum(amount) as decimal(28, 4)) as numerator,
    cast(count(amount) as decimal(28, 4)) as denominator
from answers
group by kpi_code, kpi_on, dimension, dimension_value
