-- One row per line of the review export (json lines).
select
    review_id as "reviewId", customer_id as "customerId", order_id as "orderId",
    product_id as "sku", rating as "stars", body as "content",
    strftime(reviewed_at, '%Y-%m-%dT%H:%M:%S+08:00') as "createdAt",
from reviews
inner join (select product_no, product_id from products) using (product_no)
order by reviewed_at, review_id
