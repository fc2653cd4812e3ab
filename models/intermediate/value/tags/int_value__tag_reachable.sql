-- One row per customer and day on which the tag reachable may change. Channels with
-- a consent in force, in the order SMS, e-mail, phone, WeChat, app.
with customers as (select * from {{ ref('int_value__customer_facts') }})

select
    customer_id,
    known_from_on as valid_from_on,
    coalesce(
        nullif(
            substr(
                case when has_sms_consent then ';sms' else '' end
                || case when has_email_consent then ';email' else '' end
                || case when has_phone_consent then ';phone' else '' end
                || case when has_wechat_consent then ';wechat' else '' end
                || case when has_app_push_consent then ';app_push' else '' end, 2
            ), ''
        ), 'none'
    ) as tag_value,
    'last decisions' as evidence
from customers
where has_consent_decision
