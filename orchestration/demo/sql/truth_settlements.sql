-- One row per order that is settled 5 yuan short, or long completed and not settled at all.
select order_id, shop_id, planted as kind, settled_at as due_at,
from settled_orders
where planted is not null and settled_at < getvariable('now')
order by order_id
