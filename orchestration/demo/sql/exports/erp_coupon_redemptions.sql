-- One row per coupon that was used for a paid order (优惠券核销).
select
    'erp/优惠券核销_' || year(day) || '.csv' as _file,
    ordered_at as _at,
    order_no as _key,
    order_id as _id,
    day as _day,
    'HX' || order_no as "核销编号",
    shop_name as "店铺名称",
    coupon_no(shop_no, date_trunc('quarter', day)::date) as "券批次编号",
    order_id as "订单编号",
    if(is_nameless or shops.source_system <> 'wangdiantong', null, erp_customer_id) as "客户编号",
    greatest(
        date_trunc('quarter', day),
        date_trunc('second', ordered_at - to_seconds((-432000 * ln(1 - u(order_no, 'coupon_age')))::bigint))
    )::varchar as "领取时间",
    ordered_at::varchar as "核销时间",
    yuan(merchant_discount) as "优惠金额",
    '商家' as "出资方",
from orders
inner join shops using (shop_id)
left join accounts on accounts.pid = orders.pid and accounts.platform = orders.platform
where promotion_id = 'C199' and is_paid
