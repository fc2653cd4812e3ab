-- One row per service conversation.
select
    'crm/客服工单.csv' as _file,
    opened_at as _at,
    order_no as _key,
    interaction_id as _id,
    opened_at::date as _day,
    interaction_id as "工单号",
    customer_id as "客户编号",
    order_id as "订单号",
    kind as "类型",
    channel as "渠道",
    topic as "主题",
    opened_at::varchar as "创建时间",
    first_response_at::varchar as "首次响应时间",
    resolved_at::varchar as "解决时间",
    satisfaction::varchar as "满意度",
from interactions
