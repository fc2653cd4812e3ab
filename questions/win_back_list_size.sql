-- zh: 有多少客户值得召回？
-- en: How many customers could be won back?
-- answers: One row per number of purchases, with the identified customers who have been
--   quiet for long, how many of them allow SMS or e-mail, and the money that they paid.
--   It is a count for planning; the answer lists no customers.
-- needs: erp.orders
-- set shop: shop of the first order, or all (default)
-- set quiet_days: days without a purchase (default 180)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(cast(getvariable('quiet_days') as integer), 180) as quiet_days
    from meta.shop
),

consents as (
    select bool_or(state <> 'not connected') as has_consents
    from meta.coverage
    where feed = 'crm.consents'
),

quiet_customers as (
    select
        case
            when customers.order_count = 1 then '1'
            when customers.order_count = 2 then '2'
            else '3+'
        end as purchases,
        customers.has_sms_consent,
        customers.has_email_consent,
        customers.recency_days,
        customers.paid_amount
    from marts.customer_360 as customers
    inner join choice
        on
            customers.recency_days >= choice.quiet_days
            and choice.shop_id in ('all', customers.first_shop_id)
    where not customers.is_anonymous and customers.order_count > 0
),

list_sizes as (
    select
        purchases,
        count(*) as customer_count,
        count(*) filter (where has_sms_consent) as sms_customer_count,
        count(*) filter (where has_email_consent) as email_customer_count,
        sum(paid_amount) as paid_amount,
        median(recency_days) as median_quiet_days
    from quiet_customers
    group by purchases
)

select
    choice.quiet_days,
    list_sizes.purchases,
    coalesce(list_sizes.customer_count, 0) as customer_count,
    case when consents.has_consents then list_sizes.sms_customer_count end
        as sms_customer_count,
    case when consents.has_consents then list_sizes.email_customer_count end
        as email_customer_count,
    cast(coalesce(list_sizes.paid_amount, 0) as decimal(18, 4)) as paid_amount,
    list_sizes.median_quiet_days,
    case
        when list_sizes.purchases is null
            then 'no identified customer has been quiet for so long'
        when not coalesce(consents.has_consents, false)
            then 'consents are not known: crm.consents is not connected'
    end as reason_en,
    case
        when list_sizes.purchases is null then '没有沉默这么久的已识别客户'
        when not coalesce(consents.has_consents, false)
            then '授权未知：未接入 crm.consents'
    end as reason_zh
from choice
cross join consents
left join list_sizes on true
order by list_sizes.purchases
