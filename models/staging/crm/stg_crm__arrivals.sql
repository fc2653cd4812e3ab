-- One row per CRM feed, source system, shop and business day with the number of rows.
{{ feed_days('crm', 'customers', 'registered_at') }}
union all
{{ feed_days('crm', 'identifiers', 'updated_at') }}
union all
{{ feed_days('crm', 'interactions', 'opened_at') }}
union all
{{ feed_days('crm', 'consents', 'decided_at') }}
union all
{{ feed_days('crm', 'reviews', 'reviewed_at') }}
union all
{{ feed_days('crm', 'matches') }}
union all
{{ feed_days('crm', 'leads', 'created_at') }}
