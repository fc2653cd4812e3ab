-- One row per web feed, source system, shop and business day with the number of rows.
{{ feed_days('web', 'events', 'event_at') }}
union all
{{ feed_days('web', 'daily_traffic', 'traffic_on') }}
union all
{{ feed_days('web', 'experiment_assignments', 'assigned_at') }}
union all
{{ feed_days('web', 'experiment_outcomes', 'observed_at') }}
