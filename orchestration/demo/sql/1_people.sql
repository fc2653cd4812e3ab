-- One row per person: where they buy, since when, and the person they share a phone with.
create table people as
with drawn as (
    select
        pid::bigint as pid,
        u(pid, 'platform') as platform_u,
        u(pid, 'second') as second_u,
        u(pid, 'crm') as crm_u,
    from range(1, getvariable('customers') + 1) as person (pid)
),

placed as (
    select
        *,
        case
            when platform_u < 0.34 then 'tmall'
            when platform_u < 0.56 then 'douyin'
            when platform_u < 0.75 then 'own'
            when platform_u < 0.89 then 'jd'
            else 'pdd'
        end as platform,
        case
            when second_u < 0.10 then 'own'
            when second_u < 0.16 then 'tmall'
            when second_u < 0.20 then 'douyin'
        end as second_platform,
    from drawn
)

select
    pid,
    platform,
    nullif(second_platform, platform) as second_platform,
    -- Some bought before the period began: their first order here is not their first ever.
    u(pid, 'first') * 1.18 - 0.18 as first_w,
    (u(pid, 'taste') * 3)::int % 3 as taste,
    pick(getvariable('surname'), u(pid, 'surname'))
    || pick(getvariable('given'), u(pid, 'given')) as full_name,
    if(u(pid, 'gender') < 0.68, '女', '男') as gender,
    date '1962-01-01' + (u(pid, 'birth') * 16000)::int as birth_on,
    -- Two in a hundred pairs of neighbours are a couple with one home, one phone, one computer.
    if(u(pid // 2, 'couple') < 0.02, pid // 2 * 2, pid) as household,
    pick(getvariable('place'), pow(u(household, 'place'), 1.5)) as place,
    platform = 'own'
    or coalesce(second_platform, '') = 'own'
    or u(pid // 2, 'couple') < 0.02
    or crm_u < 0.34 as is_member,
    crm_u,
from placed;
