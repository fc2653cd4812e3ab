-- One row per consent granted or withdrawn.
select
    'crm/授权记录.csv' as _file,
    decided_at as _at,
    concat(customer_id, channel, purpose, id_type, recipient, is_granted) as _key,
    customer_id as _id,
    decided_at::date as _day,
    customer_id as "客户编号",
    channel as "触达渠道",
    purpose as "授权目的",
    case id_type when 'phone' then '手机号' when 'email' then '邮箱' end as "标识类型",
    id_value as "标识值",
    recipient as "接收方",
    if(is_granted, '同意', '撤回') as "授权",
    decided_at::varchar as "操作时间",
from consents
