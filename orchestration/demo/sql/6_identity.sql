-- One row per buyer account: what a platform lets its shops see of a person.
create table accounts as
select
    buyers.*,
    coalesce(erp_name, full_name) as full_name,
    gender, birth_on, place,
    is_member and not coalesce(is_guest, false) as is_member,
    'EC' || substr(buyers.platform, 1, 1)
    || lpad(((pid * 6101 + 778899) % 1000000000)::varchar, 9, '0') as erp_customer_id,
    coalesce(is_loose, false) as is_loose,
    coalesce(is_nameless, false) as is_nameless,
    if(is_loose, null, coalesce(card, card_of(pid))) as card_no,
    if(buyers.platform = 'own', coalesce(erp_phone, phone_of(household)), phone_of(household))
        as phone,
    ouid_of(pid) as ouid,
    openid_of(pid) as openid,
    jd_account_of(pid) as jd_account,
from buyers
inner join people using (pid)
left join twists using (pid)
order by pid, buyers.platform;

-- One row per CRM record; one member in forty was recorded twice, and traps add records.
create table crm_records as
with members as (
    select
        pid,
        coalesce(trap, '') as trap,
        unnest(case
            when is_retyped then [1, 3]
            when trap = 'late_chain' then [1, 2, 3]
            when u(pid, 'double') < 0.025 then [1, 2]
            else [1]
        end) as record_no,
        record_no = 3 and is_retyped as is_typo,
    from people
    left join twists using (pid)
    where is_member and not coalesce(is_guest, false)
),

active as (
    select
        pid, min(created_at) as first_at, max(last_at) as last_at,
        sum(order_count)::bigint as order_count,
    from accounts
    group by pid
)

select
    pid, record_no, members.trap,
    pick(['CU', 'CX', 'CY'], (record_no - 1) / 3)
    || lpad(((pid * 7919 + 1234567) % 100000000)::varchar, 8, '0') as customer_id,
    if(record_no = 1, coalesce(card, card_of(pid)), null) as card_no,
    if(is_typo and members.trap = 'typo_name', misheard_name, full_name) as full_name,
    gender,
    if(is_typo and members.trap = 'typo_birth', mistyped_day(birth_on), birth_on) as birth_on,
    place, household,
    case
        when is_typo and members.trap = 'typo_email' then null
        when is_typo then mistyped_phone(phone_of(pid), pid)
        when members.trap = 'late_chain' and record_no = 3 then phone_of(80000000 + pid)
        else coalesce(crm_phone, phone_of(household))
    end as phone,
    case
        when members.trap = 'typo_email' then if(is_typo, mistyped_mail(mail_of(pid)), mail_of(pid))
        when is_typo or members.trap = 'late_chain' then null
        when u(pid, 'mail') < 0.14 then mail_of(pid)
    end as email,
    case
        when is_typo or members.trap = 'two_cards' then null
        when members.trap = 'late_chain' then if(record_no = 3, unionid_of(pid), null)
        when members.trap = 'two_unionids' or platform = 'own' or second_platform = 'own'
            or record_no = 2 or crm_u < 0.2 then unionid_of(pid)
    end as unionid,
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
left join twists using (pid)
order by registered_at, customer_id;

-- One row per identifier that the CRM holds for a record; some are found out on the last day.
create table crm_ids as
select customer_id, 'wx_unionid' as id_type, 'camellia_wx' as id_scope, unionid as id_value,
    true as is_verified, registered_at as recorded_at, pid, false as is_late,
from crm_records
where unionid is not null
union all
select customer_id, 'wx_unionid', 'camellia_wx', unionid_of(pid), true,
    getvariable('now') - interval 3 hour, pid, true,
from crm_records
where trap = 'late_chain' and record_no = 2
union all
select customer_id, 'phone', '', phone, u(pid, 'verified') < 0.8, registered_at, pid, false,
from crm_records
where phone is not null
union all
select
    customer_id,
    if(accounts.platform = 'tmall', 'taobao_ouid', 'douyin_openid'),
    shop_id,
    if(accounts.platform = 'tmall', ouid, openid),
    true,
    greatest(registered_at, created_at + interval 1 hour),
    pid,
    false,
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
