-- One row per comparison of net sales, breakdown (`drivers`, `buyers`, `shop`) and
-- part, with the level of the part in both periods and its contribution. Contributions
-- of all shops are the sums over the shops. Levels of all shops are NULL for counts and
-- ratios, because a person may be a visitor or buyer of several shops, unless net sales
-- cover one shop.
with comparisons as (select * from {{ ref('int_kpi__net_sales_comparisons') }}),

buyer_changes as (select * from {{ ref('int_kpi__buyer_changes') }}),

amount_changes as (select * from {{ ref('int_kpi__amount_changes') }}),

shops as (
    select count(distinct shop_id) as shop_count
    from amount_changes
),

changes as (
    select
        *,
        false as is_amount
    from buyer_changes
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
        before_level,
        after_level,
        contribution_amount,
        true as is_amount
    from amount_changes
)

select
    changes.period,
    changes.period_start_on,
    changes.shop_id,
    changes.compared_with,
    changes.breakdown,
    changes.part,
    changes.level_unit,
    changes.evidence,
    changes.before_level,
    changes.after_level,
    changes.contribution_amount
from changes
inner join comparisons
    on
        changes.period = comparisons.period
        and changes.period_start_on = comparisons.period_start_on
        and changes.shop_id = comparisons.shop_id
        and changes.compared_with = comparisons.compared_with
where changes.breakdown <> 'shop'
union all
select
    changes.period,
    changes.period_start_on,
    'all' as shop_id,
    changes.compared_with,
    changes.breakdown,
    case when changes.breakdown = 'shop' then changes.shop_id else changes.part end
        as part,
    changes.level_unit,
    max(changes.evidence) as evidence,
    case
        when bool_and(changes.is_amount) or max(shops.shop_count) = 1
            then cast(sum(changes.before_level) as decimal(28, 6))
    end as before_level,
    case
        when bool_and(changes.is_amount) or max(shops.shop_count) = 1
            then cast(sum(changes.after_level) as decimal(28, 6))
    end as after_level,
    cast(sum(changes.contribution_amount) as decimal(18, 4)) as contribution_amount
from changes
cross join shops
group by
    changes.period, changes.period_start_on, changes.compared_with, changes.breakdown,
    case when changes.breakdown = 'shop' then changes.shop_id else changes.part end,
    changes.level_unit
