-- One row per marketing KPI, day and dimension: numerator and denominator.
with spend as (select * from {{ ref('int_kpi__spend_days') }}),

sales_days as (select * from {{ ref('int_kpi__sales_days') }}),

purchases as (select * from {{ ref('int_kpi__purchase_days') }}),

codes (kpi_code, needs_money) as (
    values
    ('ctr', false),
    ('cpc', true),
    ('cpm', true),
    ('ad_spend', true),
    ('roas_reported', true),
    ('mer', true),
    ('ad_cost_ratio', true),
    ('cac_blended', true)
),

new_customers as (
    select
        paid_on as kpi_on,
        count_if(is_first_purchase) as new_customers
    from purchases
    where dimension = 'all'
    group by paid_on
),

parts as (
    select
        codes.kpi_code,
        spend.kpi_on,
        spend.dimension,
        spend.dimension_value,
        case when codes.needs_money then spend.gap end as gap,
        case codes.kpi_code
            when 'ctr' then spend.clicks
            when 'roas_reported' then spend.claimed_amount
            when 'mer' then coalesce(sales_days.net_amount, 0)
            else spend.spend_amount
        end as numerator,
        case codes.kpi_code
            when 'ctr' then spend.impressions
            when 'cpc' then spend.clicks
            when 'cpm' then spend.impressions
            when 'roas_reported' then spend.spend_amount
            when 'mer' then spend.spend_amount
            when 'ad_cost_ratio' then sales_days.net_amount
            when 'cac_blended' then new_customers.new_customers
        end as denominator
    from spend
    cross join codes
    left join sales_days
        on spend.kpi_on = sales_days.kpi_on and sales_days.dimension = 'all'
    left join new_customers on spend.kpi_on = new_customers.kpi_on
    where
        spend.dimension = 'all'
        or codes.kpi_code not in ('mer', 'ad_cost_ratio', 'cac_blended')
)

select
    kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'ads' as evidence,
    cast(numerator as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator,
    gap
from parts
