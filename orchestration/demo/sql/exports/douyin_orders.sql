-- One row per sub-order of the 抖店 export: ids behind a TAB, "-" for nothing, receivers enciphered.
select
    'erp/抖店订单_' || year(orders.day) || 'Q' || quarter(orders.day) || '.csv' as _file,
    ordered_at as _at,
    order_no * 16 + line_no as _key,
    order_id as _id,
    orders.day as _day,
    tab(order_id) as "主订单编号",
    tab((order_id::hugeint + line_no)::varchar) as "子订单编号",
    name as "选购商品",
    quantity::varchar as "商品数量",
    tab(product_id) as "商家编码",
    yuan(price) as "商品单价",
    yuan(lines.merchant_discount) as "商家实际承担优惠金额",
    yuan(lines.platform_discount) as "平台实际承担优惠金额",
    yuan(lines.goods_amount) as "订单应付金额",
    yuan(fee_amount) as "主订单平台服务费及佣金",
    tab(openid) as "买家OpenID",
    '##' || md5(full_name) || '$$' as "收件人",
    '$$' || left(md5(phone), 12) || '##' as "收件人手机号",
    split_part(place, '/', 1) as "省",
    split_part(place, '/', 2) as "市",
    tab(ordered_at::varchar) as "订单提交时间",
    coalesce(tab(paid_at::varchar), '-') as "支付完成时间",
    coalesce(tab(if(closed_at is null, shipped_at, null)::varchar), '-') as "发货时间",
    coalesce(tab(if(closed_at is null, completed_at, null)::varchar), '-') as "订单完成时间",
    case
        when closed_at is not null or cancelled_at is not null then '已关闭'
        when completed_at is not null then '已完成'
        when shipped_at is not null then '已发货'
        when paid_at is not null then '待发货'
        else '待支付'
    end as "订单状态",
    if(closed_at is not null, '退款成功', '-') as "售后状态",
    case sales_channel
        when 'live' then '直播' when 'short_video' then '短视频'
        when 'search' then '搜索' else '商品卡'
    end as "流量体裁",
    coalesce(orders.promotion_id, '-') as "活动编号",
    if(order_type = 'reissue', '补寄', '普通订单') as "订单类型",
from lines
inner join orders using (order_no)
inner join (select product_no, product_id from products) using (product_no)
inner join accounts on accounts.pid = orders.pid and accounts.platform = 'douyin'
left join closed using (order_no)
where orders.platform = 'douyin'
