"""What is truly so in the demo shop, kept beside the exports: who is who, the money, the defects."""

from pathlib import Path

import duckdb

from orchestration.demo import traits
from orchestration.demo.world import SQL

_PEOPLE = """
    select pid as person_id, * exclude (pid) from records
    union all
    select pid, 'visitor', if(is_mini, 'mini_program', 'website'), 'own_store', visitor_id
    from visitors
    order by record_type, source_system, shop_id, record_id, person_id"""

_MONEY = """
    with sold as (
        select
            date_trunc('month', paid_at)::date as month, source_system, shop_id,
            count(*) as orders, sum(line_count)::bigint as lines, sum(units)::bigint as units,
            sum(list_amount) as list_amount, sum(merchant_discount) as merchant_discount_amount,
            sum(platform_discount) as platform_discount_amount, sum(goods_amount) as goods_amount,
            sum(shipping_amount) as shipping_amount, sum(paid_amount) as paid_amount,
            sum(fee_amount) as fee_amount, sum(cost_amount) as cost_amount,
        from orders where is_sale group by all
    ),

    returned as (
        select
            refunds.*, paid_at, refunded_amount as whole,
            if(line_no is null, goods_amount, refunded_amount) as goods,
        from refunds
        inner join orders using (order_no)
        where status = 'success'
    ),

    of_orders as (
        select date_trunc('month', paid_at)::date as month, shop_id,
            sum(whole) as refunded_of_orders_amount, sum(goods) as goods_refunded_of_orders_amount,
        from returned group by all
    ),

    by_day as (
        select date_trunc('month', refunded_at)::date as month, shop_id,
            sum(whole) as refunded_amount, sum(goods) as goods_refunded_amount,
        from returned group by all
    )

    select
        month, source_system, shop_id, orders, lines, units,
        columns('.*_amount') * 0.01::decimal(3, 2),
        (goods_amount - coalesce(goods_refunded_of_orders_amount, 0)) * 0.01::decimal(3, 2)
            as net_amount,
    from sold
    left join of_orders using (month, shop_id)
    left join by_day using (month, shop_id)
    order by month, shop_id"""

_SPEND = """
    select date_trunc('month', spend_on)::date as month, ad_platform,
        sum(spend_amount) * 0.01::decimal(3, 2) as spend_amount,
        sum(clicks)::bigint as clicks, sum(impressions)::bigint as impressions
    from spend group by all order by month, ad_platform"""

_DEFECTS = """
    select row_number() over (order by kind, feed, file_name, row_number, key) as defect_id, *
    from defects order by defect_id"""

_README = """What is truly so in the demo shop. Written with the exports; never landed.
Causes that are switched off: {off}

people.parquet   person_id and every record of that person: record_type crm, erp, order, visitor
traps.parquet    one row per record in an identity trap: the trap, the case (one couple, one hub),
                 the person, and whether the case's persons must be "separate" customers or the
                 case's records "one customer". Sessions are those of the site; person_id is null
                 where the visitor cannot be known
money.parquet    totals of intended sales (order_type normal or presale, paid) by month of payment
                 and shop, in yuan. refunded_amount is by month of the refund, ..._of_orders_ by
                 month of the refunded orders; net_amount = goods_amount less the goods refunds of
                 the same orders. Injected rows and the amounts of injected errors are not in it.
spend.parquet    advertising by month and platform, every report level counted once
traits.parquet   what is personal, one row per person. rate: purchases per week while customers, and
                 dropout: probability to stop after a purchase, the first included (MBG/NBD with
                 rate ~ Gamma({shape}, {weeks} weeks), dropout ~ Beta({a}, {b})), in time that runs as fast
                 as the shop sells; festival_only people buy on festival days alone. first_on may
                 precede the period: such a person's first order in the exports is a later one.
                 alive_until: day of the last purchase, null for people who are still customers.
                 price_level: price of the chosen products relative to the mean, log-normal, without
                 value_ratio, the factor of the first channel. deal_affinity: chance to take a
                 coupon. refund_proneness: never, some or often. hour_group: morning 5-10, noon 11-16,
                 evening 17-21, night 22-4. device: of visits on the own site
ltv.parquet      mean value in yuan of the customers of a first channel (platform/content mode) whose
                 first purchase is in the period: to date, and in 90, 180 and 365 days from
                 their first sale for those whose days are complete; refunds of goods deducted,
                 whenever they were made. value_ratio is the planted ratio of spend per order
consents.parquet last decision per CRM record, purpose, channel, identifier type and recipient
                 (null: all), and the case of the person: refused, granted, withdrawn,
                 one_recipient, split_identifiers (phone granted, e-mail refused) or split_records (two records,
                 the later one refused)
experiments.parquet
                 one row per experiment: planted ratio of the metric (variant / control), share of the
                 units that was drawn into the variant, and units that were assigned to both variants
channels.parquet orders and sales of the own store that would not exist without a channel. Orders that
                 need two channels (joint_orders) count for both
responses.parquet
                 one row per advertising platform and shop: orders that would not exist without the
                 platform, and its curve: a purchase in its reach takes place with the probability
                 a**slope / (a**slope + half**slope), where a is the spend of the day plus
                 carry_over times a of the day before. Spend of google follows the sales
promotions.parquet
                 one row per promotion and shop: ratio of purchases on its days and in the week after
                 to other days, purchases that it brought and took from the week after
itemsets.parquet one row per set of products that are bought together, and for the two that repel each
                 other (set_no -1): sales that hold all of them
filled_orders.parquet
                 one row per shop and promotion: paid orders that were filled up to its threshold (凑单), and
                 the list price of what was added
stock.parquet    one row per planted product: out_of_stock (the last stretch without a sale and without stock, with its
                 first and last day) or slow_mover (a stock of far more than is sold)
settlements.parquet
                 orders of JD and Douyin that are settled 5 yuan short, or that are due and not settled (forgotten)
defects.parquet  one row per injected defect with the check that is meant to catch it; amount is the
                 money by which a row is wrong that lands all the same: marts = money + amounts
"""

_PARAMETERS = {
    "shape": traits.RATE_SHAPE, "weeks": traits.RATE_WEEKS,
    "a": traits.DROPOUT_A, "b": traits.DROPOUT_B,
}  # fmt: skip


def write(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the truth of the world in `con` into `folder`."""
    selects = {"people": _PEOPLE, "money": _MONEY, "spend": _SPEND, "defects": _DEFECTS}
    selects["traps"] = "from traps"
    for name in (
        "traits", "ltv", "consents", "experiments", "channels", "responses", "promotions",
        "itemsets", "filled_orders", "stock", "settlements",
    ):  # fmt: skip
        selects[name] = (SQL / f"truth_{name}.sql").read_text(encoding="utf-8")
    for name, select in selects.items():
        target = folder / f"{name}.parquet"
        con.execute(f"copy ({select}) to '{target}' (format parquet, compression zstd)")
    row = con.execute("select getvariable('without')").fetchone() or ("",)
    off = row[0].replace("><", ", ").strip("<>")
    (folder / "README.txt").write_text(
        _README.format(**_PARAMETERS, off=off or "none"), encoding="utf-8"
    )
