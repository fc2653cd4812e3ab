{# The part of an order's amount that is allocated to a line. The parts add up to the whole: each line gets the rounded
   cumulated share up to the line less the rounded cumulated share before it, and the last line gets the remainder.
   Reads the columns share_before, share_upto, is_last_line and is_in_cents. Shares are rounded to cents only if the lines
   and the amount are whole cents, because a remainder of less than a cent could make a line negative. #}
{% macro allocated(amount) -%}
    cast(
        case when is_last_line then {{ amount }} else {{ allocated_upto(amount, 'share_upto') }} end
        - {{ allocated_upto(amount, 'share_before') }}
        as decimal(18, 4)
    )
{%- endmacro %}

{% macro allocated_upto(amount, share) -%}
    {%- set part = 'cast(' ~ amount ~ ' as double) * ' ~ share -%}
    cast(
        case
            when is_in_cents and {{ amount }} = {{ rounded(amount, 2) }} then {{ rounded(part, 2) }}
            else {{ rounded(part, 4) }}
        end as decimal(18, 4)
    )
{%- endmacro %}
