-- One row per window of observation with enough data and purchase model, with its
-- state, parameters and log-likelihood.
with window_fits as (select * from {{ ref('int_value__window_fits') }}),

models as (
    select
        *,
        row_number() over (order by model) as position
    from {{ ref('ltv_models') }}
),

lines as (
    select
        window_fits.window_number,
        models.model,
        models.is_candidate,
        split_part(window_fits.fits, chr(10), cast(models.position as int)) as fit
    from window_fits
    cross join models
)

select
    window_number,
    model,
    is_candidate,
    fit,
    {{ fit_part('fit', 2) }} as state,
    {{ fit_number('fit', 3) }} as r,
    {{ fit_number('fit', 4) }} as alpha_weeks,
    {{ fit_number('fit', 5) }} as a,
    {{ fit_number('fit', 6) }} as b,
    {{ fit_number('fit', 7) }} as mean_dropout_rate,
    {{ fit_number('fit', 8) }} as log_likelihood,
    {{ fit_number('fit', 9) }} as log_likelihood_no_dropout
from lines
