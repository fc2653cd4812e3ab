-- One row per record of the CRM's customer export.
select
    'crm/客户资料.csv' as _file,
    registered_at as _at,
    pid * 4 + record_no as _key,
    customer_id as _id,
    registered_at::date as _day,
    customer_id as "客户编号",
    card_no as "会员卡号",
    full_name as "姓名",
    case
        when length(phone) <> 11 or phone like '%*%' then phone
        when u(pid, 'phone_style') < 0.06 then '+86 ' || phone
        when u(pid, 'phone_style') < 0.09 then
            phone[1:3] || ' ' || phone[4:7] || ' ' || phone[8:]
        else phone
    end as "手机号",
    email as "邮箱",
    unionid as "微信UnionID",
    if(u(pid, 'told') < 0.3, '未知', gender) as "性别",
    if(u(pid, 'told') < 0.3, null, birth_on::varchar) as "出生日期",
    '中国' as "国家",
    split_part(place, '/', 1) as "省份",
    split_part(place, '/', 2) as "城市",
    member_level as "会员等级",
    points::varchar as "积分",
    registration_channel as "注册渠道",
    registered_at::varchar as "注册时间",
    updated_at::varchar as "更新时间",
from crm_records
