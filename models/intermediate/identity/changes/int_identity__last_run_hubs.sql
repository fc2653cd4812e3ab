-- One row per identifier that was a hub at the end of the last run, copied before this
-- run replaces the hubs.
{{ rows_of_last_run('int_identity__hubs', {'identifier_key': 'string'}) }}
