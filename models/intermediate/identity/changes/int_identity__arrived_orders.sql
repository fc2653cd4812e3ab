-- One row per order that this run sees for the first time or changed, with one key for
-- all orders that carry the very same identifiers: resolving those sets is far less
-- work than orders. An order that names its buyer in no way has no such key.
-- depends_on: {{ ref('int_identity__run') }}
with orders as (
    select * from {{ ref('stg_erp__orders') }}
    where {{ arrived('erp.orders') }}
),

named as (
    select
        *,
        concat_ws(
            '|',
            source_system,
            shop_id,
            coalesce(erp_customer_id, ''),
            coalesce(crm_customer_id, ''),
            coalesce(member_card_no, ''),
            case when platform_buyer_id is null then '' else buyer_id_type end,
            case when platform_buyer_id is null then '' else buyer_id_scope end,
            coalesce(platform_buyer_id, ''),
            coalesce(phone, ''),
            case
                when coalesce(phone, email) is null then ''
                else coalesce(receiver_name, '')
            end,
            coalesce(email, '')
        ) as identity_text
    from orders
)

select
    order_key,
    case
        when
            coalesce(
                erp_customer_id, crm_customer_id, member_card_no,
                platform_buyer_id, phone, email
            ) is not null
            -- Half of the hash is as unique, and is read many times a day.
            then left({{ pseudonym('identity_text') }}, 32)
    end as buyer_key,
    source_system,
    shop_id,
    order_id,
    erp_customer_id,
    crm_customer_id,
    ordered_at,
    -- The tokens of a removed person begin so, see docs/forget.md.
    contains(lower(identity_text), '|forgotten-')
    or contains(identity_text, '|+999') as is_forgotten
from named
