-- One row per need of a KPI and shop that columns of an ERP feed meet: how many rows
-- fill one.
{{ filled_columns('erp', 'orders', {
    'erp.orders.promotion_id': 'promotion_id',
}) }}
union all
{{ filled_columns('erp', 'order_lines', {
    'erp.order_lines.product_id': 'product_id',
}) }}
