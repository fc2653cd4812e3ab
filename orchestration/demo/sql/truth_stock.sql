-- One row per product that is planted as sold out or slow, with the days on which it is sold out.
select product_id, kind, first_on, last_on,
from planted_stock
inner join (select product_no, product_id from products) using (product_no)
order by product_id, kind
