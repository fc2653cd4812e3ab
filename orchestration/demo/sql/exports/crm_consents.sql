-- One row per consent granted or withdrawn.
select
    'crm/授权记录.csv' as _file,
    decided_at as _at,
    customer_id || channel || is_granted as _key,
    customer_id as _id,
    decided_at::date as _day,
    customer_id as "客户编号",
    channel as "触达渠道",
    if(is_granted, '同意', '撤回') as "授权",
    decided_at::varchar as "操作时间",
from consents
