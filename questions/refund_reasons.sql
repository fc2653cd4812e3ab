-- zh: 买家为什么退款？
-- en: Why do buyers ask for refunds?
-- answers: One row per stated reason, with the successful refunds of the month by
--   refund date and those of the month before. The first reason costs most.
-- needs: erp.orders, erp.refunds
-- set shop: a shop_id of meta.shops, or all (default)
-- set month_on: first day of a month (default: the last complete month)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(
            cast(getvariable('month_on') as date),
            cast(date_trunc('month', data_until_on + 1) - interval 1 month as date)
        ) as month_on
    from meta.shop
),

successful_refunds as (
    select
        coalesce(refunds.reason, 'not stated') as refund_reason,
        refunds.refunded_on >= choice.month_on as is_of_month,
        refunds.refunded_amount
    from marts.refunds as refunds
    inner join choice
        on
            refunds.refunded_on >= choice.month_on - interval 1 month
            and refunds.refunded_on < choice.month_on + interval 1 month
            and choice.shop_id in ('all', refunds.shop_id)
    where refunds.is_success and refunds.is_sale
),

refunds_by_reason as (
    select
        refund_reason,
        count(*) filter (where is_of_month) as refund_count,
        coalesce(sum(refunded_amount) filter (where is_of_month), 0)
            as refunded_amount,
        count(*) filter (where not is_of_month) as previous_refund_count,
        coalesce(sum(refunded_amount) filter (where not is_of_month), 0)
            as previous_refunded_amount
    from successful_refunds
    group by refund_reason
)

select
    choice.month_on,
    reasons.refund_reason,
    coalesce(reasons.refund_count, 0) as refund_count,
    cast(coalesce(reasons.refunded_amount, 0) as decimal(18, 4)) as refunded_amount,
    reasons.refunded_amount / nullif(sum(reasons.refunded_amount) over (), 0)
        as refunded_amount_rate,
    coalesce(reasons.previous_refund_count, 0) as previous_refund_count,
    cast(coalesce(reasons.previous_refunded_amount, 0) as decimal(18, 4))
        as previous_refunded_amount,
    case
        when reasons.refund_reason is null then 'no refund in the two months'
    end as reason_en,
    case when reasons.refund_reason is null then '这两个月没有退款' end as reason_zh
from choice
left join refunds_by_reason as reasons on true
order by reasons.refunded_amount desc, reasons.refund_reason asc
