-- One row per customer with a decision about contact, with the last decision per
-- channel. Of two decisions at the same moment the refusal counts. Decisions with
-- another purpose, such as advertising, do not count.
with consents as (select * from {{ ref('stg_crm__consents') }}),

crm_links as (select * from {{ ref('int_identity__crm_id_customers') }}),

decisions as (
    select
        crm_links.customer_id,
        consents.channel,
        consents.is_granted,
        row_number() over (
            partition by crm_links.customer_id, consents.channel
            order by consents.decided_at desc, consents.is_granted asc
        ) as recency
    from consents
    inner join crm_links
        on
            consents.source_system = crm_links.source_system
            and consents.shop_id = crm_links.shop_id
            and consents.crm_customer_id = crm_links.crm_customer_id
    where crm_links.customer_id is not null and consents.purpose = 'contact'
)

select
    customer_id,
    bool_or(is_granted) filter (where channel = 'sms') as has_sms_consent,
    bool_or(is_granted) filter (where channel = 'email') as has_email_consent,
    bool_or(is_granted) filter (where channel = 'phone') as has_phone_consent,
    bool_or(is_granted) filter (where channel = 'wechat') as has_wechat_consent,
    bool_or(is_granted) filter (where channel = 'app_push') as has_app_push_consent,
    bool_or(is_granted) filter (where channel = 'mail') as has_mail_consent
from decisions
where recency = 1
group by customer_id
