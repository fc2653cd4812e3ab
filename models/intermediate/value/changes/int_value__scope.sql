-- One row per customer to tag again. All tables that the tags read are built before
-- it, so that the tables of facts and the table of tags decide alike whether all
-- customers are tagged.
{{ config(materialized='view') }}
-- depends_on: {{ ref('int_value__cutoffs') }}
-- depends_on: {{ ref('int_value__price_bands') }}
-- depends_on: {{ ref('int_value__promotion_thresholds') }}
-- depends_on: {{ ref('int_value__purchase_cycle') }}
-- depends_on: {{ ref('int_value__series_shares') }}
-- depends_on: {{ ref('int_value__tag_sources') }}
select customer_id
from {{ ref('int_value__changed_customers') }}
