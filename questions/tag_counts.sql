-- zh: 某个标签的各个取值有多少客户、多少销售额？
-- en: How many customers have each value of a tag, and what do they spend?
-- answers: One row per value of the tag, with the identified customers who have it
--   today and the net sales of their orders of the last 365 days.
-- needs: erp.orders
-- set tag: a code of meta.tag_catalogue (default lifecycle)
with choice as (
    select
        coalesce(getvariable('tag'), 'lifecycle') as tag_code,
        data_until_on
    from meta.shop
),

values_today as (
    select
        tags.customer_id,
        tags.tag_code,
        tags.tag_value
    from marts.customer_tags as tags
    inner join choice
        on
            tags.tag_code = choice.tag_code
            and tags.valid_from_on <= choice.data_until_on
    where
        tags.recorded_to_at is null
        and coalesce(tags.valid_to_on > choice.data_until_on, true)
),

amounts as (
    select
        orders.customer_id,
        sum(orders.net_amount) as net_amount
    from marts.orders as orders
    inner join choice on orders.ordered_on > choice.data_until_on - 365
    where orders.is_sale
    group by orders.customer_id
),

counts as (
    select
        values_today.tag_code,
        values_today.tag_value,
        count(*) as customer_count,
        sum(coalesce(amounts.net_amount, 0)) as net_amount
    from values_today
    left join amounts on values_today.customer_id = amounts.customer_id
    group by values_today.tag_code, values_today.tag_value
)

select
    choice.tag_code,
    counts.tag_value,
    labels.en as value_en,
    labels.zh as value_zh,
    coalesce(counts.customer_count, 0) as customer_count,
    cast(coalesce(counts.net_amount, 0) as decimal(18, 4)) as net_amount,
    case when counts.tag_value is null then 'no customer has this tag' end as reason_en,
    case when counts.tag_value is null then '没有客户带有此标签' end as reason_zh
from choice
left join counts on choice.tag_code = counts.tag_code
left join meta.tag_values as labels
    on counts.tag_code = labels.tag_code and counts.tag_value = labels.tag_value
order by counts.customer_count desc, counts.tag_value asc
