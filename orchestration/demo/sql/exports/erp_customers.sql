-- One row per buyer record of the ERP (天猫, 小程序).
select
    'erp/客户档案.csv' as _file,
    created_at as _at,
    accounts.pid * 8 + if(accounts.platform = 'own', 1, 0) as _key,
    erp_customer_id as _id,
    created_at::date as _day,
    erp_customer_id as "客户编号",
    shop_name as "店铺名称",
    platform_name as "平台",
    if(accounts.platform = 'own' or is_member and u(accounts.pid, 'card') < 0.3, card_no, null)
        as "会员卡号",
    if(accounts.platform = 'tmall', ouid, null) as "买家标识",
    if(accounts.platform = 'own', full_name, left(full_name, 1) || '**') as "客户姓名",
    if(accounts.platform = 'tmall', masked_phone(phone), phone) as "手机",
    if(accounts.platform = 'own', gender, null) as "性别",
    if(accounts.platform = 'own', birth_on::varchar, null) as "出生日期",
    split_part(place, '/', 1) as "省",
    split_part(place, '/', 2) as "市",
    created_at::varchar as "创建时间",
    last_at::varchar as "修改时间",
from accounts
inner join shops using (shop_id)
where shops.source_system = 'wangdiantong'
