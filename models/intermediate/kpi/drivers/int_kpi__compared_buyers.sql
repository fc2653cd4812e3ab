-- One row per comparison, shop and group of buyers (`identified`, `new`, `returning`),
-- with their number and sales in both periods: at list price for identified buyers, as
-- paid for new and returning buyers. Visitors are NULL unless they are known in both
-- periods and no period has buyers without visitors.
{{ config(materialized='view') }}
with compared as (select * from {{ ref('int_kpi__compared_levels') }}),

buyer_groups (buyer_group) as (
    values
    ('identified'),
    ('new'),
    ('returning')
),

grouped as (
    select
        compared.*,
        buyer_groups.buyer_group,
        case buyer_groups.buyer_group
            when 'new' then compared.new_buyer_count
            when 'returning' then compared.returning_buyer_count
            else compared.new_buyer_count + compared.returning_buyer_count
        end as buyer_count,
        case buyer_groups.buyer_group
            when 'new' then compared.earlier_new_buyer_count
            when 'returning' then compared.earlier_returning_buyer_count
            else
                compared.earlier_new_buyer_count
                + compared.earlier_returning_buyer_count
        end as earlier_buyer_count,
        case buyer_groups.buyer_group
            when 'new' then compared.new_buyer_amount
            when 'returning' then compared.returning_buyer_amount
            else compared.buyer_list_amount
        end as sales_amount,
        case buyer_groups.buyer_group
            when 'new' then compared.earlier_new_buyer_amount
            when 'returning' then compared.earlier_returning_buyer_amount
            else compared.earlier_buyer_list_amount
        end as earlier_sales_amount
    from compared
    cross join buyer_groups
),

-- Buyers without any visitor come from elsewhere than the visits that are counted.
visited as (
    select
        *,
        coalesce(
            buyer_group = 'identified'
            and buyer_count + earlier_buyer_count > 0
            and (visitor_count > 0 or (visitor_count = 0 and buyer_count = 0))
            and (
                earlier_visitor_count > 0
                or (earlier_visitor_count = 0 and earlier_buyer_count = 0)
            ), false
        ) as has_visitors
    from grouped
)

select
    period,
    period_start_on,
    shop_id,
    compared_with,
    buyer_group,
    visitor_evidence,
    case when has_visitors then visitor_count end as visitor_count,
    case when has_visitors then earlier_visitor_count end as earlier_visitor_count,
    buyer_count,
    earlier_buyer_count,
    sales_amount,
    earlier_sales_amount
from visited
