"""Customers in groups: cohorts of first buyers, and the customer map. Small groups show nothing."""

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
