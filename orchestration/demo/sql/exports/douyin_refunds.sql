-- One row per 抖店 after-sale request.
select
    'erp/抖店售后_' || year(requested_at) || '.csv' as _file,
    requested_at as _at,
    refund_no as _key,
    refund_id as _id,
    requested_at::date as _day,
    tab(refund_id) as "售后单号",
    tab(order_id) as "主订单编号",
    coalesce(tab((order_id::hugeint + line_no)::varchar), '-') as "子订单编号",
    case status
        when 'success' then '退款成功' when 'rejected' then '售后关闭' else '待商家处理'
    end as "售后状态",
    case refund_type
        when 'pre_shipment' then '未发货仅退款' when 'return' then '退货退款'
        when 'refund_only' then '已发货仅退款' else '换货'
    end as "售后类型",
    coalesce(quantity::varchar, '-') as "商品数量",
    yuan(refunded_amount) as "退款金额（元）",
    reason as "售后原因",
    tab(requested_at::varchar) as "申请时间",
    coalesce(tab(refunded_at::varchar), '-') as "退款完结时间",
from refunds
where platform = 'douyin'
