-- One row per shop, source system, month of settlement and type of entry, with number
-- and amount of the entries, and of those whose order is not known. Entries that are
-- not settled have no month.
select
    shop_id,
    source_system,
    month_on,
    entry_type,
    entry_count,
    unmatched_count,
    without_order_count,
    entry_amount,
    unmatched_amount,
    without_order_amount
from {{ ref('int_orders__settlement_months') }}
