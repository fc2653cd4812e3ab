-- Table functions of the released file: what held on a day. `customer_360_as_of` states what the run of the day knew,
-- `purchases_as_of` what is known now. The others take the time of the knowledge, `known_at`. NULL is now.

create or replace macro marts.tags_as_of(day_on, known_at := null) as table
    select customer_id, tag_code, tag_value, valid_from_on, valid_to_on, evidence
    from marts.customer_tags
    where
        valid_from_on <= day_on and (valid_to_on is null or valid_to_on > day_on)
        and (known_at is null or recorded_from_at <= known_at)
        and (recorded_to_at is null or recorded_to_at > known_at);

create or replace macro marts.members_as_of(day_on, known_at := null) as table
    select segment_code, customer_id, entered_on, left_on
    from marts.segment_history
    where
        entered_on <= day_on and (left_on is null or left_on > day_on)
        and (known_at is null or recorded_from_at <= known_at)
        and (recorded_to_at is null or recorded_to_at > known_at);

create or replace macro marts.customer_360_as_of(day_on) as table
    with known as (
        select max(as_of_on) as as_of_on, max(recorded_at) as known_at
        from meta.recorded_runs
        where as_of_on <= day_on
    ),

    states as (
        select history.* exclude (recorded_from_at, recorded_to_at)
        from marts.customer_360_history as history
        cross join known
        where
            history.recorded_from_at <= known.known_at
            and (history.recorded_to_at is null or history.recorded_to_at > known.known_at)
    ),

    scores as (
        select
            tags.customer_id,
            max(case when tag_code = 'rfm_r' then try_cast(tag_value as bigint) end) as rfm_recency_score,
            max(case when tag_code = 'rfm_f' then try_cast(tag_value as bigint) end) as rfm_frequency_score,
            max(case when tag_code = 'rfm_m' then try_cast(tag_value as bigint) end) as rfm_monetary_score
        from marts.customer_tags as tags
        cross join known
        where
            tags.tag_code in ('rfm_r', 'rfm_f', 'rfm_m')
            and tags.valid_from_on <= known.as_of_on
            and (tags.valid_to_on is null or tags.valid_to_on > known.as_of_on)
            and tags.recorded_from_at <= known.known_at
            and (tags.recorded_to_at is null or tags.recorded_to_at > known.known_at)
        group by tags.customer_id
    )

    select
        states.*,
        scores.rfm_recency_score,
        scores.rfm_frequency_score,
        scores.rfm_monetary_score,
        date_diff('day', states.last_order_on, known.as_of_on) as recency_days,
        known.as_of_on
    from states
    left join scores on states.customer_id = scores.customer_id
    cross join known;

create or replace macro marts.purchases_as_of(day_on) as table
    with refunds as (
        select order_key, sum(goods_refunded_amount) as refunded_amount
        from marts.refunds
        where is_success and refunded_on <= day_on and order_key is not null
        group by order_key
    )

    select
        orders.customer_id,
        min(orders.ordered_on) as first_order_on,
        max(orders.ordered_on) as last_order_on,
        date_diff('day', max(orders.ordered_on), day_on) as recency_days,
        count(*) as order_count,
        count(distinct orders.ordered_on) as purchase_day_count,
        sum(orders.goods_amount) as goods_amount,
        sum(coalesce(refunds.refunded_amount, 0)) as goods_refunded_amount,
        sum(orders.goods_amount - coalesce(refunds.refunded_amount, 0)) as net_amount
    from marts.orders as orders
    left join refunds on orders.order_key = refunds.order_key
    where orders.is_sale and orders.ordered_on <= day_on
    group by orders.customer_id;
