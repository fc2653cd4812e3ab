-- One row per identifier that was a hub at the end of the last run, kept aside before
-- this run judges again.
{{ rows_of_last_run('int_identity__hubs', {'identifier_key': 'string'}) }}
