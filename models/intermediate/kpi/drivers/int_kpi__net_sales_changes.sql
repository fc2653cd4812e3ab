-- One row per period, shop (`all` included), earlier period, breakdown and part of the
-- change of net sales. The contributions of a breakdown add up to the change.
{{ config(materialized='view') }}
with comparisons as (select * from {{ ref('int_kpi__net_sales_comparisons') }}),

driver_changes as (select * from {{ ref('int_kpi__driver_changes') }}),

slice_changes as (select * from {{ ref('int_kpi__slice_changes') }}),

product_changes as (select * from {{ ref('int_kpi__product_changes') }}),

products as (select * from {{ ref('int_orders__products') }}),

labels as (
    select
        label_kind,
        code,
        en,
        zh
    from {{ ref('labels') }}
    union all
    select
        'shop' as label_kind,
        code,
        en,
        zh
    from {{ ref('int_kpi__shop_labels') }}
),

amount_changes as (
    select * from slice_changes
    union all
    select * from product_changes
),

changes as (
    select * from driver_changes
    union all
    select
        period,
        period_start_on,
        shop_id,
        compared_with,
        breakdown,
        part,
        'currency' as level_unit,
        'orders' as evidence,
        cast(before_amount as decimal(28, 6)) as before_level,
        cast(after_amount as decimal(28, 6)) as after_level,
        cast(after_amount - before_amount as decimal(18, 4)) as contribution_amount
    from amount_changes
)

select
    changes.period,
    changes.period_start_on,
    changes.shop_id,
    changes.compared_with,
    comparisons.earlier_start_on,
    comparisons.earlier_end_on,
    changes.breakdown,
    changes.part,
    coalesce(products.product_name, labels.en, changes.part) as part_en,
    coalesce(products.product_name, labels.zh, changes.part) as part_zh,
    changes.level_unit,
    changes.evidence,
    cast(changes.before_level as double) as before_level,
    cast(changes.after_level as double) as after_level,
    changes.contribution_amount,
    comparisons.is_complete,
    comparisons.is_final
from changes
inner join comparisons
    on
        changes.period = comparisons.period
        and changes.period_start_on = comparisons.period_start_on
        and changes.shop_id = comparisons.shop_id
        and changes.compared_with = comparisons.compared_with
left join products
    on
        case when changes.breakdown = 'product' then changes.part end
        = products.product_key
left join labels
    on
        changes.part = labels.code
        and labels.label_kind = case
            when
                changes.breakdown in ('drivers', 'buyers')
                or changes.part in ('unassigned', 'other_products')
                then 'net_sales_part'
            else changes.breakdown
        end
