-- One row per entry of the 京东 bill: amounts without a sign, the direction in a column of its own.
select
    'erp/结算单_京东_' || year(settled_at) || 'Q' || quarter(settled_at) || '.csv' as _file,
    settled_at as _at,
    entry_id as _key,
    entry_id as _id,
    settled_at::date as _day,
    entry_id as "账单流水号",
    order_id as "订单编号",
    case kind when 'goods' then '货款' when 'fee' then '佣金' when 'refund' then '售后退款' else '软件服务费' end
        as "费用名称",
    if(amount < 0, '支出', '收入') as "收支方向",
    yuan(abs(amount)) as "应结金额",
    strftime(settled_at, '%Y/%m/%d %H:%M:%S') as "结算时间",
from settlements
where platform = 'jd'
