-- zh: 各渠道的访客在哪一步流失？
-- en: At which step does each channel lose its visitors?
-- answers: One row per channel, and `all` for the total, with the distinct visitors of
--   the month at each step and the share that reaches it. A visitor through three
--   channels counts in each of them, so channels do not add up to the total.
-- needs: web.events
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

step_values as (
    select kpi_values.*
    from marts.kpi_values as kpi_values
    inner join choice
        on
            kpi_values.period_start_on = choice.month_on
            and kpi_values.shop_id = choice.shop_id
    where
        kpi_values.period = 'month'
        and kpi_values.dimension in ('all', 'channel')
        and kpi_values.kpi_code in (
            'visitors', 'product_view_rate', 'atc_rate_visitor', 'checkout_rate',
            'order_cvr', 'pay_cvr'
        )
        and coalesce(kpi_values.evidence, 'event') = 'event'
),

funnel as (
    select
        dimension_value as channel,
        max(value) filter (where kpi_code = 'visitors') as visitor_count,
        max(numerator) filter (where kpi_code = 'product_view_rate')
            as product_viewer_count,
        max(numerator) filter (where kpi_code = 'atc_rate_visitor')
            as cart_visitor_count,
        max(numerator) filter (where kpi_code = 'checkout_rate')
            as checkout_visitor_count,
        max(numerator) filter (where kpi_code = 'order_cvr')
            as ordering_visitor_count,
        max(numerator) filter (where kpi_code = 'pay_cvr') as paying_visitor_count,
        max(value) filter (where kpi_code = 'product_view_rate') as view_rate,
        max(value) filter (where kpi_code = 'atc_rate_visitor') as cart_rate,
        max(value) filter (where kpi_code = 'checkout_rate') as checkout_rate,
        max(value) filter (where kpi_code = 'order_cvr') as order_rate,
        max(value) filter (where kpi_code = 'pay_cvr') as pay_rate,
        min(coverage) filter (where coverage <> 'ok') as reason_en,
        min(coverage_zh) filter (where coverage <> 'ok') as reason_zh
    from step_values
    group by dimension_value
)

select
    choice.month_on,
    funnel.channel,
    coalesce(labels.zh, '全部') as channel_zh,
    coalesce(labels.en, 'All') as channel_en,
    cast(funnel.visitor_count as bigint) as visitor_count,
    cast(funnel.product_viewer_count as bigint) as product_viewer_count,
    cast(funnel.cart_visitor_count as bigint) as cart_visitor_count,
    cast(funnel.checkout_visitor_count as bigint) as checkout_visitor_count,
    cast(funnel.ordering_visitor_count as bigint) as ordering_visitor_count,
    cast(funnel.paying_visitor_count as bigint) as paying_visitor_count,
    funnel.view_rate,
    funnel.cart_rate,
    funnel.checkout_rate,
    funnel.order_rate,
    funnel.pay_rate,
    case
        when funnel.channel is null then 'no visit in this month'
        else funnel.reason_en
    end as reason_en,
    case when funnel.channel is null then '该月没有访问' else funnel.reason_zh end
        as reason_zh
from choice
left join funnel on true
left join meta.code_labels as labels
    on funnel.channel = labels.code and labels.label_kind = 'channel'
order by funnel.channel <> 'all', funnel.visitor_count desc, funnel.channel asc
