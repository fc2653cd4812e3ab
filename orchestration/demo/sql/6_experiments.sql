-- Experiments of the testing tool of the own store: cookies of the tool, which no other system has.
-- Sizes and days are fixed, as in the list `experiments`; the draws depend on the seed alone.
create table experiments as
select * from (
    values
        (1, 'home_page_aa_2026_08', 'same', 'order_rate', 'rate', date '2026-08-03', 14, 6000, 0.50, 1.00),
        (2, 'bundle_offer_2026_09', 'bundle', 'spend_per_visitor', 'mean', date '2026-09-01', 28, 12000, 0.50, 1.08),
        (3, 'search_ranking_2026_10', 'personal', 'clicks_per_view', 'ratio', date '2026-10-01', 14, 8000, 0.50, 1.10),
        (4, 'checkout_page_2026_10', 'one_page', 'order_rate', 'rate', date '2026-10-12', 14, 20000, 0.48, 1.00)
) as rows_of_list (
    number, experiment_id, variant, metric, metric_kind, starts_on, day_count, unit_count,
    variant_rate, effect
);

-- One row per experiment and unit, with its variant and normal numbers by Box and Muller.
create table experiment_units as
with numbered as (
    select experiments.*, number * 1000000 + unit_no as unit
    from experiments
    cross join range(20000) as units (unit_no)
    where unit_no < unit_count
)

select
    *,
    'x' || left(token(unit, 'experiment'), 15) as unit_id,
    u(unit, 'experiment_variant') < variant_rate as is_treated,
    -- The cookie was lost, and the tool assigned the unit again.
    number = 1 and u(unit, 'experiment_again') < 0.002 as is_in_both,
    starts_on + to_seconds((u(unit, 'experiment_time') * day_count * 86400)::bigint) as assigned_at,
    sqrt(-2 * ln(1 - u(unit, 'experiment_normal'))) * cos(2 * pi() * u(unit, 'experiment_angle'))
        as before_z,
    sqrt(-2 * ln(1 - u(unit, 'experiment_normal'))) * sin(2 * pi() * u(unit, 'experiment_angle'))
        as other_z,
from numbered;

-- One row per assignment that the tool exports.
create table experiment_assignments as
select
    experiment_id, unit_id, if(is_treated, variant, 'control') as variant, assigned_at
from experiment_units
union all
select
    experiment_id, unit_id, if(is_treated, 'control', variant), assigned_at + interval 30 minute
from experiment_units
where is_in_both;

-- One row per unit and outcome. Orders are exported of units that ordered, the others of all units.
create table experiment_outcomes as
with views as (
    select
        unit,
        1 + floor(10 * u(unit, 'experiment_views'))::bigint as view_count,
        0.1 + 0.2 * u(unit, 'experiment_taste') as click_rate,
    from experiment_units
    where metric_kind = 'ratio'
),

clicks as (
    select
        unit, any_value(view_count) as view_count,
        count(*) filter (
            where u(unit * 16 + view_no, 'experiment_click')
                < click_rate * if(is_treated, effect, 1)
        ) as click_count,
    from views
    inner join experiment_units using (unit)
    cross join range(1, 11) as numbers (view_no)
    where view_no <= view_count
    group by unit
),

measured as (
    select
        units.*,
        case metric_kind
            when 'rate' then (u(unit, 'experiment_order') < 0.12 * effect)::int * 100
            when 'mean' then floor(
                if(u(unit, 'experiment_buys') < 0.8, 8000, 0) * if(is_treated, effect, 1)
                * exp(0.48 * before_z + 0.36 * other_z - 0.18)
            )
            else click_count * 100
        end::bigint as numerator_cents,
        if(metric_kind = 'ratio', view_count, null) as denominator,
        if(metric_kind = 'mean', floor(8000 * exp(0.6 * before_z - 0.18))::bigint, null)
            as covariate_cents,
    from experiment_units as units
    left join clicks using (unit)
)

select
    experiment_id, unit_id, metric, numerator_cents, denominator, covariate_cents,
    least(assigned_at + interval 7 day, starts_on + to_days(day_count)) as observed_at,
from measured
where metric_kind <> 'rate' or numerator_cents > 0;
