-- One row per customer with a service contact in either direction, with the number, the
-- response time and the satisfaction of its contacts.
with interactions as (select * from {{ ref('stg_crm__interactions') }}),

crm_links as (select * from {{ ref('int_identity__crm_id_customers') }})

select
    crm_links.customer_id,
    count(*) as interaction_count,
    count(*) filter (where interactions.interaction_type = 'ticket') as ticket_count,
    count(*) filter (where interactions.resolved_at is null) as open_interaction_count,
    max(interactions.opened_on) as last_interaction_on,
    cast(
        sum(
            {{ seconds_between(
                'interactions.opened_at', 'interactions.first_response_at'
            ) }}
        ) as double
    )
    / nullif(count(interactions.first_response_at), 0) as first_response_seconds,
    cast(sum(interactions.satisfaction_score) as double)
    / nullif(count(interactions.satisfaction_score), 0) as satisfaction_score
from interactions
inner join crm_links
    on
        interactions.source_system = crm_links.source_system
        and interactions.shop_id = crm_links.shop_id
        and interactions.crm_customer_id = crm_links.crm_customer_id
where crm_links.customer_id is not null
group by crm_links.customer_id
