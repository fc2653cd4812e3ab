-- One row per experiment with the planted effect and the share of the variant.
select
    experiment_id, variant, metric, metric_kind, effect::double as planted_ratio,
    variant_rate::double as variant_rate, unit_count::bigint as unit_count,
    count(*) filter (where is_treated) as variant_count,
    count(*) filter (where is_in_both) as several_variants_count,
from experiments
inner join experiment_units using (
    number, experiment_id, variant, metric, metric_kind, variant_rate, unit_count, effect
)
group by all
order by experiment_id
