-- One row per customer and attribute of which its records say something, with the
-- value that counts by the rule of the seed `survivorship`: where the rule leaves
-- several, the better source, then the later change, then the record key decide.
with file_statements as (select * from {{ ref('int_customers__statements') }}),

places as (select * from {{ ref('int_customers__places') }}),

rules as (select * from {{ ref('survivorship') }}),

statements as (
    select * from file_statements
    union all
    select * from places
),

ranked as (
    select
        statements.*,
        rules.rule,
        row_number() over (
            partition by statements.customer_id, statements.attribute
            order by
                case
                    when rules.rule = 'most_frequent' then statements.same_count
                end desc nulls last,
                case
                    when rules.rule = 'most_recent' then statements.updated_at
                end desc nulls last,
                case
                    when statements.record_type = 'crm' then rules.crm_rank
                    else rules.erp_rank
                end asc,
                statements.updated_at desc nulls last,
                statements.record_key asc
        ) as place
    from statements
    inner join rules on statements.attribute = rules.attribute
)

select
    customer_id,
    attribute,
    max(case when place = 1 then attribute_value end) as attribute_value,
    max(rule) as rule,
    max(case when place = 1 then record_type end) as record_type,
    max(case when place = 1 then same_count end) as same_count,
    count(*) as statement_count,
    count(distinct attribute_value) as value_count,
    count(distinct record_type) as source_count
from ranked
group by customer_id, attribute
