-- One row per customer id that earlier runs gave to a record, kept aside before this
-- run gives more.
{{ rows_of_last_run('int_identity__customer_ids', {
    'record_key': 'string', 'customer_id': 'string', 'generation': 'bigint'
}) }}
