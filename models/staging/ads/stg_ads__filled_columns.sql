-- One row per need of a KPI and shop that columns of an ad feed meet: how many rows
-- fill one.
{{ filled_columns('ads', 'daily_spend', {
    'ads.daily_spend.impressions': 'impressions',
    'ads.daily_spend.clicks': 'clicks',
    'ads.daily_spend.claimed_conversions': 'claimed_conversions',
    'ads.daily_spend.claimed_amount': 'claimed_amount',
}) }}
