-- One row per currency and validity period: the value of one unit in the shop's
-- currency.
{{ config(materialized='compared') }}
with rates as (select * from {{ ref('fx_rates') }})

select
    from_currency,
    cast(rate as decimal(18, 8)) as rate,
    cast(valid_from as date) as valid_from,
    coalesce(
        lead(cast(valid_from as date)) over (
            partition by from_currency order by valid_from
        ),
        date '9999-12-31'
    ) as valid_to
from rates
where
    to_currency = '{{ shop_currency() }}'
    and from_currency <> '{{ shop_currency() }}'
union all
select
    '{{ shop_currency() }}' as from_currency,
    cast(1 as decimal(18, 8)) as rate,
    date '0001-01-01' as valid_from,
    date '9999-12-31' as valid_to
