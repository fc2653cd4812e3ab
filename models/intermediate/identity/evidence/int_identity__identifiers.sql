-- One row per record and identifier, hashed, with the reason if the identifier can
-- never tie or separate records. Kept between runs.
{{ config(
    materialized='kept', key='record_key',
    keys_from='int_identity__identifiers_to_replace'
) }}
-- depends_on: {{ ref('int_identity__identifiers_to_replace') }}
with normalised as (select * from {{ ref('int_identity__identifiers_normalised') }}),

blocked as (select * from {{ ref('blocked_identifiers') }}),

shape_checked as (
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
            -- 'Mr Wang' or an initial does not identify one person of a household.
            when length(name_value) < 2 or regexp_extract(
                name_value, '(先生|女士|小姐|太太|老师|同学|阿姨|叔叔|某+)$', 1
            ) <> '' then 'malformed'
            when id_type = 'birth_year' and id_value < '1900' then 'malformed'
            -- Only full names separate people: two words, or two to four Chinese
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

-- Patterns are compared once per value; a value may match several.
blocked_values as (
    select
        shape_checked.id_type,
        shape_checked.id_value,
        min(blocked.reason) as reason
    from shape_checked
    inner join blocked
        on blocked.id_type = replace(shape_checked.id_type, '_and_name', '')
    where
        coalesce(shape_checked.phone_value, split_part(shape_checked.id_value, '|', 1))
        like blocked.pattern
    group by shape_checked.id_type, shape_checked.id_value
),

hashed as (
    select
        shape_checked.record_key,
        shape_checked.id_type,
        shape_checked.id_scope,
        {{ pseudonym("shape_checked.id_type || '|' || shape_checked.hashed_value") }}
            as id_hash,
        coalesce(shape_checked.shape_reason, blocked_values.reason) as excluded_reason
    from shape_checked
    left join blocked_values
        on
            shape_checked.id_type = blocked_values.id_type
            and shape_checked.id_value = blocked_values.id_value
    -- An excluded identifier of a kind that only separates records has no use.
    where
        shape_checked.is_edge is distinct from false
        or not shape_checked.is_limit
        or coalesce(shape_checked.shape_reason, blocked_values.reason) is null
)

-- One usable statement of an identifier outweighs excluded ones.
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
