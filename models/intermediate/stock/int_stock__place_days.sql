-- One row per product, place and day from its first count on. A count holds until the
-- next one, for at most the days of the policy; after that, the stock is NULL with the
-- reason. A day without a count is never a day without stock.
with inventory as (select * from {{ ref('stg_erp__inventory') }}),

places as (select * from {{ ref('stg_erp__places') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('stock_policy') }}),

counts as (
    select
        inventory.*,
        {{ product('inventory.unit_cost', 'rates.rate') }} as shop_unit_cost,
        lead(inventory.counted_on) over (
            partition by
                inventory.source_system, inventory.shop_id, inventory.place_id,
                inventory.product_id
            order by inventory.counted_on
        ) as next_counted_on
    from inventory
    left join rates
        on
            coalesce(inventory.currency, '{{ shop_currency() }}') = rates.from_currency
            and inventory.counted_on >= rates.valid_from
            and inventory.counted_on < rates.valid_to
),

-- Days after the close of a place have no stock and no row.
stretches as (
    select
        counts.*,
        policy.carry_days,
        least(
            coalesce(counts.next_counted_on - 1, as_of.as_of_on),
            as_of.as_of_on,
            coalesce(places.closed_on, as_of.as_of_on)
        ) as last_on
    from counts
    left join places
        on
            counts.source_system = places.source_system
            and counts.shop_id = places.shop_id
            and counts.place_id = places.place_id
    cross join as_of
    cross join policy
    where
        counts.counted_on <= as_of.as_of_on
        and counts.counted_on > as_of.as_of_on - cast(policy.history_days as int)
),

days as (
    select
        *,
        {{ days_from_to('counted_on', 'last_on') }} as day
    from stretches
    where last_on >= counted_on
),

aged as (
    select
        *,
        cast(day as date) as day_on,
        {{ days_between('counted_on', 'cast(day as date)') }} as days_since_count
    from days
)

select
    day_on,
    source_system,
    shop_id as stock_shop_id,
    place_id,
    product_id,
    counted_on,
    days_since_count,
    case when days_since_count <= carry_days then on_hand_quantity end
        as on_hand_quantity,
    case
        when days_since_count <= carry_days
            then coalesce(available_quantity, on_hand_quantity)
    end as available_quantity,
    case when days_since_count <= carry_days then reserved_quantity end
        as reserved_quantity,
    case when days_since_count <= carry_days then in_transit_quantity end
        as in_transit_quantity,
    shop_unit_cost as unit_cost,
    case
        when days_since_count > carry_days then 'the last count is too old'
    end as stock_gap
from aged
