-- One row per line of the ERP's quarterly refund export, in the quarter of the request.
select
    'erp/退款单_' || year(requested_at) || 'Q' || quarter(requested_at) || '.csv' as _file,
    requested_at as _at,
    refund_no as _key,
    refund_id as _id,
    requested_at::date as _day,
    paid_amount as _paid,
    refunded_amount as _refunded,
    refund_id as "退款编号",
    order_id as "订单编号",
    if(line_no is null, null, order_id || '-' || line_no) as "子单编号",
    shop_name as "店铺名称",
    case status when 'success' then '退款成功' when 'rejected' then '退款拒绝' else '待处理' end
        as "退款状态",
    case refund_type
        when 'pre_shipment' then '售前退款' when 'return' then '退货退款'
        when 'refund_only' then '仅退款' else '换货'
    end as "退款类型",
    quantity::varchar as "退货数量",
    thousands(refunded_amount) as "退款金额",
    reason as "退款原因",
    requested_at::varchar as "申请时间",
    refunded_at::varchar as "退款完成时间",
    coalesce(refunded_at, requested_at)::varchar as "最后修改时间",
from refunds
inner join (select order_no, paid_amount from orders) using (order_no)
inner join shops using (shop_id)
where shops.source_system = 'wangdiantong'
