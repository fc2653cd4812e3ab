-- One row: the thresholds of returns as text, for the functions that estimate returns
-- and split budgets.
select
    'least_days=' || cast(least_days as string)
    || ';most_gap_rate=' || cast(most_gap_rate as string)
    || ';most_sales_rate=' || cast(most_sales_rate as string)
    || ';least_residual_cv=' || cast(least_residual_cv as string)
    || ';least_level_cv=' || cast(least_level_cv as string)
    || ';least_level_changes=' || cast(least_level_changes as string)
    || ';most_shared_rate=' || cast(most_shared_rate as string)
    || ';most_interval_width=' || cast(most_interval_width as string)
    || ';low_quantile=' || cast(low_quantile as string)
    || ';high_quantile=' || cast(high_quantile as string)
    || ';present_days=' || cast(present_days as string)
    || ';curve_points=' || cast(curve_points as string)
    || ';power=' || cast(power as string)
    || ';pause_rate=' || cast(pause_rate as string)
    || ';most_experiment_weeks=' || cast(most_experiment_weeks as string)
    || ';most_change_rate=' || cast(most_change_rate as string) as rules
from {{ ref('return_policy') }}
