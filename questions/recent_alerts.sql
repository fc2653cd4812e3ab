-- zh: 近期有哪些指标异常，主因是什么？
-- en: Which KPIs left their own history lately, and what explains it?
-- answers: One row per alert whose last day lies within the days before the end of the
--   data, unfavourable ones first, with the slice that explains most of it.
-- needs: none
-- set recent_days: how far to look back (default 30)
with choice as (
    select
        data_until_on,
        coalesce(cast(getvariable('recent_days') as integer), 30) as recent_days
    from meta.shop
)

select
    alerts.kpi_code,
    alerts.zh,
    alerts.en,
    alerts.found_on,
    alerts.last_on,
    alerts.is_bad,
    alerts.value,
    alerts.expected_value,
    alerts.change as change_rate,
    alerts.main_dimension,
    alerts.main_dimension_value,
    alerts.owner,
    case when alerts.alert_key is null then 'no alert in these days' end as reason_en,
    case when alerts.alert_key is null then '近期没有预警' end as reason_zh
from choice
left join marts.kpi_alerts as alerts
    on alerts.last_on > choice.data_until_on - choice.recent_days
order by alerts.is_bad desc, alerts.last_on desc, alerts.alert_key asc
