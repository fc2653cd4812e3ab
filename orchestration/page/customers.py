"""Customers in groups: segments, cohorts of first buyers, and the customer map. Small groups show nothing."""

from typing import Any

import duckdb

from orchestration.page.rows import rows

_COHORTS = 18
# Fewer could be recognised.
_LEAST_CUSTOMERS = 5


def cohorts(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The latest cohorts of first buyers, with those of them who bought in each later month.

    A cohort of fewer than five customers shows neither their number nor what they did.
    """
    found = rows(
        con,
        """select cohort_month_on, months_since, customer_count, active_buyer_count, is_complete
           from marts.monthly_cohorts
           where dimension = 'all' and cohort_month_on in (
               select distinct cohort_month_on from marts.monthly_cohorts order by 1 desc limit $count
           )
           order by cohort_month_on, months_since""",
        {"count": _COHORTS},
    )
    for cell in found:
        if cell["customer_count"] < _LEAST_CUSTOMERS:
            cell["customer_count"] = cell["active_buyer_count"] = None
    return found


def customer_map(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The customer map; a cell of fewer than five customers shows neither their number nor their sales."""
    found = rows(
        con,
        """select recency_bucket, order_count_bucket, is_anonymous, recency_en, recency_zh, order_count_en,
               order_count_zh, customer_count, net_amount
           from marts.customer_map order by all""",
    )
    for cell in found:
        if not cell["is_anonymous"] and cell["customer_count"] < _LEAST_CUSTOMERS:
            cell["customer_count"] = cell["net_amount"] = None
    return found


def segments(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Each segment in the last month: members at its start and end, who entered and left, and their net sales.

    `outcome_*` are of the last month of which 90 days have passed. Fewer than five members show no number.
    """
    found = rows(
        con,
        """with matured as (
               select segment_code, month_on, start_count, buying_90d_count from marts.segment_months
               where buying_90d_count is not null
               qualify row_number() over (partition by segment_code order by month_on desc) = 1
           )
           select names.segment_code, names.en, names.zh, names.description_en, names.description_zh,
               months.month_on, months.start_count, months.entered_count, months.left_count, months.end_count,
               months.net_amount, months.net_sales_rate,
               matured.month_on as outcome_month_on, matured.start_count as outcome_count,
               matured.buying_90d_count as outcome_buying_count
           from meta.segments as names
           inner join marts.segment_months as months on names.segment_code = months.segment_code
           left join matured on names.segment_code = matured.segment_code
           where months.month_on = (select max(month_on) from marts.segment_months)
           order by months.net_amount desc, names.segment_code""",
    )
    for row in found:
        if max(row["start_count"], row["end_count"]) < _LEAST_CUSTOMERS:
            row |= dict.fromkeys(
                (
                    "start_count",
                    "entered_count",
                    "left_count",
                    "end_count",
                    "net_amount",
                    "net_sales_rate",
                )
            )
        if (row["outcome_count"] or 0) < _LEAST_CUSTOMERS:
            row |= {"outcome_count": None, "outcome_buying_count": None}
    return found
