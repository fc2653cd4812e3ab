-- One row per order that landed or changed since the last run. Orders that carry
-- exactly the same identifiers share one `buyer_key`, because there are far fewer such
-- sets than orders; an order without identifiers has none.
with orders as (
    select * from {{ ref('stg_erp__orders') }}
    where {{ landed_since_last_run(
        'erp.orders', ref('int_identity__run_scope')
    ) }}
),

orders_with_text as (
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
            -- Half of the hash is unique enough, and faster to read.
            then left({{ pseudonym('identity_text') }}, 32)
    end as buyer_key,
    source_system,
    shop_id,
    order_id,
    erp_customer_id,
    crm_customer_id,
    ordered_at,
    -- Tokens of a removed person have these prefixes, see docs/forget.md.
    contains(lower(identity_text), '|forgotten-')
    or contains(identity_text, '|+999') as is_forgotten
from orders_with_text
