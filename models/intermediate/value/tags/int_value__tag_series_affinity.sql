-- One row per customer and day on which the tag series_affinity may change. The most
-- frequent series (brand), with at least three lines in 365 days and a share of at
-- least 1.5 times its share in the shop.
with facts as (select * from {{ ref('int_value__buyer_lines') }}),

shares as (select * from {{ ref('int_value__series_shares') }}),

policy as (select * from {{ ref('value_policy') }}),

events as (
    select
        facts.customer_id,
        facts.ordered_on as day_on,
        policy.order_window_days as window_days,
        facts.brand as item,
        1 as weight
    from facts
    cross join policy
    where facts.brand is not null
),

tops as (
    {{ top_in_window('events') }}
)

select
    tops.customer_id,
    tops.changed_on as valid_from_on,
    case
        when
            tops.weight >= policy.series_min_lines
            and tops.weight
            >= policy.series_lift * shares.line_share * tops.total_weight
            then tops.item
        else 'none'
    end as tag_value,
    'lines ' || cast(tops.weight as string) || ' of '
    || cast(tops.total_weight as string) as evidence
from tops
cross join policy
left join shares on tops.item = shares.brand
