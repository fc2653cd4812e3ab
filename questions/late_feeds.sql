-- zh: 哪些数据晚到了？
-- en: Which feeds are behind?
-- answers: One row per connected feed, system and shop, most days behind first, with
--   its usual gap between two days with rows. A feed is late by its declared rhythm.
-- needs: none
select
    shop.data_until_on,
    coverage.feed,
    coverage.zh,
    coverage.en,
    coverage.source_system,
    coverage.shop_id,
    coverage.state,
    coverage.cadence,
    coverage.last_on,
    coverage.days_behind,
    coverage.usual_gap_days,
    coverage.last_loaded_at,
    case
        when coverage.feed is null then 'no feed is connected'
        when coverage.days_behind is null then 'the feed has no business days'
        else coverage.reason_en
    end as reason_en,
    case
        when coverage.feed is null then '没有已接入的数据'
        when coverage.days_behind is null then '该数据没有业务日期'
        else coverage.reason_zh
    end as reason_zh
from meta.shop as shop
left join meta.coverage as coverage on coverage.is_connected
order by
    coverage.state <> 'late', coverage.days_behind desc nulls last, coverage.feed asc,
    coverage.source_system asc, coverage.shop_id asc
