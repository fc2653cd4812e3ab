-- One row per product and shop of the ERP's product list.
select
    shop_name as "店铺名称",
    product_id as "商家编码",
    name as "商品名称",
    category as "类目",
    subcategory as "子类目",
    series as "系列",
    yuan(price) as "吊牌价",
    yuan(cost) as "成本价",
    if(u(product_no, 'sold_out') < 0.06 and product_no > 0, '下架', '在售') as "状态",
    (getvariable('first_day') - (30 + u(product_no, 'launch') * 500)::int)::varchar
        as "上架日期",
from products
cross join shops
order by shop_no, product_no
