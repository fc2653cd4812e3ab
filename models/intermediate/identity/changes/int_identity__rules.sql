-- One row per rule that decides which records are one customer, as text. If any rule
-- differs from the last run, all records are resolved again.
with policy as (select * from {{ ref('identity_policy') }}),

blocked as (select * from {{ ref('blocked_identifiers') }}),

match_policy as (select * from {{ ref('match_policy') }})

select
    concat_ws(
        '|', 'policy', id_type, format, scope, strength,
        cast(priority as string),
        cast(is_edge as string),
        coalesce(cast(max_ids_per_customer as string), ''),
        coalesce(cast(max_customers_per_id as string), ''),
        coalesce(cast(window_days as string), '')
    ) as rule
from policy
union all
select concat_ws('|', 'blocked', id_type, pattern, reason) as rule
from blocked
union all
select
    concat_ws(
        '|', 'match',
        cast(is_enabled as string),
        cast(accept_probability as string),
        cast(review_probability as string)
    ) as rule
from match_policy
union all
select 'salt|' || {{ pseudonym("'shop360'") }} as rule
union all
select
    'crm without duplicates|'
    || cast({{ crm_without_duplicates() }} as string) as rule
union all
select 'code|' || {{ identity_code() }} as rule
