-- One row per identified customer, with the value of each tag on the as-of day.
with tags as (select * from {{ ref('int_value__tags_current') }})

select
    customer_id,
    {{ tag_columns() }}
from tags
group by customer_id
