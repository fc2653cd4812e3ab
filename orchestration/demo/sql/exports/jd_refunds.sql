-- One row per 京东 after-sale service.
select
    'erp/京东售后_' || year(requested_at) || '.csv' as _file,
    requested_at as _at,
    refund_no as _key,
    refund_id as _id,
    requested_at::date as _day,
    refund_id as "服务单号",
    order_id as "订单号",
    product_id as "商品ID",
    case status when 'success' then '完成' when 'rejected' then '审核关闭' else '待审核' end
        as "服务单状态",
    case refund_type
        when 'pre_shipment' then '取消订单' when 'return' then '退货'
        when 'refund_only' then '价保/补偿' else '换货'
    end as "服务类型",
    quantity::varchar as "商品数量",
    yuan(refunded_amount) as "退款金额",
    reason as "原因",
    requested_at::varchar as "申请时间",
    refunded_at::varchar as "完成时间",
from refunds
left join (select product_no, product_id from products) using (product_no)
where platform = 'jd'
