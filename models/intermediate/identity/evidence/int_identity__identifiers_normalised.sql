-- One row per statement of an identifier in its normal form: half-width, phones as
-- digits, e-mails in lower case, names as sorted words. A view: values are plain text.
{{ config(materialized='view') }}
with id_values as (select * from {{ ref('int_identity__identifier_values') }}),

policy as (select * from {{ ref('identity_policy') }}),

typed as (
    select
        id_values.record_key,
        id_values.id_type,
        case
            when policy.scope = 'brand' then ''
            else coalesce(nullif(id_values.id_scope, ''), id_values.shop_id)
        end as id_scope,
        id_values.is_verified,
        policy.format,
        policy.is_edge,
        policy.max_ids_per_customer is not null as is_limit,
        trim(translate(
            id_values.id_value,
            '０１２３４５６７８９＋－（）＊＠．　',
            '0123456789+-()*@. '
        )) as half_width
    from id_values
    left join policy on id_values.id_type = policy.id_type
),

split_values as (
    select
        *,
        case when format like 'phone%' then split_part(half_width, '|', 1) end
            as phone_text,
        case
            when format in ('phone_and_name', 'email_and_name')
                then split_part(half_width, '|', 2)
            when format = 'name' then half_width
        end as name_text
    from typed
),

cleaned as (
    select
        *,
        {{ name_words('name_text') }} as name_words,
        {{ replace_all('phone_text', "'[^0-9+*]'", "''") }} as digits
    from split_values
),

phones_normalised as (
    select
        *,
        case
            when regexp_extract(digits, '^([+]|00)?86(1[3-9][0-9]{9})$', 2) <> ''
                then regexp_extract(digits, '^([+]|00)?86(1[3-9][0-9]{9})$', 2)
            when digits like '00%' then '+' || substr(digits, 3)
            else digits
        end as phone_digits
    from cleaned
),

-- Values of punctuation only are NULL: they would tie all records that have one.
values_normalised as (
    select
        *,
        case when {{ has_text('phone_digits') }} then phone_digits end as phone_value,
        {{ spelled_name('name_words') }} as name_value
    from phones_normalised
),

values_joined as (
    select
        *,
        case
            when format = 'phone' then phone_value
            when format = 'phone_and_name' then phone_value || '|' || name_value
            when format = 'email' then lower(half_width)
            when format = 'email_and_name'
                then lower(trim(split_part(half_width, '|', 1))) || '|' || name_value
            when format = 'name' then name_value
            else half_width
        end as joined_value
    from values_normalised
)

select
    record_key,
    id_type,
    case when format = 'name' then {{ script_of('name_value') }} else id_scope end
        as id_scope,
    format,
    is_edge,
    is_limit,
    is_verified,
    phone_text,
    phone_value,
    name_value,
    joined_value as id_value
from values_joined
where {{ has_text('joined_value') }}
