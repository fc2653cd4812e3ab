-- One row per period, shop (`all` included), earlier period, breakdown and part of the
-- change of net sales. The contributions of a breakdown add up to the change.
select
    period,
    period_start_on,
    shop_id,
    compared_with,
    earlier_start_on,
    earlier_end_on,
    breakdown,
    part,
    part_en,
    part_zh,
    level_unit,
    evidence,
    before_level,
    after_level,
    contribution_amount,
    is_complete,
    is_final
from {{ ref('int_kpi__net_sales_changes') }}
