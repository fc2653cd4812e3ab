-- One row per risk of this shop, with the attributes of its KPI or feed and, if it
-- cannot be judged, the reason.
with risks as (select * from {{ ref('risk_register') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

feeds as (select * from {{ ref('feeds') }}),

own_risks as (
    select
        risk_id,
        area,
        en,
        zh,
        signal,
        coalesce(shop_id, 'all') as shop_id,
        response_en,
        response_zh,
        owner,
        case when signal = 'kpi' then kpi_code end as kpi_code,
        case when signal = 'kpi' then period end as period,
        case when signal = 'kpi' then comparison end as comparison,
        case when signal = 'kpi' then threshold end as threshold,
        case when signal = 'feed_late' then feed end as feed
    from risks
    where coalesce(example_of, '') in ('', '{{ shop_code() }}')
)

select
    own_risks.risk_id,
    own_risks.area,
    own_risks.en,
    own_risks.zh,
    own_risks.signal,
    own_risks.kpi_code,
    own_risks.feed,
    own_risks.shop_id,
    own_risks.period,
    own_risks.response_en,
    own_risks.response_zh,
    own_risks.owner,
    case
        when own_risks.signal = 'feed_late' then 'above' else own_risks.comparison
    end as comparison,
    case
        when own_risks.signal = 'feed_late' then cast(feeds.grace_days as double)
        else own_risks.threshold
    end as threshold,
    case
        when own_risks.signal = 'feed_late' then 'days' else catalogue.unit
    end as unit,
    cast(coalesce(catalogue.maturity_days, 0) as int) as maturity_days,
    case
        when own_risks.signal = 'kpi' and catalogue.kpi_code is null
            then 'unknown KPI: ' || coalesce(own_risks.kpi_code, '')
        when
            own_risks.signal = 'kpi'
            and (
                own_risks.period is null
                or own_risks.comparison is null
                or own_risks.threshold is null
            )
            then 'needs a period, a comparison and a threshold'
        when
            own_risks.signal = 'kpi'
            and not contains(catalogue.periods, own_risks.period)
            then 'the KPI has no figures by ' || own_risks.period
        when own_risks.signal = 'feed_late' and feeds.feed is null
            then 'unknown feed: ' || coalesce(own_risks.feed, '')
        -- Other feeds have rows when something happens; no day of theirs is due.
        when own_risks.signal = 'feed_late' and feeds.cadence <> 'daily'
            then 'not a daily feed: ' || own_risks.feed
    end as problem
from own_risks
left join catalogue on own_risks.kpi_code = catalogue.kpi_code
left join feeds on own_risks.feed = feeds.feed
