-- One row per customer with a product review, with the number and the average rating of
-- its reviews.
with reviews as (select * from {{ ref('stg_crm__reviews') }}),

crm_links as (select * from {{ ref('int_identity__crm_id_customers') }})

select
    crm_links.customer_id,
    count(*) as review_count,
    max(reviews.reviewed_on) as last_review_on,
    cast(sum(reviews.rating) as double)
    / nullif(count(reviews.rating), 0) as average_rating
from reviews
inner join crm_links
    on
        reviews.source_system = crm_links.source_system
        and reviews.shop_id = crm_links.shop_id
        and reviews.crm_customer_id = crm_links.crm_customer_id
where crm_links.customer_id is not null
group by crm_links.customer_id
