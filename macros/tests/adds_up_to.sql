{# The column's total is that of another model's column, to the last decimal; `filter` and `to_filter` narrow the two sides. #}
{% test adds_up_to(model, column_name, to, to_column=none, filter='1 = 1', to_filter='1 = 1') %}
with here as (
    select coalesce(sum({{ column_name }}), 0) as total from {{ model }} where {{ filter }}
),

there as (
    select coalesce(sum({{ to_column or column_name }}), 0) as total from {{ to }} where {{ to_filter }}
)

select here.total, there.total as expected_total, here.total - there.total as difference
from here
cross join there
where here.total <> there.total
{% endtest %}
