-- One row per kind of money that no KPI contains, reason, shop and currency: how much
-- it is as the export states it, and of which days.
with stated as (select * from {{ ref('int_kpi__stated_money') }}),

bounds as (
    select
        min(day_on) as first_on,
        max(day_on) as last_on
    from {{ ref('int_reference__days') }}
),

judged as (
    select
        stated.*,
        coalesce(
            stated.own_reason,
            case
                when stated.moved_on is null then 'no_date'
                when stated.moved_on < bounds.first_on then 'before_the_first_day'
                when stated.moved_on > bounds.last_on then 'after_the_last_day'
            end
        ) as reason
    from stated
    cross join bounds
)

select
    kind,
    reason,
    shop_id,
    coalesce(currency, '{{ shop_currency() }}') as currency,
    count(*) as row_count,
    cast(sum(amount) as decimal(18, 4)) as amount,
    min(moved_on) as first_on,
    max(moved_on) as last_on
from judged
where reason is not null
group by kind, reason, shop_id, coalesce(currency, '{{ shop_currency() }}')
