-- One row per record and list of the operator that named it in the last run, kept aside
-- before the lists are read again.
{{ rows_of_last_run('int_identity__operator_rules', {'record_key': 'string'}) }}
