-- One row per lead, with the stages that it reached and its customer. The customer
-- follows from the CRM id or the order that the lead quotes, and never from phone,
-- e-mail or name. A lead that reached a later stage has reached the earlier ones.
with leads as (select * from {{ ref('stg_crm__leads') }}),

crm_links as (select * from {{ ref('int_identity__crm_id_customers') }}),

orders as (select * from {{ ref('int_orders__orders') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('lead_policy') }}),

-- A lead quotes an order number; it counts only if one shop has it.
order_customers as (
    select
        orders.order_id,
        min(orders.customer_id) as customer_id
    from orders
    semi join leads on orders.order_id = leads.order_id
    where not orders.is_anonymous
    group by orders.order_id
    having count(distinct orders.order_key) = 1
),

staged_leads as (
    select
        leads.*,
        coalesce(crm_links.customer_id, order_customers.customer_id) as customer_id,
        leads.stage = 'converted' or leads.converted_on is not null as is_converted,
        {{ product('leads.value_amount', 'rates.rate') }} as shop_value_amount,
        {{ days_between('leads.created_on', 'leads.converted_on') }} as converted_days,
        {{ days_between('leads.created_on', 'as_of.as_of_on') }} as age_days,
        policy.conversion_days
    from leads
    left join crm_links
        on
            leads.source_system = crm_links.source_system
            and leads.shop_id = crm_links.shop_id
            and leads.crm_customer_id = crm_links.crm_customer_id
    left join order_customers on leads.order_id = order_customers.order_id
    left join rates
        on
            coalesce(leads.currency, '{{ shop_currency() }}') = rates.from_currency
            and leads.created_on >= rates.valid_from
            and leads.created_on < rates.valid_to
    cross join as_of
    cross join policy
    where leads.created_on <= as_of.as_of_on
)

select
    lead_key,
    source_system,
    shop_id,
    customer_id,
    coalesce(channel, 'unknown') as channel,
    campaign_id,
    created_on,
    is_converted
    or stage in ('contacted', 'qualified')
    or contacted_on is not null
    or qualified_on is not null as is_contacted,
    is_converted or stage = 'qualified' or qualified_on is not null as is_qualified,
    is_converted,
    stage = 'lost' and not is_converted as is_lost,
    converted_on,
    case when is_converted then greatest(converted_days, 0) end as days_to_convert,
    shop_value_amount as value_amount,
    age_days >= conversion_days as is_matured,
    case
        when not is_converted then false
        when converted_on is not null then converted_days <= conversion_days
    end as is_converted_in_time
from staged_leads
