-- One row per ad report of a campaign and day, with its spend and whether it counts or
-- is excluded as a further report of the same spend.
with choices as (select * from {{ ref('int_marketing__report_choices') }})

select
    spend_on as day_on,
    source_system,
    shop_id,
    account_id,
    stated_account_id,
    campaign_id,
    report_level,
    split_by,
    split_order = 1 as is_split,
    currency as source_currency,
    cast(row_count as bigint) as row_count,
    spend_amount as source_spend_amount,
    is_counted,
    case
        when gap is not null then gap
        when not is_counted then 'another report of this spend counts'
    end as reason_en,
    case
        when gap is not null then {{ reason_zh('gap') }}
        when not is_counted then '这笔花费以另一份报表为准'
    end as reason_zh
from choices
