-- One row per quarterly batch of the shop's coupons (优惠券批次).
with batches as (
    select
        shop_id, promotion_id,
        date_trunc('quarter', day)::date as quarter_on,
        count(*) as used_count,
    from orders
    where promotion_id = 'C199' and is_paid
    group by all
)

select
    'erp/优惠券批次.csv' as _file,
    quarter_on::timestamp as _at,
    coupon_no(shop_no, quarter_on) as _key,
    coupon_no(shop_no, quarter_on) as _id,
    quarter_on as _day,
    shop_name as "店铺名称",
    coupon_no(shop_no, quarter_on) as "券批次编号",
    title || '（' || year(quarter_on) || 'Q' || quarter(quarter_on) || '）' as "券名称",
    promotion_id as "活动编号",
    if(shop_no = (select shop_no from shops where platform = 'own'), '私域', null) as "发放渠道",
    funded_by as "出资方",
    threshold::varchar as "使用门槛",
    discount::varchar as "面额",
    -- One coupon in five to one in twelve is used.
    ceil(used_count / (0.08 + 0.12 * u(coupon_no(shop_no, quarter_on), 'used')))::int::varchar
        as "发放数量",
    yuan(ceil(used_count / (0.08 + 0.12 * u(coupon_no(shop_no, quarter_on), 'used')))::int * 2)
        as "发放成本",
    quarter_on::timestamp::varchar as "生效时间",
    (quarter_on + interval 3 month)::varchar as "失效时间",
from batches
inner join shops using (shop_id)
inner join promotions on promotions.code = batches.promotion_id
