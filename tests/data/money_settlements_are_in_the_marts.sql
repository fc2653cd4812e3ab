-- Every entry of a settlement is in the settlement of an order, or counted as an entry
-- without a known order. Without all exchange rates the sums are not compared.
{{ config(meta={'dagster': {'ref': {'name': 'settlement_months'}}}) }}
with months as (select * from {{ ref('settlement_months') }}),

reconciliation as (select * from {{ ref('settlement_reconciliation') }}),

entries as (select * from {{ ref('stg_erp__settlements') }}),

entry_sum as (
    select count(*) as entry_count
    from entries
),

month_sum as (
    select
        sum(entry_count) as entry_count,
        count_if(entry_amount is null) as unknown_count,
        sum(entry_amount - unmatched_amount - without_order_amount) as amount
    from months
),

order_sum as (
    select sum(settled_amount + pending_amount) as amount
    from reconciliation
)

select
    entry_sum.entry_count,
    month_sum.entry_count as month_entry_count,
    month_sum.amount as months_amount,
    order_sum.amount as orders_amount
from entry_sum
cross join month_sum
cross join order_sum
where
    entry_sum.entry_count <> coalesce(month_sum.entry_count, 0)
    or (
        month_sum.unknown_count = 0
        and month_sum.amount <> coalesce(order_sum.amount, 0)
    )
