"""The blocks below the KPIs: funnel, channels, products, refund reasons; labels and festivals.

Each figure belongs to a span: the last complete day, week or month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from orchestration.page.rows import rows

_STEPS = ("product_view_rate", "atc_rate_visitor", "checkout_rate", "order_cvr", "pay_cvr")
_PRODUCTS, _REASONS, _EXPERIMENTS = 10, 6, 8
# Fewer could be a text that a person typed.
_LEAST_REFUNDS = 5


@dataclass(frozen=True)
class Span:
    """A period of the page, and the one before it."""

    period: str
    start_on: date
    end_on: date
    previous_start_on: date

    def given(self) -> dict[str, object]:
        """The bounds as parameters of a query."""
        return {"start": self.start_on, "end": self.end_on, "before": self.previous_start_on}


def spans(con: duckdb.DuckDBPyConnection, until: date) -> list[Span]:
    """The last complete day, week and month; one that the history does not cover whole is left out."""
    found = con.execute(
        """select period, period_start_on, period_end_on,
               case period
                   when 'day' then period_start_on - 1
                   when 'week' then period_start_on - 7
                   else cast(period_start_on - interval 1 month as date)
               end
           from marts.kpi_values
           where period_end_on <= $until
           group by period, period_start_on, period_end_on
           qualify period_start_on = max(period_start_on) over (partition by period)
           order by period""",
        {"until": until},
    ).fetchall()
    return [Span(*row) for row in found]


def funnel(con: duckdb.DuckDBPyConnection, span: Span, shops: Sequence[str]) -> dict[str, Any]:
    """Visitors and those who reached each step, by shop: evidence and counts by KPI."""
    found: dict[str, Any] = {}
    for row in rows(
        con,
        """select shop_id, kpi_code, evidence, numerator, denominator
           from marts.kpi_values
           where period = $period and period_start_on = $start and dimension = 'all' and shop_id <> 'all'
               and kpi_code in (select unnest($steps)) and shop_id in (select unnest($shops))
               and coverage = 'ok'
           order by shop_id, kpi_code""",
        {"period": span.period, "start": span.start_on, "steps": _STEPS, "shops": list(shops)},
    ):
        shop = found.setdefault(row["shop_id"], {"evidence": row["evidence"], "steps": {}})
        shop["visitors"] = row["denominator"]
        shop["steps"][row["kpi_code"]] = row["numerator"]
    for shop in found.values():
        shop["steps"] = {code: shop["steps"][code] for code in _STEPS if code in shop["steps"]}
    return found


def channels(con: duckdb.DuckDBPyConnection, span: Span) -> list[dict[str, Any]]:
    """Spend, claims and credited sales by shop, ad platform and channel, and the spend before.

    `credits` has net sales, margin and new customers by model of attribution; NULL in a shop without a tracker, and
    a margin is NULL if that of one order is not known.
    """
    found = rows(
        con,
        """with sums as (
               select shop_id, ad_platform, channel, marketing_on >= $start as is_now,
                   sum(spend_amount) as spend_amount, sum(claimed_amount) as claimed_amount,
                   max(spend_gap) as gap_en, max(spend_gap_zh) as gap_zh,
                   sum(last_touch_orders) is not null as is_tracked
               from marts.daily_marketing where marketing_on between $before and $end
               group by all
           ), credited as (
               select distinct shop_id, ad_platform, channel from marts.attributed_sales
               where marketing_on between $start and $end and evidence in ('session', 'coupon')
                   and shop_id in (select shop_id from sums where is_tracked)
           )
           select shop_id, ad_platform, channel, now.spend_amount, now.claimed_amount, now.gap_en, now.gap_zh,
               before.spend_amount as previous_spend_amount,
               coalesce(now.is_tracked, true) as is_tracked
           from (from sums where is_now) as now
           full join credited using (shop_id, ad_platform, channel)
           left join (from sums where not is_now) as before using (shop_id, ad_platform, channel)
           where now.spend_amount > 0 or credited.shop_id is not null or now.gap_en is not null
           order by now.spend_amount desc nulls last, shop_id, ad_platform, channel""",
        span.given(),
    )
    credits = _credits(con, span)
    for row in found:
        key = (row["shop_id"], row["ad_platform"], row["channel"])
        row["credits"] = credits.get(key, {}) if row.pop("is_tracked") else None
    return found


def _credits(
    con: duckdb.DuckDBPyConnection, span: Span
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Net sales, margin and new customers that each model credits, by shop, ad platform and channel."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows(
        con,
        """select shop_id, ad_platform, channel, model, sum(net_amount) as net_amount,
               case when sum(unknown_margin_credit) = 0 then sum(margin_amount) end as margin_amount,
               sum(new_customer_credit) as new_customer_count
           from marts.attributed_sales
           where marketing_on between $start and $end and evidence in ('session', 'coupon')
           group by all
           order by all""",
        {"start": span.start_on, "end": span.end_on},
    ):
        key = (row.pop("shop_id"), row.pop("ad_platform"), row.pop("channel"))
        found.setdefault(key, {})[row.pop("model")] = row
    return found


def returns(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What one more unit of spend brings on each ad platform, or the reason why that is not known."""
    return rows(
        con,
        """select shop_id, ad_platform, state, reason_en, reason_zh, experiment_en, experiment_zh, present_spend_amount,
               marginal_return, marginal_return_low_80, marginal_return_high_80, marginal_margin_return,
               marginal_margin_return_low_80, marginal_margin_return_high_80
           from marts.channel_returns
           order by spend_amount desc nulls last, shop_id, ad_platform""",
        {},
    )


