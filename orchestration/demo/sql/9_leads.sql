-- One row per lead. Some members were leads before they registered; most other leads never become customers.
create table leads as
with won as (
    select
        'L' || lpad((pid * 4 + record_no)::varchar, 9, '0') as lead_id, customer_id, phone, full_name,
        registered_at - to_seconds((3600 + 86400 * 25 * power(u(pid, 'lead_days'), 2))::bigint) as created_at,
        registered_at as converted_at,
        u(pid, 'lead_channel') as channel_u, u(pid, 'lead_value') as value_u, 0.0 as stage_u,
    from crm_records
    where record_no = 1 and u(pid, 'lead') < 0.12
        and registered_at >= getvariable('first_day')::timestamp + interval 40 day
        and registered_at < getvariable('now')
),

others as (
    select
        'N' || lpad(number::varchar, 9, '0'), null, phone_of(70000000 + number),
        pick(getvariable('surname'), u(number, 'lead_name')) || '女士',
        getvariable('first_day')::timestamp
            + to_seconds((u(number, 'lead_at') * 86400 * getvariable('days'))::bigint) as created_at,
        null, u(number, 'lead_channel'), u(number, 'lead_value'), 1 + u(number, 'lead_stage'),
    from range((getvariable('customers') * 0.25)::bigint) as numbers (number)
),

staged as (
    select
        *,
        case
            when stage_u < 1 then 'converted'
            when stage_u < 1.62 and created_at < getvariable('now') - interval 60 day then 'lost'
            when stage_u < 1.75 then 'qualified'
            when stage_u < 1.9 then 'contacted'
            else 'new'
        end as stage,
    from (select * from won union all select * from others)
)

select
    * exclude (channel_u, value_u, stage_u),
    case
        when channel_u < 0.3 then 'paid_search' when channel_u < 0.55 then 'paid_social'
        when channel_u < 0.7 then 'organic_search' when channel_u < 0.85 then 'private_domain'
        when channel_u < 0.95 then 'referral'
    end as channel,
    if(stage = 'new', null, created_at + interval 50 minute) as contacted_at,
    if(stage in ('qualified', 'converted'), created_at + interval 1 hour, null) as qualified_at,
    if(stage = 'lost', created_at + interval 30 day, null) as lost_at,
    (5000 + value_u * 60000)::bigint as value_amount,
from staged;
