-- One row per buyer account: what a platform lets its shops see of a person.
create table accounts as
with used as (
    select
        pid, platform, shop_id, source_system,
        min(ordered_at) as created_at,
        max(ordered_at) as last_at,
        count(*) as order_count,
    from orders
    where platform <> 'pdd'
    group by pid, platform, shop_id, source_system
)

select
    used.*, people.full_name, people.gender, people.birth_on, people.place, people.is_member,
    'EC' || substr(used.platform, 1, 1)
    || lpad(((pid * 6101 + 778899) % 1000000000)::varchar, 9, '0') as erp_customer_id,
    card_of(pid) as card_no,
    phone_of(people.household) as phone,
    ouid_of(pid) as ouid,
    openid_of(pid) as openid,
    jd_account_of(pid) as jd_account,
from used
inner join people using (pid)
order by pid, platform;

-- One row per person singled out for an identity defect; hubs are groups of 32 buyers.
create table person_picks as
with ranked as (
    select
        pid,
        row_number() over (order by u(pid, 'pick'), pid) - 1 as place_no,
    from accounts
    where platform = 'own' and pid not in (
        select pid from people where household <> pid
        union all
        select household from people where household <> pid
    )
),

kinds (kind, group_size, groups) as (
    values
    ('hub_phone', 32, 3),
    ('masked_phone', getvariable('each'), 1),
    ('placeholder_phone', getvariable('each'), 1)
),

spans as (
    select
        kind, group_size, groups,
        (sum(group_size * groups) over (order by kind) - group_size * groups)::bigint as start,
    from kinds
)

select kind, pid, (place_no - start) // group_size as group_no
from ranked
inner join spans on place_no >= start and place_no < start + group_size * groups;

-- One row per CRM record; one member in forty was recorded twice.
create table crm_records as
with members as (
    select pid, unnest(if(u(pid, 'double') < 0.025, [1, 2], [1])) as record_no,
    from people
    where is_member
),

active as (
    select
        pid, min(created_at) as first_at, max(last_at) as last_at,
        sum(order_count)::bigint as order_count,
    from accounts
    group by pid
)

select
    pid, record_no,
    if(record_no = 1, 'CU', 'CX')
    || lpad(((pid * 7919 + 1234567) % 100000000)::varchar, 8, '0') as customer_id,
    if(record_no = 1, card_of(pid), null) as card_no,
    full_name, gender, birth_on, place, household,
    case person_picks.kind
        when 'masked_phone' then '138****1234'
        when 'placeholder_phone' then '13800138000'
        else phone_of(household)
    end as phone,
    if(u(pid, 'mail') < 0.14, 'tea.' || to_base(pid, 36) || '@mail.camellia.example', null) as email,
    if(platform = 'own' or second_platform = 'own' or record_no = 2 or crm_u < 0.2,
        unionid_of(pid), null) as unionid,
    case when order_count >= 8 then '金茶' when order_count >= 3 then '银茶' else '新叶' end
        as member_level,
    coalesce(order_count, 0) * 120 + (u(pid, 'points') * 90)::int as points,
    pick(['小程序', '门店扫码', '抖音直播间', '天猫入会', '企业微信', '老客推荐'], u(pid, 'source'))
        as registration_channel,
    coalesce(
        first_at + to_seconds((60 + 7200 * u(pid, 'register'))::bigint + (record_no - 1) * 8000000),
        getvariable('first_day')::timestamp
        + to_seconds((86400 * (getvariable('days') - 1) * u(pid, 'register'))::bigint)
    ) as wished_at,
    least(wished_at, getvariable('now') - interval 2 hour) as registered_at,
    greatest(registered_at, coalesce(last_at, registered_at)) as updated_at,
from members
inner join people using (pid)
left join active using (pid)
left join person_picks on person_picks.pid = people.pid and person_picks.kind <> 'hub_phone'
order by registered_at, customer_id;

-- One row per identifier that the CRM holds for a record.
create table crm_ids as
select customer_id, 'wx_unionid' as id_type, 'camellia_wx' as id_scope, unionid as id_value,
    true as is_verified, registered_at as recorded_at, pid,
from crm_records
where unionid is not null
union all
select customer_id, 'phone', '', phone, u(pid, 'verified') < 0.8, registered_at, pid,
from crm_records
union all
select
    customer_id,
    if(accounts.platform = 'tmall', 'taobao_ouid', 'douyin_openid'),
    shop_id,
    if(accounts.platform = 'tmall', ouid, openid),
    true,
    greatest(registered_at, created_at + interval 1 hour),
    pid,
from crm_records
inner join accounts using (pid)
where record_no = 1 and accounts.platform in ('tmall', 'douyin');

-- One row per ticket or conversation about an order of a known member.
create table interactions as
with asked as (
    select
        order_no, order_id, customer_id,
        coalesce(shipped_at, paid_at) + to_seconds((90000 * u(order_no, 'ask'))::bigint)
            as opened_at,
        exists (select 1 from refunds where refunds.order_no = orders.order_no) as has_refund,
    from orders
    inner join crm_records using (pid)
    where is_sale and record_no = 1
)

select
    'GD' || lpad((order_no * 3 + 100000)::varchar, 10, '0') as interaction_id,
    order_no, order_id, customer_id, opened_at,
    if(u(order_no, 'call') < 0.12, '电话', if(u(order_no, 'call') < 0.6, '会话', '工单')) as kind,
    pick(getvariable('channel'), u(order_no, 'ask_channel')) as channel,
    if(has_refund, '退款', pick(getvariable('topic'), u(order_no, 'topic'))) as topic,
    opened_at + to_seconds((40 - 900 * ln(1 - u(order_no, 'answer')))::bigint)
        as first_response_at,
    if(
        u(order_no, 'open') < 0.95,
        first_response_at + to_seconds((600 - 40000 * ln(1 - u(order_no, 'solve')))::bigint),
        null
    ) as solved_at,
    if(solved_at < getvariable('now'), solved_at, null) as resolved_at,
    if(u(order_no, 'rate') < 0.45, 5 - floor(pow(u(order_no, 'score'), 3) * 5)::int, null)
        as satisfaction,
from asked
where
    u(order_no, 'contact') < if(has_refund, 0.4, 0.05)
    and first_response_at < getvariable('now');

-- One row per decision on a channel of contact; some withdraw later.
create table consents as
with granted as (
    select
        pid, customer_id, registered_at, channel,
        u(pid, 'consent' || channel) as consent_u,
    from crm_records
    cross join (values ('短信'), ('微信'), ('APP推送')) as channels (channel)
)

select
    pid, customer_id, channel, consent_u < 0.72 as is_granted, registered_at as decided_at
from granted
union all
select
    pid, customer_id, channel, false,
    registered_at + to_seconds((86400 * (5 + consent_u * 900))::bigint) as withdrawn_at
from granted
where consent_u < 0.09 and withdrawn_at < getvariable('now');

-- One row per review of a delivered order.
create table reviews as
select
    'PJ' || lpad((order_no * 5 + 77)::varchar, 10, '0') as review_id,
    order_no, order_id, customer_id, product_no,
    5 - floor(pow(u(order_no, 'stars'), 4) * 5)::int as rating,
    pick(getvariable('praise'), u(order_no, 'praise')) as body,
    completed_at + to_seconds((86400 * 6 * u(order_no, 'review_at'))::bigint) as reviewed_at,
from orders
inner join lines using (order_no)
left join crm_records on crm_records.pid = orders.pid and record_no = 1
where
    is_sale and line_no = 1 and u(order_no, 'review') < 0.11
    and reviewed_at < getvariable('now');
