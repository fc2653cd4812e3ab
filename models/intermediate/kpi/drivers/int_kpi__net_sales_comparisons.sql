-- One row per period, shop (`all` included) and earlier period that its net sales are
-- compared with: the period before (`previous`) and the one a year ago (`year_ago`).
with comparisons as (
    select *
    from {{ ref('int_kpi__comparisons') }}
    where kpi_code = 'net_sales' and dimension = 'all'
),

bases (compared_with) as (
    values
    ('previous'),
    ('year_ago')
),

policy as (select * from {{ ref('kpi_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

pairs as (
    select
        comparisons.*,
        bases.compared_with,
        case bases.compared_with
            when 'previous' then comparisons.previous_start_on
            else comparisons.year_ago_start_on
        end as earlier_start_on,
        case bases.compared_with
            when 'previous' then comparisons.previous_end_on
            else comparisons.year_ago_end_on
        end as earlier_end_on,
        case bases.compared_with
            when 'previous' then comparisons.previous_numerator
            else comparisons.year_ago_numerator
        end as earlier_numerator
    from comparisons
    cross join bases
)

select
    pairs.period,
    pairs.period_start_on,
    pairs.shop_id,
    pairs.compared_with,
    pairs.earlier_period,
    pairs.earlier_start_on,
    pairs.earlier_end_on,
    cast(pairs.earlier_numerator as decimal(18, 4)) as earlier_amount,
    cast(pairs.numerator as decimal(18, 4)) as net_amount,
    pairs.period_start_on > as_of.as_of_on - cast(policy.change_days as int)
        as is_recent,
    pairs.is_complete,
    pairs.is_final
from pairs
cross join policy
cross join as_of
where pairs.earlier_start_on is not null
