-- One row per person and platform that they bought on and that tells who buys.
create table buyers as
select
    pid, platform, shop_id, source_system,
    min(ordered_at) as created_at,
    max(ordered_at) as last_at,
    count(*) as order_count,
from orders
where platform <> 'pdd'
group by pid, platform, shop_id, source_system;

-- People that no trap may use: couples, which are a trap themselves.
create table couples as
select pid from people where household <> pid
union
select household from people where household <> pid;

-- One row per buyer of the own shop with a phone that says nothing; hubs are groups of 32.
create table person_picks as
with ranked as (
    select
        pid,
        row_number() over (order by u(pid, 'pick'), pid) - 1 as place_no,
    from buyers
    where platform = 'own' and pid not in (from couples)
),

kinds (kind, group_size, groups) as (
    values
    ('hub_phone', 32, 3),
    ('masked_phone', getvariable('each'), 1),
    ('placeholder_phone', getvariable('each'), 1),
    ('zero_phone', getvariable('each'), 1)
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

-- One row per person in a trap of their own: recycled numbers, then those that need buyers of
-- the own shop alone, then those of members that other platforms mask.
create table trapped as
with own_only as (
    select
        pid, created_at, last_at,
        pid in (
            select pid from journeys
            where not in_mini_program(1000000000 + order_no, pid)
        ) as has_visited_site,
    from buyers
    where
        platform = 'own' and u(pid, 'double') >= 0.025
        and pid not in (from couples)
        and pid not in (select pid from person_picks)
        and pid not in (select pid from buyers where platform <> 'own')
),

givers as (
    select pid, row_number() over (order by u(pid, 'giver'), pid) - 1 as n
    from own_only
    where last_at < getvariable('first_day') + 120
),

-- A person who first buys after day 485 buys at least a year after every giver's last order.
takers as (
    select pid, row_number() over (order by u(pid, 'taker'), pid) - 1 as n
    from own_only
    where created_at >= getvariable('first_day') + 485
),

recycled as (
    select
        if(n < getvariable('each'), 'recycled_by_time', 'recycled_phone') as trap,
        n as case_no, givers.pid as giver, takers.pid as taker,
    from givers
    inner join takers using (n)
    where n < 3 * getvariable('each')
),

candidates as (
    select
        'own' as pool, pid,
        row_number() over (order by not has_visited_site, u(pid, 'trap'), pid) - 1 as place_no,
    from own_only
    where pid not in (select giver from recycled) and pid not in (select taker from recycled)
    union all
    select 'member', pid, row_number() over (order by u(pid, 'trap'), pid) - 1,
    from people
    where
        is_member and u(pid, 'double') >= 0.025 and u(pid, 'told') >= 0.3
        and pid in (select pid from buyers where platform in ('tmall', 'douyin'))
        and pid not in (select pid from buyers where platform = 'own')
        and pid not in (from couples)
),

kinds (pool, position, trap, group_size) as (
    values
    ('own', 1, 'two_logins', 2), ('own', 2, 'missing_ids', 1),
    ('own', 3, 'typo_erp_phone', 1), ('own', 4, 'typo_erp_name', 1),
    ('member', 1, 'two_cards', 2), ('member', 2, 'two_unionids', 2),
    ('member', 3, 'late_chain', 1), ('member', 4, 'typo_phone', 1),
    ('member', 5, 'typo_name', 1), ('member', 6, 'typo_email', 1),
    ('member', 7, 'typo_birth', 1)
),

spans as (
    select
        *,
        (getvariable('each') * (
            sum(group_size) over (partition by pool order by position) - group_size
        ))::bigint as start,
    from kinds
)

select trap, case_no, giver as pid from recycled
union all
select trap, case_no, taker from recycled
union all
select trap, if(trap = 'missing_ids', 0, (place_no - start) // group_size), pid
from candidates
inner join spans
    on candidates.pool = spans.pool
    and place_no >= start and place_no < start + group_size * getvariable('each');

-- One row per person with untrue attributes in the systems; what is null
-- there is recorded truly, and '' is an empty cell.
create table twists as
select
    pid, kind as trap, group_no as case_no,
    case kind
        when 'masked_phone' then '138****1234'
        when 'placeholder_phone' then '13800138000'
        when 'zero_phone' then '00000000000'
    end as crm_phone,
    if(kind = 'hub_phone', hub_phone(group_no), crm_phone) as erp_phone,
    null::varchar as card, null::varchar as erp_name, null::bigint as device,
    null::varchar as misheard_name,
    false as is_loose, false as is_guest, false as is_nameless, false as is_retyped,
from person_picks
union all
select
    pid, trap, case_no,
    if(trap in ('recycled_phone', 'recycled_by_time', 'two_cards'), phone_of(mate), null),
    case
        when trap in ('recycled_phone', 'recycled_by_time') then phone_of(mate)
        when trap = 'missing_ids' then pick(['', '无', '0'], u(pid, 'nothing'))
        when trap in ('typo_erp_phone', 'typo_erp_name') then mistyped_phone(phone_of(pid), pid)
    end,
    if(trap = 'two_unionids', card_of(mate), null),
    if(trap = 'typo_erp_name', misheard, null),
    if(trap = 'two_logins', mate, null),
    misheard,
    -- Nothing exact ties what the ERP knows of them to the CRM.
    trap in ('recycled_by_time', 'missing_ids', 'typo_erp_phone', 'typo_erp_name'),
    trap = 'recycled_by_time',
    trap = 'missing_ids',
    trap in ('typo_phone', 'typo_name', 'typo_email', 'typo_birth'),
from (
    select
        *,
        first_value(pid) over (partition by trap, case_no order by pid) as mate,
        pick(getvariable('surname'), u(pid, 'surname'))
        || pick(getvariable('misheard'), u(pid, 'given')) as misheard,
    from trapped
);
