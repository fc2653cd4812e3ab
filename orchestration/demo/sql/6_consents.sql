-- One row per CRM record and identifier, with the person's wish about giving it to advertising
-- platforms; every case that an audience export must tell apart occurs.
create table advertising as
with identifiers as (
    select pid, record_no, customer_id, registered_at, 'phone' as id_type, phone as id_value
    from crm_records
    where length(phone) = 11 and not contains(phone, '*')
    union all
    select pid, record_no, customer_id, registered_at, 'email', email
    from crm_records
    where email is not null
),

counted as (
    select
        *,
        count(*) over (partition by pid, record_no) as id_count,
        max(record_no) over (partition by pid) as last_record_no,
        u(pid, 'advertising') as wish_u,
        u(pid, 'advertising_case') as case_u,
    from identifiers
),

wished as (
    select
        *,
        case
            when last_record_no > 1 and case_u < 0.5 then 'split_records'
            when max(id_count) over (partition by pid) > 1 and case_u < 0.6 then 'split_identifiers'
            when wish_u < 0.25 then 'undecided'
            when wish_u < 0.42 then 'refused'
            when wish_u < 0.50 then 'withdrawn'
            when wish_u < 0.60 then 'one_recipient'
            else 'granted'
        end as consent_case,
    from counted
)

select
    pid, customer_id, id_type, id_value, consent_case,
    if(
        consent_case = 'one_recipient', pick(['腾讯广告', '巨量千川'], u(pid, 'recipient')), null
    ) as recipient,
    case consent_case
        when 'split_records' then record_no < last_record_no
        when 'split_identifiers' then id_type = 'phone'
        else consent_case <> 'refused'
    end as is_granted,
    registered_at + interval 20 second as decided_at,
from wished
where consent_case <> 'undecided';

-- One row per decision: on channels of contact, on messages about orders, on advertising.
-- Some withdraw later.
create table consents as
with granted as (
    select
        pid, customer_id, registered_at, channel, purpose,
        u(pid, 'consent' || channel || if(purpose = '服务', purpose, '')) as consent_u,
    from crm_records
    cross join (
        values ('短信', '联系'), ('微信', '联系'), ('APP推送', '联系'), ('短信', '服务')
    ) as channels (channel, purpose)
),

decided as (
    select
        pid, customer_id, channel, purpose, null as id_type, null as id_value,
        null as recipient, consent_u < 0.72 as is_granted, registered_at as decided_at,
    from granted
    union all
    select
        pid, customer_id, channel, purpose, null, null, null, false,
        registered_at + to_seconds((86400 * (5 + consent_u * 900))::bigint),
    from granted
    where consent_u < 0.09
    union all
    select
        pid, customer_id, '广告平台', '广告', id_type, id_value, recipient, is_granted, decided_at,
    from advertising
    union all
    select
        pid, customer_id, '广告平台', '广告', id_type, id_value, recipient, false,
        decided_at + to_seconds((86400 * (3 + 120 * u(pid, 'withdrawn')))::bigint),
    from advertising
    where consent_case = 'withdrawn'
)

select * from decided where decided_at < getvariable('now');
