{# The standard error of the logarithm of a lift (delta method, multinomial counts). `together` baskets hold both sides, `one` and
   `other` hold each side, of `total` baskets. #}
{% macro lift_error(together, one, other, total) -%}
    sqrt(
        greatest(
            0,
            1 / cast({{ together }} as double)
            - 1 / cast({{ one }} as double)
            - 1 / cast({{ other }} as double)
            - 1 / cast({{ total }} as double)
            + 2 * cast({{ together }} as double) / (cast({{ one }} as double) * {{ other }})
        )
    )
{%- endmacro %}

{# The lift of two sides: how many times as many baskets hold both as would if the sides were independent. #}
{% macro lift_of(together, one, other, total) -%}
    cast({{ together }} as double) * {{ total }} / (cast({{ one }} as double) * {{ other }})
{%- endmacro %}

{# An end of an interval that rests on `exp`, rounded, because the last digit of `exp` differs between engines. #}
{% macro interval_end(value) -%}
    cast({{ rounded(value, 6) }} as double)
{%- endmacro %}
