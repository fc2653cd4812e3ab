-- One row per day with an event that landed, changed or was removed since the events
-- were built last.
{{ config(materialized='changed_keys') }}
with landed_events as (
    select * from {{ ref('stg_web__events') }}
    where {{ landed_since_last_build('web_events') }}
),

replaced_events as (
    {{ replaced_since_last_build('web_events', ref('stg_web__events')) }}
)

select event_on as day_on
from landed_events
union
select {{ shop_date('event_at') }} as day_on
from replaced_events
