-- One row per shop and ad platform with a present spend: the proposed daily spend and
-- the expected change of orders per day. Spend changes only if the 80 % interval of
-- the change of the value of all platforms lies above 0.
with returns as (select * from {{ ref('int_marketing__channel_returns') }}),

shares as (select * from {{ ref('int_marketing__budget_shares') }}),

states as (
    select * from {{ ref('return_states') }} where subject = 'budget'
),

judged as (
    select
        returns.shop_id,
        returns.ad_platform,
        returns.state as return_state,
        returns.reason as return_reason,
        returns.reason_en as return_reason_en,
        returns.reason_zh as return_reason_zh,
        returns.ends_on,
        returns.net_per_order,
        returns.margin_per_order,
        returns.present_spend,
        shares.split_spend,
        shares.orders,
        shares.orders_low_80,
        shares.orders_high_80,
        shares.orders_low_95,
        shares.orders_high_95,
        shares.total_value,
        shares.total_value_low_80,
        shares.total_value_high_80,
        shares.total_value_low_95,
        shares.total_value_high_95,
        case
            when shares.shop_id is null then 'not_identified'
            when shares.platform_count < 2 then 'only_platform'
            when shares.total_value_low_80 > 0 then 'change'
            else 'no_clear_gain'
        end as reason
    from returns
    left join shares
        on
            returns.shop_id = shares.shop_id
            and returns.ad_platform = shares.ad_platform
    where returns.present_spend > 0
)

select
    judged.*,
    states.state,
    -- 1 where the split of the budget is proposed; a spend that stays changes nothing.
    case
        when states.state = 'change' then 1
        when judged.return_state = 'ok' then 0
    end as changes,
    states.en as budget_reason_en,
    states.zh as budget_reason_zh,
    case
        when states.state = 'change' then judged.split_spend else judged.present_spend
    end as proposed_spend
from judged
inner join states on judged.reason = states.reason
