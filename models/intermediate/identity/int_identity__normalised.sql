-- One row per record and identifier in its one normal spelling: half-width, phones as
-- bare digits, e-mails lower case; plain values, hence a view.
{{ config(materialized='view') }}
with id_values as (select * from {{ ref('int_identity__values') }}),

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
        translate(
            trim(id_values.id_value),
            '０１２３４５６７８９＋－（）＊＠．　',
            '0123456789+-()*@. '
        ) as half_width
    from id_values
    left join policy on id_values.id_type = policy.id_type
),

stripped as (
    select
        *,
        case
            when format = 'phone'
                then {{ replace_all('half_width', "'[^0-9+*]'", "''") }}
            when format = 'email' then lower(half_width)
            else half_width
        end as bare
    from typed
)

select
    record_key,
    id_type,
    id_scope,
    format,
    is_edge,
    is_verified,
    half_width,
    case
        when format <> 'phone' or format is null then bare
        when regexp_extract(bare, '^([+]|00)?86(1[3-9][0-9]{9})$', 2) <> ''
            then regexp_extract(bare, '^([+]|00)?86(1[3-9][0-9]{9})$', 2)
        when bare like '00%' then '+' || substr(bare, 3)
        else bare
    end as id_value
from stripped
