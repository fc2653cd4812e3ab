-- One row per record that identifies a person, devices excepted, with the person.
create view records as
select pid, 'crm' as record_type, 'crm' as source_system, 'camellia' as shop_id,
    customer_id as record_id
from crm_records
union all
select pid, 'erp', source_system, shop_id, erp_customer_id
from accounts where source_system = 'wangdiantong'
union all
select pid, 'order', source_system, shop_id, order_id from orders;

-- One row per record in a trap; a case is one instance of it, such as one couple.
create table traps as
with ranked_couples as (
    select household, row_number() over (order by hash(household)) as case_no
    from crm_records
    where record_no = 1 and household in (select household from people where household <> pid)
    group by household
    having count(*) = 2
),

named as (
    select
        pid,
        hash(full_name || place) as place_no,
        row_number() over (partition by full_name, place order by pid) as n,
        count(*) over (partition by full_name, place) as namesake_count,
    from crm_records
    where record_no = 1 and trap = '' and pid not in (from couples)
),

ranked_namesakes as (
    select pid, dense_rank() over (order by place_no) as case_no
    from named
    where namesake_count > 1 and n <= 2
),

people_in as (
    select trap, case_no::bigint as case_no, pid from twists
    union all
    select 'household_phone', case_no, pid
    from ranked_couples inner join crm_records using (household)
    where record_no = 1 and case_no <= 4 * getvariable('each')
    union all
    select 'namesakes', case_no, pid from ranked_namesakes
    where case_no <= getvariable('each')
    union all
    select 'double_record', row_number() over (order by hash(pid)), pid
    from crm_records
    where record_no = 2 and trap = '' and household = pid
    qualify row_number() over (order by hash(pid)) <= getvariable('each')
),

-- What must be one customer is what a customer file says: an order may say nothing.
of_people as (
    select people_in.trap, case_no, records.*
    from people_in
    inner join trap_kinds using (trap)
    inner join records using (pid)
    where
        expectation = 'separate' or record_type = 'crm'
        or record_type = 'erp' and trap like 'typo_erp_%'
),

virtual_orders as (
    select
        'virtual_phone' as trap, order_no % 40 as case_no, pid, 'order' as record_type,
        source_system, shop_id, order_id as record_id,
    from orders
    where platform = 'pdd' and order_no % 40 < least(40, getvariable('each'))
    qualify row_number() over (partition by case_no order by order_no) <= 8
),

-- Sessions of the site have a name; the mini-program's are cut by inactivity.
of_devices as (
    select 'two_logins' as trap, case_no, pid, 'session' as record_type, 'website' as source_system,
        'own_store' as shop_id, 'S' || to_base(sid, 36) as record_id,
    from sessions
    inner join twists using (pid)
    where trap = 'two_logins' and not is_mini
    union all
    select 'never_logged_in', row_number() over (order by hash(visitor_id)), null, 'visitor',
        'website', 'own_store', visitor_id,
    from (
        select visitor_id from sessions
        where pid is null and not is_mini
        group by visitor_id
        having count(*) > 1
    )
    qualify row_number() over (order by hash(visitor_id)) <= getvariable('each')
)

select
    trap, dense_rank() over (partition by trap order by case_no) as case_no, pid as person_id,
    record_type, source_system, shop_id, record_id, expectation, en, zh,
from (
    from of_people union all by name from virtual_orders union all by name from of_devices
)
inner join trap_kinds using (trap)
order by trap, case_no, record_type, source_system, shop_id, record_id;
