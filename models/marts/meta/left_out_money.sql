-- One row per kind of money that no KPI contains, reason, shop and currency, with the
-- amount as the export states it and the days that it spans.
with source_money as (select * from {{ ref('int_kpi__source_money') }}),

bounds as (
    select
        min(day_on) as first_on,
        max(day_on) as last_on
    from {{ ref('int_reference__days') }}
),

money_with_reason as (
    select
        source_money.*,
        coalesce(
            source_money.exclusion_reason,
            case
                when source_money.counted_on is null then 'no_date'
                when source_money.counted_on < bounds.first_on
                    then 'before_the_first_day'
                when source_money.counted_on > bounds.last_on then 'after_the_last_day'
            end
        ) as reason
    from source_money
    cross join bounds
)

select
    kind,
    reason,
    shop_id,
    coalesce(currency, '{{ shop_currency() }}') as currency,
    count(*) as row_count,
    cast(sum(amount) as decimal(18, 4)) as amount,
    min(counted_on) as first_on,
    max(counted_on) as last_on
from money_with_reason
where reason is not null
group by kind, reason, shop_id, coalesce(currency, '{{ shop_currency() }}')
