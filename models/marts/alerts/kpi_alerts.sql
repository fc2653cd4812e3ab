-- One row per alert: a KPI that deviates from its own history, or several KPIs that
-- diverge, with size, evidence and the slice that explains most of it.
with deviations as (select * from {{ ref('int_alerts__deviations') }}),

divergences as (select * from {{ ref('int_alerts__new_divergences') }}),

slices as (select * from {{ ref('int_alerts__alert_slices') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

alerts as (
    select
        md5('deviation|' || kpi_code || '|' || cast(found_on as string)) as alert_key,
        'deviation' as alert_type,
        kpi_code,
        deviation,
        found_on,
        last_on,
        value,
        expected_value,
        score,
        cast(null as string) as en,
        cast(null as string) as zh,
        cast(null as string) as evidence,
        cast(null as string) as evidence_zh,
        {{ percent_words('(value / nullif(expected_value, 0) - 1)') }} as words
    from deviations
    union all
    select
        md5(
            'divergence|' || divergence || '|' || cast(found_on as string)
        ) as alert_key,
        'divergence' as alert_type,
        kpi_code,
        divergence as deviation,
        found_on,
        last_on,
        value,
        past_value as expected_value,
        cast(null as double) as score,
        en,
        zh,
        evidence,
        evidence_zh,
        cast(null as string) as words
    from divergences
),

-- Of several slices with the same share, the first in alphabetical order.
main_slices as (
    select
        alert_key,
        dimension,
        dimension_value,
        explained_share
    from slices
    qualify
        row_number() over (
            partition by alert_key
            order by explained_share desc, dimension asc, dimension_value asc
        ) = 1
)

select
    alerts.alert_key,
    alerts.alert_type,
    alerts.kpi_code,
    alerts.deviation,
    alerts.found_on,
    alerts.last_on,
    alerts.alert_type = 'divergence'
    or (alerts.deviation = 'down' and catalogue.direction = 'higher')
    or (alerts.deviation = 'up' and catalogue.direction = 'lower') as is_bad,
    alerts.value,
    alerts.expected_value,
    alerts.value / nullif(alerts.expected_value, 0) - 1 as change,
    alerts.score,
    coalesce(alerts.en, catalogue.en || ' ' || alerts.deviation) as en,
    coalesce(
        alerts.zh,
        catalogue.zh || case alerts.deviation when 'up' then '异常升高' else '异常下降' end
    ) as zh,
    coalesce(
        alerts.evidence,
        catalogue.en || alerts.words || ' against what its history lets expect'
    ) as evidence,
    coalesce(
        alerts.evidence_zh, catalogue.zh || alerts.words || '，与历史预期相比'
    ) as evidence_zh,
    main_slices.dimension as main_dimension,
    main_slices.dimension_value as main_dimension_value,
    main_slices.explained_share as main_share,
    catalogue.owner
from alerts
inner join catalogue on alerts.kpi_code = catalogue.kpi_code
left join main_slices on alerts.alert_key = main_slices.alert_key
