-- One row per event of one quarter's sessions: their path, or the funnel of their order.
create or replace temp table events as
with opened as (
    select * from sessions where quarter = getvariable('quarter')
),

walked as (
    select
        opened.* exclude (order_no),
        position, step, null::bigint as product_no, null::bigint as order_no,
        null::bigint as quantity, null::bigint as amount,
        started_at + to_seconds(
            position * 24 + (u(sid * 16 + position, 'pause') * 20)::bigint
        ) as event_at,
    from opened
    inner join paths using (path_bucket)
),

ordered as (
    select opened.* exclude (order_no), orders.order_no, ordered_at, paid_at, due_amount
    from opened
    inner join orders using (order_no)
),

bought as (
    select
        ordered.* exclude (order_no, ordered_at, paid_at, due_amount),
        20 + line_no * 2 + step_no as position,
        if(step_no = 0, 'v', 'a') as step, product_no, order_no, quantity,
        quantity * price as amount,
        started_at + to_seconds(line_no * 30 + step_no * 12 + 15) as event_at,
    from ordered
    inner join lines using (order_no)
    cross join range(2) as steps (step_no)
    where not is_gift
),

closing as (
    select
        ordered.* exclude (order_no, ordered_at, paid_at, due_amount),
        position, step, null as product_no,
        if(step in ('o', 'y'), order_no, null) as order_no,
        null as quantity,
        if(step in ('o', 'y'), due_amount, null) as amount,
        case step
            when 'p' then started_at
            when 's' then started_at + interval 9 second
            when 'n' then ordered_at - interval 40 second
            when 'c' then ordered_at - interval 25 second
            when 'o' then ordered_at
            else paid_at
        end as event_at,
    from ordered
    cross join (values (0, 'p'), (1, 's'), (50, 'n'), (51, 'c'), (52, 'o'), (53, 'y'))
        as closing (position, step)
    where
        (step <> 'y' or paid_at is not null)
        and (step <> 's' or u(sid, 'searched') > 0.6)
)

select
    'E' || to_base(sid, 36) || '-' || position as event_id,
    if(is_mini, 'mini_program', 'website') as tracker,
    event_at,
    steps.event_name,
    visitor_id,
    if(is_mini, null, 'S' || to_base(sid, 36)) as session_id,
    if(is_logged_in or position >= 50, crm.customer_id, null) as crm_customer_id,
    steps.page_type,
    'https://shop.camellia.example/' || steps.page_type
    || if(product.product_id is null, '', '/' || product.product_id) as page_url,
    case
        when position > 0 then null
        when campaign_no is not null then ad.referrer
        when origin = 'baidu' then 'https://www.baidu.com/'
        when origin = 'xiaohongshu' then 'https://www.xiaohongshu.com/'
        when origin = 'weixin' then 'https://mp.weixin.qq.com/'
    end as referrer_url,
    if(position = 0, ad.utm_source, null) as utm_source,
    if(position = 0, ad.utm_medium, null) as utm_medium,
    if(position = 0, ad.utm_campaign, null) as utm_campaign,
    if(steps.event_name = 'search', pick(getvariable('term'), u(sid, 'term')), null)
        as search_term,
    product.product_id,
    orders.order_id,
    all_events.quantity,
    yuan(amount) as value_amount,
    device_type,
    started_at,
from (
    select * from walked
    union all by name
    select * from bought
    union all by name
    select * from closing
) as all_events
inner join steps using (step)
left join campaigns as ad using (campaign_no)
left join orders on orders.order_no = all_events.order_no
left join crm_records as crm on crm.pid = all_events.pid and crm.record_no = 1
left join products as product on product.product_no = coalesce(
    all_events.product_no,
    if(steps.needs_product, 1 + (u(sid * 16 + position, 'item') * 143)::int, null)
)
where event_at < getvariable('now');
