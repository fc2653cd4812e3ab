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
            when not is_edge and not is_limit then 'not_an_edge'
            when not is_verified then 'unverified'
            when id_value like '%*%' then 'masked'
            when regexp_extract(
                phone_text, '(1[3-9][0-9]{9})[^0-9]+[0-9]{1,6}$', 1
            ) <> '' then 'virtual_number'
            when phone_value is not null and regexp_extract(
                phone_value, '^([+]?[0-9]{8,15})$', 1
            ) = '' then 'malformed'
            when format in ('email', 'email_and_name') and regexp_extract(
                split_part(id_value, '|', 1),
                '^([a-z0-9._%+-]+@[a-z0-9.-]+[.][a-z]{2,})$',
                1
            ) = '' then 'malformed'
            when
                replace(right(phone_value, 8), right(phone_value, 1), '') = ''
                or phone_value like '%12345678%'
                then 'placeholder'
            -- Mr Wang and an initial may be anybody in the house.
            when length(name_value) < 2 or regexp_extract(
                name_value, '(先生|女士|小姐|太太|老师|同学|阿姨|叔叔|某+)$', 1
            ) <> '' then 'malformed'
            when id_type = 'birth_year' and id_value < '1900' then 'malformed'
            -- Only full names tell people apart: two words, or two to four Chinese
            -- characters, but not 'little Wang'.
            when format = 'name' and (
                regexp_extract(
                    name_value, '([^ ][^ ]+ [^ ][^ ]+|^[㐀-鿿][㐀-鿿]{1,3}$)', 1
                ) = '' or regexp_extract(name_value, '^([小老阿].)$', 1) <> ''
            ) then 'malformed'
        end as shape_reason,
        case when format = 'year' then left(id_value, 4) else id_value end
            as hashed_value
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
        on blocked.id_type = replace(judged.id_type, '_and_name', '')
    where
        coalesce(judged.phone_value, split_part(judged.id_value, '|', 1))
        like blocked.pattern
    group by judged.id_type, judged.id_value
),

hashed as (
    select
        judged.record_key,
        judged.id_type,
        judged.id_scope,
        {{ pseudonym("judged.id_type || '|' || judged.hashed_value") }} as id_hash,
        coalesce(judged.shape_reason, blocked_values.reason) as excluded_reason
    from judged
    left join blocked_values
        on
            judged.id_type = blocked_values.id_type
            and judged.id_value = blocked_values.id_value
    -- What only limits, and does not even that, says nothing.
    where
        judged.is_edge is distinct from false
        or not judged.is_limit
        or coalesce(judged.shape_reason, blocked_values.reason) is null
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
