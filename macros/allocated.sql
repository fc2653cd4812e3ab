{# A line's part of an order's amount, so that the parts always add up to the whole: the lines before it and the line itself
   get their rounded share, the last line the remainder. Reads share_before, share_upto, is_last_line and is_in_cents.
   Shares are rounded to cents only where the lines and the amount are whole cents: else a remainder of less than a cent
   could turn a line negative. #}
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
