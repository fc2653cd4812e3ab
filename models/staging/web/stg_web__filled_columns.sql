-- One row per KPI input that columns of a web feed provide, and shop: the number of
-- rows in which one of the columns is filled.
{{ filled_columns('web', 'events', {
    'web.events.source': [
        'referrer_url', 'utm_source', 'utm_medium', 'utm_campaign'
    ],
}) }}
