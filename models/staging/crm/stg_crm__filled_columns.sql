-- One row per need of a KPI and shop that columns of a CRM feed meet: how many rows
-- fill one.
{{ filled_columns('crm', 'interactions', {
    'crm.interactions.first_response_at': 'first_response_at',
    'crm.interactions.resolved_at': 'resolved_at',
    'crm.interactions.satisfaction_score': 'satisfaction_score',
}) }}
