-- One row per KPI input that columns of an ERP feed provide, and shop: the number of
-- rows in which one of the columns is filled.
{{ filled_columns('erp', 'orders', {
    'erp.orders.promotion_id': 'promotion_id',
}) }}
union all
{{ filled_columns('erp', 'order_lines', {
    'erp.order_lines.product_id': 'product_id',
}) }}
