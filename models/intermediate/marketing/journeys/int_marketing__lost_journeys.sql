-- One row per journey without an order: touches of a customer or visitor with at most
-- `journey_days` days between them, no order up to `journey_days` days after the last
-- one, and these days passed.
with touches as (select * from {{ ref('int_sessions__touches') }}),

sales as (
    select * from {{ ref('int_orders__orders') }}
    where is_sale
),

order_visitors as (
    select distinct
        shop_id,
        order_id,
        visitor_key
    from {{ ref('int_sessions__events') }}
    where order_id is not null
),

policy as (select * from {{ ref('attribution_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

timeline as (
    select
        coalesce(customer_id, visitor_key) as person_key,
        touched_at as happened_at,
        channel,
        session_key as event_key
    from touches
    union all
    select
        customer_id as person_key,
        ordered_at as happened_at,
        cast(null as string) as channel,
        order_key as event_key
    from sales
    where not is_anonymous
    union all
    select
        order_visitors.visitor_key as person_key,
        sales.ordered_at as happened_at,
        cast(null as string) as channel,
        sales.order_key as event_key
    from sales
    inner join order_visitors
        on
            sales.shop_id = order_visitors.shop_id
            and sales.order_id = order_visitors.order_id
),

sequenced as (
    select
        *,
        row_number() over person as place,
        lag(channel) over person as previous_channel,
        lag(happened_at) over person as previous_at
    from timeline
    window
        person as (
            partition by person_key
            order by
                happened_at, case when channel is null then 1 else 0 end, event_key
        )
),

numbered as (
    select
        sequenced.*,
        policy.journey_days,
        -- A journey begins after an order or after a pause.
        sum(
            case
                when
                    sequenced.previous_channel is not null
                    and {{ seconds_between(
                        'sequenced.previous_at', 'sequenced.happened_at'
                    ) }} <= policy.journey_days * 86400
                    then 0
                else 1
            end
        ) over (
            partition by sequenced.person_key order by sequenced.place
            rows between unbounded preceding and current row
        ) as journey_number
    from sequenced
    cross join policy
)

select
    numbered.person_key,
    numbered.journey_number,
    min(numbered.happened_at) as first_touched_at,
    {{ path_of('numbered.channel', 'numbered.place') }} as path,
    {{ shop_date('max(numbered.happened_at)') }}
    + cast(max(numbered.journey_days) as int) as ended_on
from numbered
cross join as_of
group by numbered.person_key, numbered.journey_number
having
    count(*) = count(numbered.channel)
    and {{ shop_date('max(numbered.happened_at)') }}
    + cast(max(numbered.journey_days) as int) <= max(as_of.as_of_on)
