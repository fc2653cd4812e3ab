-- Every need of a KPI is a feed of the contract, a kind of event or a column that not
-- every export has. Codes of the catalogue are from the closed lists.
{{ config(meta={'dagster': {'ref': {'name': 'int_kpi__source_coverage'}}}) }}
with parts as (
    select
        catalogue.kpi_code,
        split_part(catalogue.needs, ';', positions.part) as need
    from {{ ref('kpi_catalogue') }} as catalogue
    cross join (values (1), (2), (3), (4), (5), (6)) as positions (part)
)

select
    parts.kpi_code,
    'unknown need: ' || parts.need as problem
from parts
left join {{ ref('int_kpi__source_coverage') }} as needs on parts.need = needs.need
where parts.need <> '' and needs.need is null
union all
select
    kpi_code,
    'unknown word' as problem
from {{ ref('kpi_catalogue') }}
where
    kpi_group not in (
        'traffic', 'conversion', 'retention', 'basket', 'efficiency', 'service',
        'stock'
    )
    or direction not in ('higher', 'lower', 'neutral')
    or aggregation not in ('sum', 'ratio', 'median')
    or additivity not in ('additive', 'semi', 'none')
    or usual_evidence not in ('event', 'orders', 'ads', 'crm')
    or (aggregation = 'sum') <> (denominator_is is null)
    or (aggregation = 'sum') <> (denominator is null)
union all
select
    variants.kpi_code,
    'variant of an unknown code: ' || variants.variant_of as problem
from {{ ref('kpi_catalogue') }} as variants
left join {{ ref('kpi_catalogue') }} as catalogue
    on variants.variant_of = catalogue.kpi_code
where variants.variant_of is not null and catalogue.kpi_code is null
