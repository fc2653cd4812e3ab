-- One row per fit that an earlier run recorded in int_value__fit_history.
with recorded as (
    {{ rows_of_last_run(
        'int_value__fit_history', {'fit_id': 'string'}, survives_refresh=true
    ) }}
)

select fit_id
from recorded
group by fit_id
