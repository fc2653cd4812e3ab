-- One row per lead of the CRM (线索).
select
    'crm/线索_' || year(created_at) || 'Q' || quarter(created_at) || '.csv' as _file,
    created_at as _at,
    lead_id as _key,
    lead_id as _id,
    created_at::date as _day,
    lead_id as "线索编号",
    customer_id as "客户编号",
    full_name as "姓名",
    phone as "手机",
    case channel
        when 'paid_search' then '付费搜索' when 'paid_social' then '信息流' when 'organic_search' then '自然搜索'
        when 'private_domain' then '私域' when 'referral' then '转介绍'
    end as "来源渠道",
    pick(['沈岚', '陆遥', '顾青'], u(lead_id, 'owner')) as "负责人",
    case stage
        when 'new' then '新建' when 'contacted' then '已联系' when 'qualified' then '有效'
        when 'converted' then '已成交' else '已流失'
    end as "阶段",
    created_at::varchar as "创建时间",
    contacted_at::varchar as "首次联系时间",
    qualified_at::varchar as "确认有效时间",
    converted_at::varchar as "成交时间",
    lost_at::varchar as "流失时间",
    if(stage = 'lost', pick(['价格', '无需求', '联系不上'], u(lead_id, 'why')), null) as "流失原因",
    yuan(value_amount) as "预计金额",
from leads
