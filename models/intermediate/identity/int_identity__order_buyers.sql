-- One row per order that names its buyer in any way, with one key for all orders that
-- carry the very same identifiers: resolving those sets is far less work than orders.
with orders as (select * from {{ ref('stg_erp__orders') }}),

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
            coalesce(email, '')
        ) as identity_text
    from orders
    where
        coalesce(
            erp_customer_id, crm_customer_id, member_card_no,
            platform_buyer_id, phone, email
        ) is not null
)

select
    order_key,
    {{ pseudonym('identity_text') }} as buyer_key,
    source_system,
    shop_id,
    erp_customer_id,
    crm_customer_id,
    ordered_at
from named
