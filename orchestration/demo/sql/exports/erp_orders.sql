-- One row per line of the ERP's monthly order export (天猫, 拼多多, 小程序).
select
    'erp/订单_' || strftime(orders.day, '%Y-%m') || '.csv' as _file,
    ordered_at as _at,
    order_no as _key,
    order_id as _id,
    orders.day as _day,
    paid_amount as _paid,
    order_id as "订单编号",
    platform_order_id as "平台单号",
    shops.shop_name as "店铺名称",
    shops.platform_name as "平台",
    sales_channel as "成交渠道",
    -- Some members of the own store collect what they ordered at the store.
    if(orders.platform = 'own' and u(order_no, 'store') < 0.08, 'S01', null) as "门店编号",
    if(is_nameless, null, erp_customer_id) as "客户编号",
    if(
        orders.platform = 'own' and not is_loose and u(order_no, 'crm_known') < 0.7,
        crm.customer_id, null
    ) as "会员编号",
    if(orders.platform = 'own', accounts.card_no, null) as "会员卡号",
    if(orders.platform = 'tmall', ouid, null) as "买家标识",
    case orders.platform
        when 'own' then accounts.full_name
        when 'tmall' then left(accounts.full_name, 1) || '**'
    end as "收货人",
    case
        when orders.platform = 'pdd' then virtual_phone(order_no)
        when orders.platform = 'tmall' then masked_phone(accounts.phone)
        else accounts.phone
    end as "联系手机",
    split_part(people.place, '/', 1) as "省份",
    if(orders.platform = 'pdd', '****', split_part(people.place, '/', 2)) as "城市",
    case
        when closed_at is not null or cancelled_at is not null then '交易关闭'
        when completed_at is not null then '交易成功'
        when shipped_at is not null then '卖家已发货，等待买家确认'
        when paid_at is not null then '买家已付款，等待卖家发货'
        else '等待买家付款'
    end as "订单状态",
    case order_type
        when 'normal' then '普通订单' when 'presale' then '预售订单' when 'reissue' then '补发'
        when 'brushing' then '刷单' when 'gift' then '赠品单' when 'sample' then '寄样'
        else '批发'
    end as "订单类型",
    thousands(list_amount) as "商品总额",
    yuan(merchant_discount) as "商家优惠",
    yuan(platform_discount) as "平台优惠",
    yuan(shipping_amount) as "运费",
    '¥' || thousands(paid_amount) as "实付金额",
    yuan(fee_amount) as "平台费用",
    promotion_id as "活动编号",
    ordered_at::varchar as "下单时间",
    coalesce(paid_at::varchar, '0000-00-00 00:00:00') as "付款时间",
    if(closed_at is null, shipped_at::varchar, null) as "发货时间",
    if(closed_at is null, completed_at::varchar, null) as "完成时间",
    coalesce(cancelled_at, closed_at)::varchar as "关闭时间",
    greatest(ordered_at, paid_at, shipped_at, completed_at, cancelled_at, closed_at)::varchar
        as "最后修改时间",
from orders
inner join shops using (shop_id)
inner join people on people.pid = orders.pid
left join closed using (order_no)
left join accounts on accounts.pid = orders.pid and accounts.platform = orders.platform
left join crm_records as crm on crm.pid = orders.pid and crm.record_no = 1
where shops.source_system = 'wangdiantong'
