-- One row per record and identifier, hashed, and either usable or with the reason why
-- it can never say who somebody is.
{{ config(materialized='kept', key='record_key', redo='int_identity__read') }}
with normalised as (select * from {{ ref('int_identity__normalised') }}),

blocked as (select * from {{ ref('blocked_identifiers') }}),

judged as (
    select
        *,
        case
            when format is null then 'not_in_policy'
            when not is_edge then 'not_an_edge'
            when not is_verified then 'unverified'
            when id_value like '%*%' then 'masked'
            when regexp_extract(
                phone_text, '(1[3-9][0-9]{9})[^0-9]+[0-9]{1,6}$', 1
            ) <> '' then 'virtual_number'
            when phone_value is not null and regexp_extract(
                phone_value, '^([+]?[0-9]{8,15})$', 1
            ) = '' then 'malformed'
            when format = 'email' and regexp_extract(
                id_value, '^([a-z0-9._%+-]+@[a-z0-9.-]+[.][a-z]{2,})$', 1
            ) = '' then 'malformed'
            when
                replace(right(phone_value, 8), right(phone_value, 1), '') = ''
                or phone_value like '%12345678%'
                then 'placeholder'
            -- Mr Wang and an initial may be anybody in the house.
            when length(name_value) < 2 or regexp_extract(
                name_value, '(先生|女士|小姐|老师|同学|某+)$', 1
            ) <> '' then 'malformed'
        end as shape_reason
    from normalised
),

-- Patterns are matched once for each value, and a value may meet several.
blocked_values as (
    select
        judged.id_type,
        judged.id_value,
        min(blocked.reason) as reason
    from judged
    inner join blocked
        on blocked.id_type = replace(judged.id_type, 'phone_and_name', 'phone')
    where coalesce(judged.phone_value, judged.id_value) like blocked.pattern
    group by judged.id_type, judged.id_value
),

hashed as (
    select
        judged.record_key,
        judged.id_type,
        judged.id_scope,
        {{ pseudonym("judged.id_type || '|' || judged.id_value") }} as id_hash,
        coalesce(judged.shape_reason, blocked_values.reason) as excluded_reason
    from judged
    left join blocked_values
        on
            judged.id_type = blocked_values.id_type
            and judged.id_value = blocked_values.id_value
)

-- One good statement of an identifier outweighs an unverified or odd one.
select
    record_key,
    md5(id_type || '|' || id_scope || '|' || id_hash) as identifier_key,
    id_type,
    id_scope,
    id_hash,
    case
        when count(excluded_reason) = count(*) then min(excluded_reason)
    end as excluded_reason
from hashed
group by record_key, id_type, id_scope, id_hash
