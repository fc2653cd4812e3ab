-- One row per feed of the contract, source system and shop, with its state, the days
-- that it covers and its delay. A feed that a shop lacks has a row with the reason.
select
    feed,
    en,
    zh,
    source_system,
    shop_id,
    is_connected,
    state,
    reason_en,
    reason_zh,
    cadence,
    row_count,
    days_behind,
    first_on,
    last_on,
    last_loaded_at,
    gap_count,
    usual_gap_days,
    long_gap_days
from {{ ref('int_kpi__feed_states') }}
