-- One row per entry of the 抖店 bill (动账明细): the order number behind an apostrophe, signed amounts.
select
    'erp/结算单_抖店_' || year(settled_at) || 'Q' || quarter(settled_at) || '.csv' as _file,
    settled_at as _at,
    entry_id as _key,
    entry_id as _id,
    settled_at::date as _day,
    entry_id as "动账流水号",
    '''' || order_id as "订单号",
    case kind
        when 'goods' then '货款结算' when 'fee' then '平台服务费' when 'creator' then '达人佣金'
        when 'refund' then '退款' else '技术服务费'
    end as "动账类型",
    yuan(amount) as "动账金额",
    settled_at::varchar as "动账时间",
from settlements
where platform = 'douyin'
