-- One row per CRM record, purpose, channel, identifier type and recipient with the last decision.
with cases as (select distinct pid, consent_case from advertising)

select
    consents.pid as person_id, 'crm' as record_type, 'crm' as source_system,
    'camellia' as shop_id, customer_id as record_id,
    case purpose when '联系' then 'contact' when '服务' then 'service' else 'advertising' end
        as purpose,
    case channel
        when '短信' then 'sms' when '微信' then 'wechat' when 'APP推送' then 'app_push' else 'ads'
    end as channel,
    id_type,
    case recipient when '腾讯广告' then 'tencent' when '巨量千川' then 'qianchuan' end as recipient,
    -- Of two decisions at the same moment the refusal counts.
    arg_max(is_granted, (decided_at, not is_granted)) as is_granted,
    max(decided_at) as decided_at,
    if(purpose = '广告', any_value(consent_case), null) as consent_case,
from consents
left join cases using (pid)
group by consents.pid, customer_id, purpose, channel, id_type, recipient
order by record_id, purpose, channel, id_type, recipient
