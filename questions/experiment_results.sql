-- zh: 各实验有效吗，结果可信吗？
-- en: Did the experiments have an effect, and can the results be trusted?
-- answers: One row per experiment and variant other than control, with the relative
--   lift of the best known figure (adjusted by the covariate if there is one) and its
--   interval, or the reason why no result is shown.
-- needs: web.experiment_assignments
with results as (select * from marts.experiment_results)

select
    results.experiment_id,
    results.experiment_en,
    results.experiment_zh,
    results.variant,
    results.starts_on,
    results.ends_on,
    shop.data_until_on,
    results.metric,
    results.control_unit_count,
    results.variant_unit_count,
    results.state,
    coalesce(results.adjusted_relative_lift, results.relative_lift) as relative_lift,
    coalesce(results.adjusted_relative_lift_low, results.relative_lift_low)
        as relative_lift_low,
    coalesce(results.adjusted_relative_lift_high, results.relative_lift_high)
        as relative_lift_high,
    coalesce(results.adjusted_p_value, results.p_value) as p_value,
    case
        when results.experiment_id is null then 'the lists have no experiment'
        when results.state <> 'ok' then results.state_en
    end as reason_en,
    case
        when results.experiment_id is null then '清单中没有实验'
        when results.state <> 'ok' then results.state_zh
    end as reason_zh
from meta.shop as shop
left join results on true
order by results.starts_on desc, results.experiment_id asc, results.variant asc
