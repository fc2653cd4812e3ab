-- One row per record and pair that the matcher proposes as one person: accepted, or
-- only probable enough for a review.
{{ config(materialized='view') }}
with pairs as (select * from {{ ref('stg_crm__matches') }}),

policy as (select * from {{ ref('match_policy') }}),

judged as (
    select
        pairs.*,
        md5(
            'fuzzy_match|' || pairs.record_key_a || '|' || pairs.record_key_b
        ) as pair_key,
        pairs.probability >= policy.accept_probability as is_accepted
    from pairs
    cross join policy
    where policy.is_enabled and pairs.probability >= policy.review_probability
)

select
    pair_key,
    record_key_a as record_key,
    is_accepted,
    probability,
    evidence,
    model_version
from judged
union all
select
    pair_key,
    record_key_b as record_key,
    is_accepted,
    probability,
    evidence,
    model_version
from judged
