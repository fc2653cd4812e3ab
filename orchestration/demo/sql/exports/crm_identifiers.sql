-- One row per identifier that the CRM holds.
select
    if(is_late, 'crm/identifiers_补录.csv', 'crm/identifiers.csv') as _file,
    recorded_at as _at,
    customer_id || id_type as _key,
    customer_id as _id,
    recorded_at::date as _day,
    customer_id, id_type, id_scope, id_value,
    is_verified::varchar as is_verified,
    recorded_at::varchar as recorded_at,
from crm_ids
