-- One row per customer and attribute that its records state, with the surviving value
-- by the rule of the seed `survivorship`. Ties are broken by the preferred source, then
-- the latest change, then the record key.
with file_values as (select * from {{ ref('int_customers__stated_values') }}),

order_places as (select * from {{ ref('int_customers__order_places') }}),

rules as (select * from {{ ref('survivorship') }}),

candidates as (
    select * from file_values
    union all
    select * from order_places
),

ranked as (
    select
        candidates.*,
        rules.rule,
        row_number() over (
            partition by candidates.customer_id, candidates.attribute
            order by
                case
                    when rules.rule = 'most_frequent' then candidates.same_count
                end desc nulls last,
                case
                    when rules.rule = 'most_recent' then candidates.updated_at
                end desc nulls last,
                case
                    when candidates.record_type = 'crm' then rules.crm_rank
                    else rules.erp_rank
                end asc,
                candidates.updated_at desc nulls last,
                candidates.record_key asc
        ) as value_rank
    from candidates
    inner join rules on candidates.attribute = rules.attribute
)

select
    customer_id,
    attribute,
    max(case when value_rank = 1 then attribute_value end) as attribute_value,
    max(rule) as rule,
    max(case when value_rank = 1 then record_type end) as record_type,
    max(case when value_rank = 1 then same_count end) as same_count,
    count(*) as statement_count,
    count(distinct attribute_value) as value_count,
    count(distinct record_type) as source_count
from ranked
group by customer_id, attribute
