-- The shares of a period that is over add up to its cost.
{{ config(meta={'dagster': {'ref': {'name': 'period_costs'}}}) }}
with costs as (select * from {{ ref('stg_erp__costs') }}),

shares as (select * from {{ ref('period_costs') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

sums as (
    select
        source_system,
        shop_id,
        cost_type,
        place_id,
        channel,
        starts_on,
        sum(cost_amount) as cost_amount
    from shares
    group by source_system, shop_id, cost_type, place_id, channel, starts_on
)

select
    costs.cost_type,
    costs.starts_on,
    costs.cost_amount,
    sums.cost_amount as shares_amount
from costs
inner join sums
    on
        costs.source_system = sums.source_system
        and costs.shop_id = sums.shop_id
        and costs.cost_type = sums.cost_type
        and costs.place_id = sums.place_id
        and costs.channel = sums.channel
        and costs.starts_on = sums.starts_on
cross join as_of
where
    costs.ends_on <= as_of.as_of_on
    and coalesce(costs.currency, '{{ shop_currency() }}') = '{{ shop_currency() }}'
    and costs.cost_amount <> sums.cost_amount
