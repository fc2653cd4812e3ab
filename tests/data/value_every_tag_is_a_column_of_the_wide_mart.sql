-- The columns of customer_tags_current are exactly the codes of the tag catalogue.
{{ config(meta={'dagster': {'ref': {'name': 'tag_catalogue'}}}) }}
with listed as ({{ tag_columns('rows') }})

select coalesce(catalogue.tag_code, listed.tag_code) as tag_code
from {{ ref('tag_catalogue') }} as catalogue
full outer join listed on catalogue.tag_code = listed.tag_code
where catalogue.tag_code is null or listed.tag_code is null
