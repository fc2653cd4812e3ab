-- One row per customer and time since which its state is recorded, with what
-- customer_360 stated then. Columns that change with the day alone are left out:
-- recency follows from `last_order_on`, scores from `customer_tags`.

-- noqa: disable=RF02,ST07
with records as (select * from {{ ref('int_value__customer_records') }}),

periods as (
    select
        *,
        recorded_at as recorded_from_at,
        lead(recorded_at) over (
            partition by customer_id order by recorded_at
        ) as recorded_to_at
    from records
)

select {{ contract_columns() }}
from periods
where not is_gone
