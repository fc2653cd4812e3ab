-- One row per KPI input that columns of a CRM feed provide, and shop: the number of
-- rows in which one of the columns is filled.
{{ filled_columns('crm', 'interactions', {
    'crm.interactions.first_response_at': 'first_response_at',
    'crm.interactions.resolved_at': 'resolved_at',
    'crm.interactions.satisfaction_score': 'satisfaction_score',
}) }}
