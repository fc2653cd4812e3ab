-- One row per advertising feed, source system, shop and business day with the number of
-- rows.
{{ feed_days('ads', 'campaigns', 'updated_at') }}
union all
{{ feed_days('ads', 'creatives', 'updated_at') }}
union all
{{ feed_days('ads', 'daily_spend', 'spend_on') }}
