-- One row per need of a KPI and ERP feed whose columns meet it: how many rows fill one.
{{ filled_columns('erp', 'orders', {
    'erp.orders.promotion_id': 'promotion_id',
}) }}
union all
{{ filled_columns('erp', 'order_lines', {
    'erp.order_lines.product_id': 'product_id',
    'unit_cost': 'unit_cost',
}) }}
union all
{{ filled_columns('erp', 'products', {'unit_cost': 'unit_cost'}) }}
