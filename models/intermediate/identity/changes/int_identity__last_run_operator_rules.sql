-- One row per record that a list of the operator named in the last run, copied before
-- this run reads the lists again.
with past_rules as (
    {{ rows_of_last_run('int_identity__operator_rules', {'record_key': 'string'}) }}
)

select distinct record_key
from past_rules
