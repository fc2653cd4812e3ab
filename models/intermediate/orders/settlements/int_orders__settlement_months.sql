-- One row per shop, source system, month of settlement and type of entry, with number
-- and amount of the entries, and of those whose order is not known. Entries that are
-- not settled have no month.
with entries as (select * from {{ ref('int_orders__settlement_entries') }})

select
    shop_id,
    source_system,
    cast(date_trunc('month', settled_on) as date) as month_on,
    entry_type,
    count(*) as entry_count,
    cast(
        count_if(order_key is null and order_id is not null) as bigint
    ) as unmatched_count,
    cast(count_if(order_id is null) as bigint) as without_order_count,
    {{ complete_sum('entry_amount') }} as entry_amount,
    cast(
        sum(
            case
                when order_key is null and order_id is not null
                    then entry_amount
                else 0
            end
        ) as decimal(18, 4)
    ) as unmatched_amount,
    cast(
        sum(case when order_id is null then entry_amount else 0 end) as decimal(18, 4)
    ) as without_order_amount
from entries
group by
    shop_id, source_system, cast(date_trunc('month', settled_on) as date), entry_type
