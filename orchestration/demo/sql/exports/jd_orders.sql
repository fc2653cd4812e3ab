-- One row per item of the 京东 order export; the order's own money is repeated on each of them.
select
    'erp/京东订单_' || year(orders.day) || 'Q' || quarter(orders.day) || '.csv' as _file,
    ordered_at as _at,
    order_no * 16 + line_no as _key,
    order_id as _id,
    orders.day as _day,
    order_id as "订单号",
    product_id as "商品ID",
    name as "商品名称",
    quantity::varchar as "订购数量",
    '在线支付' as "支付方式",
    strftime(ordered_at, '%Y/%m/%d %H:%M:%S') as "下单时间",
    yuan(price) as "京东价",
    yuan(orders.list_amount) as "订单金额",
    yuan(orders.merchant_discount) as "店铺优惠",
    yuan(orders.platform_discount) as "平台优惠",
    yuan(lines.merchant_discount) as "商品店铺优惠",
    yuan(lines.platform_discount) as "商品平台优惠",
    yuan(shipping_amount) as "运费金额",
    yuan(paid_amount) as "实付金额",
    yuan(fee_amount) as "平台佣金",
    case
        when closed_at is not null or cancelled_at is not null then '(删除)已取消'
        when completed_at is not null then '完成'
        when shipped_at is not null then '等待确认收货'
        when paid_at is not null then '等待出库'
        else '等待付款'
    end as "订单状态",
    -- Exports since 2026 mask the account: from then on nothing says who bought.
    if(
        ordered_at < timestamp '2026-01-01', jd_account,
        left(jd_account, 5) || '***' || right(jd_account, 1)
    ) as "下单帐号",
    left(full_name, 1) || '**' as "客户姓名",
    split_part(place, '/', 1) as "省份",
    split_part(place, '/', 2) as "城市",
    '1******' || right(phone, 4) as "联系电话",
    strftime(paid_at, '%Y/%m/%d %H:%M:%S') as "付款确认时间",
    strftime(if(closed_at is null, shipped_at, null), '%Y/%m/%d %H:%M:%S') as "出库时间",
    strftime(if(closed_at is null, completed_at, null), '%Y/%m/%d %H:%M:%S')
        as "订单完成时间",
    if(sales_channel = 'search', '搜索', '其他') as "订单渠道",
    orders.promotion_id as "促销编号",
    if(order_type = 'reissue', '补发', '普通') as "订单类型",
from lines
inner join orders using (order_no)
inner join (select product_no, product_id from products) using (product_no)
inner join accounts on accounts.pid = orders.pid and accounts.platform = 'jd'
left join closed using (order_no)
where orders.platform = 'jd'
