-- One row per experiment of this shop, with the thresholds that apply and whether the
-- feeds of its shop are connected. Examples of the project count in the demo shop only.
with experiments as (
    select *
    from {{ ref('experiments') }}
    where coalesce(example_of, '') in ('', '{{ shop_code() }}')
),

policy as (select * from {{ ref('experiment_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

feed_shops as (
    select
        feed,
        shop_id
    from feeds
    union
    select
        feed,
        'all' as shop_id
    from feeds
),

sources as (
    select
        experiments.experiment_id,
        count_if(feed_shops.feed = 'web.experiment_assignments') > 0
            as has_assignments,
        count_if(feed_shops.feed = 'web.experiment_outcomes') > 0 as has_outcomes
    from experiments
    left join feed_shops on experiments.shop_id = feed_shops.shop_id
    group by experiments.experiment_id
)

select
    experiments.experiment_id,
    experiments.en,
    experiments.zh,
    experiments.shop_id,
    lower(trim(experiments.metric)) as metric,
    experiments.metric_kind,
    coalesce(experiments.missing_is_zero, false)
    and experiments.metric_kind <> 'ratio' as missing_is_zero,
    lower(trim(experiments.control_variant)) as control_variant,
    experiments.starts_on,
    experiments.ends_on,
    {{ days_between('experiments.starts_on', 'experiments.ends_on') }} + 1
        as planned_days,
    experiments.starts_on > as_of.as_of_on as is_planned,
    experiments.ends_on > as_of.as_of_on as is_unfinished,
    sources.has_assignments,
    sources.has_outcomes,
    cast(experiments.baseline as double) as baseline,
    cast(experiments.least_effect_rate as double) as least_effect_rate,
    cast(coalesce(experiments.power, policy.power) as double) as power,
    experiments.daily_unit_count,
    cast(policy.confidence as double) as confidence,
    cast(policy.sample_ratio_p as double) as least_sample_ratio_p,
    policy.least_unit_count,
    cast(policy.least_covariate_rate as double) as least_covariate_rate
from experiments
inner join sources on experiments.experiment_id = sources.experiment_id
cross join policy
cross join as_of
