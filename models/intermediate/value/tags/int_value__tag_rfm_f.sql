-- One row per customer and day on which the tag rfm_f may change. Purchase days of
-- the last 365 days: 1, 2, 3, 4 to 5, 6 or more give the scores 1 to 5.
with windows as (select * from {{ ref('int_value__order_windows') }}),

scores as (select * from {{ ref('frequency_scores') }})

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    coalesce(cast(scores.score as string), 'none') as tag_value,
    'purchase days ' || cast(windows.purchase_day_count as string) as evidence
from windows
left join scores
    on windows.purchase_day_count between scores.least and scores.most
