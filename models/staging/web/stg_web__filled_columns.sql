-- One row per need of a KPI and shop that columns of a web feed meet: how many rows
-- fill one.
{{ filled_columns('web', 'events', {
    'web.events.source': [
        'referrer_url', 'utm_source', 'utm_medium', 'utm_campaign'
    ],
}) }}
