-- One row per ERP feed, source system, shop and business day with the number of rows.
-- An order covers the day on which it was placed and the day on which it was paid.
{{ feed_days('erp', 'customers', 'created_at') }}
union all
{{ feed_days('erp', 'orders', 'ordered_at', also='paid_at') }}
union all
{{ feed_days('erp', 'order_lines', 'updated_at') }}
union all
{{ feed_days('erp', 'refunds', 'refunded_at') }}
union all
{{ feed_days('erp', 'products', 'updated_at') }}
union all
{{ feed_days('erp', 'promotions', 'starts_at') }}
union all
{{ feed_days('erp', 'promotion_periods', 'starts_at') }}
union all
{{ feed_days('erp', 'coupons', 'valid_from_at') }}
union all
{{ feed_days('erp', 'coupon_redemptions', 'redeemed_at') }}
union all
{{ feed_days('erp', 'inventory', 'counted_on') }}
union all
{{ feed_days('erp', 'places', 'opened_on') }}
union all
{{ feed_days('erp', 'settlements', 'settled_at') }}
union all
{{ feed_days('erp', 'bundles', 'updated_at') }}
union all
{{ feed_days('erp', 'costs', 'starts_on') }}
union all
{{ feed_days('erp', 'product_costs', 'updated_at') }}
