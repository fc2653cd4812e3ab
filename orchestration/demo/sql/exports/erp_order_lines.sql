-- One row per line of the ERP's monthly export of order lines.
select
    'erp/订单明细_' || strftime(day, '%Y-%m') || '.csv' as _file,
    ordered_at as _at,
    order_no * 16 + line_no as _key,
    order_id || '-' || line_no as _id,
    day as _day,
    order_id as "订单编号",
    shop_name as "店铺名称",
    order_id || '-' || line_no as "子单编号",
    product_id as "商家编码",
    name as "商品名称",
    quantity::varchar as "数量",
    yuan(price) as "单价",
    yuan(lines.merchant_discount) as "商家优惠",
    yuan(lines.platform_discount) as "平台优惠",
    yuan(lines.goods_amount) as "分摊后金额",
    yuan(cost) as "成本价",
    if(is_gift, '是', '否') as "是否赠品",
    lines.promotion_id as "活动编号",
    greatest(ordered_at, paid_at)::varchar as "最后修改时间",
from lines
inner join orders using (order_no)
inner join shops using (shop_id)
inner join (select product_no, product_id from products) using (product_no)
where shops.source_system = 'wangdiantong'
