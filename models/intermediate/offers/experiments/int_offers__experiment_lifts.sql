-- One row per experiment of this shop, variant other than control, and whether the
-- figures are adjusted by the covariate: lift over the control with its interval and
-- p-value by Welch. The interval of the relative lift is that of Fieller: it contains 0
-- exactly if the interval of the absolute lift does.
with contrasts as (select * from {{ ref('int_offers__experiment_contrasts') }}),

quantiles as (
    select
        *,
        student_t_quantile((1 + confidence) / 2, degrees) as t_quantile
    from contrasts
),

-- Where the control is not distinguishable from 0, the interval is not bounded.
bounds as (
    select
        *,
        1 - power(t_quantile, 2) * control_variance / nullif(power(control_mean, 2), 0)
            as boundedness
    from quantiles
),

half_widths as (
    select
        *,
        case
            when boundedness > 0
                then
                    t_quantile
                    * sqrt(
                        boundedness * variant_variance
                        + power(means_ratio, 2) * control_variance
                    )
                    / control_mean
        end as half_width
    from bounds
)

select
    experiment_id,
    variant,
    is_adjusted,
    control_mean,
    variant_mean,
    absolute_lift,
    absolute_error,
    absolute_lift - t_quantile * absolute_error as absolute_lift_low,
    absolute_lift + t_quantile * absolute_error as absolute_lift_high,
    means_ratio - 1 as relative_lift,
    (means_ratio - half_width) / nullif(boundedness, 0) - 1 as relative_lift_low,
    (means_ratio + half_width) / nullif(boundedness, 0) - 1 as relative_lift_high,
    2 * student_t_probability(-abs(absolute_lift) / nullif(absolute_error, 0), degrees)
        as p_value
from half_widths