def experiments(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Results of the latest experiments that have started, with the sentence of their state."""
    return rows(
        con,
        """select experiment_en, experiment_zh, variant_en, variant_zh, starts_on, ends_on, state_en, state_zh,
               control_unit_count, variant_unit_count, relative_lift, relative_lift_low, relative_lift_high, p_value, confidence
           from marts.experiment_results where state <> 'planned'
           order by ends_on desc, experiment_id, metric, variant
           limit $count""",
        {"count": _EXPERIMENTS},
    )


def attribution_models(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Names and rules of the models of attribution, in their order."""
    return {
        row.pop("model"): row
        for row in rows(
            con,
            """select model, en, zh, description_en, description_zh
               from meta.attribution_models order by position""",
        )
    }


def products(
    con: duckdb.DuckDBPyConnection, span: Span, shops: Sequence[str]
) -> list[dict[str, Any]]:
    """The products with the most net sales, of each shop and of all, by payment day, refunds so far deducted."""
    return rows(
        con,
        """with sums as (
               select shop_id, product_key, max(product_name) as name, sum(net_amount) as net_amount,
                   sum(quantity) as units_count, sum(goods_amount) as goods_amount,
                   sum(goods_refunded_amount) as refunded_amount
               from marts.order_lines
               where is_sale and not is_gift and line_kind = 'goods' and paid_on between $start and $end
                   and shop_id in (select unnest($shops))
               group by shop_id, product_key
           )
           select * exclude (product_key, goods_amount),
               refunded_amount / nullif(goods_amount, 0) as refund_rate,
               row_number() over (order by net_amount desc, shop_id, product_key) <= $count as is_top_of_all
           from sums
           qualify is_top_of_all or row_number() over (
               partition by shop_id order by net_amount desc, product_key
           ) <= $count
           order by net_amount desc, shop_id, name""",
        {"start": span.start_on, "end": span.end_on, "count": _PRODUCTS, "shops": list(shops)},
    )


def refund_reasons(
    con: duckdb.DuckDBPyConnection, span: Span, shops: Sequence[str]
) -> list[dict[str, Any]]:
    """Goods refunded in the span by reason, of each shop and of all; rare reasons are not named."""
    return rows(
        con,
        """with reasons as (
               select reason from marts.refunds where reason is not null
               group by reason having count(*) >= $least
           ),
           refunds as (
               select refunds.shop_id, reasons.reason, refunds.goods_refunded_amount
               from marts.refunds left join reasons on refunds.reason = reasons.reason
               where refunds.is_success and refunds.refunded_on between $start and $end
                   and refunds.shop_id in (select unnest($shops))
           )
           select coalesce(shop_id, 'all') as shop_id, reason, count(*) as refund_count,
               sum(goods_refunded_amount) as refunded_amount
           from refunds
           group by grouping sets ((shop_id, reason), (reason))
           qualify row_number() over (
               partition by coalesce(shop_id, 'all') order by refunded_amount desc, reason
           ) <= $count
           order by shop_id, refunded_amount desc, reason""",
        {
            "start": span.start_on,
            "end": span.end_on,
            "least": _LEAST_REFUNDS,
            "count": _REASONS,
            "shops": list(shops),
        },
    )


def labels(con: duckdb.DuckDBPyConnection) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Names of shops, channels, platforms, dimensions and festivals: Chinese and English by kind and code."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows(
        con,
        """select label_kind, code, zh, en from meta.code_labels
           where label_kind not in ('promotion', 'event', 'report_level') order by all""",
    ):
        found.setdefault(row["label_kind"], {})[row["code"]] = [row["zh"], row["en"]]
    return found


def festivals(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The spans of days of each festival in the history."""
    return rows(
        con,
        """with days as (
               select festival, day_on,
                   day_on - cast(row_number() over (partition by festival order by day_on) as int) as island
               from marts.calendar where festival is not null
           )
           select festival, min(day_on) as first_on, max(day_on) as last_on
           from days group by festival, island order by first_on, festival""",
    )
