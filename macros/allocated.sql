{# A line's part of an order's amount, in cents, so that the parts always add up to the whole: the lines before it and the
   line itself get their rounded share, the last line whatever is left. Reads share_before, share_upto and is_last_line. #}
{% macro allocated(amount) -%}
    cast(
        case
            when is_last_line then {{ amount }}
            else cast({{ rounded('cast(' ~ amount ~ ' as double) * share_upto', 2) }} as decimal(18, 4))
        end
        - cast({{ rounded('cast(' ~ amount ~ ' as double) * share_before', 2) }} as decimal(18, 4))
        as decimal(18, 4)
    )
{%- endmacro %}
