-- One row per pair of records that a matcher proposes, or has proposed, as one person.
-- Of several matchers the most certain one counts.
with source as (select * from {{ source('crm', 'matches') }}),

keyed as (
    select
        md5(
            record_type_a || '|' || source_system_a || '|'
            || shop_id_a || '|' || record_id_a
        ) as first_key,
        md5(
            record_type_b || '|' || source_system_b || '|'
            || shop_id_b || '|' || record_id_b
        ) as second_key,
        source_system,
        shop_id,
        probability,
        match_weight,
        evidence,
        model_version,
        scored_at,
        _loaded_at
    from source
)

select
    least(first_key, second_key) as record_key_a,
    greatest(first_key, second_key) as record_key_b,
    source_system as matched_by,
    probability,
    match_weight,
    evidence,
    model_version,
    scored_at,
    max(_loaded_at) over (
        partition by least(first_key, second_key), greatest(first_key, second_key)
    ) as loaded_at
from keyed
where first_key <> second_key
qualify row_number() over (
    partition by least(first_key, second_key), greatest(first_key, second_key)
    order by
        probability desc, scored_at desc, source_system asc, shop_id asc
) = 1
