-- One row per connected feed, source system and shop: how much arrived, from when to
-- when.
{{ feed_rows('crm', 'customers', 'registered_at') }}
union all
{{ feed_rows('crm', 'identifiers', 'updated_at') }}
union all
{{ feed_rows('crm', 'interactions', 'opened_at') }}
union all
{{ feed_rows('crm', 'consents', 'decided_at') }}
union all
{{ feed_rows('crm', 'reviews', 'reviewed_at') }}
union all
{{ feed_rows('erp', 'customers', 'created_at') }}
union all
{{ feed_rows('erp', 'orders', 'ordered_at') }}
union all
{{ feed_rows('erp', 'order_lines', 'updated_at') }}
union all
{{ feed_rows('erp', 'refunds', 'refunded_at') }}
union all
{{ feed_rows('erp', 'products', 'updated_at') }}
union all
{{ feed_rows('erp', 'promotions', 'starts_at') }}
union all
{{ feed_rows('ads', 'campaigns', 'updated_at') }}
union all
{{ feed_rows('ads', 'daily_spend', 'spend_on') }}
union all
{{ feed_rows('web', 'events', 'event_at') }}
union all
{{ feed_rows('web', 'daily_traffic', 'traffic_on') }}
