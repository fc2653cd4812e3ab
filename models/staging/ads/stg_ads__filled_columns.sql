-- One row per KPI input that columns of an ad feed provide, and shop: the number of
-- rows in which one of the columns is filled.
{{ filled_columns('ads', 'daily_spend', {
    'ads.daily_spend.impressions': 'impressions',
    'ads.daily_spend.clicks': 'clicks',
    'ads.daily_spend.claimed_conversions': 'claimed_conversions',
    'ads.daily_spend.claimed_amount': 'claimed_amount',
}) }}
