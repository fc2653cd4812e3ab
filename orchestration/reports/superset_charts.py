"""The charts of the Superset dashboard: which question each draws, how, and where it stands.

The keys of `params` are those of Superset's form data. A chart without data in a shop shows Superset's own
"No results".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ROW_LIMIT = 1000
_COLUMNS_OF_GRID = 12


@dataclass(frozen=True)
class Chart:
    """A chart of a question; its title is the question's."""

    question: str
    viz_type: str
    params: Mapping[str, Any]


def _total(column: str, label: str) -> dict[str, Any]:
    """The sum of a column as a metric."""
    return {
        "expressionType": "SIMPLE",
        "column": {"column_name": column},
        "aggregate": "SUM",
        "label": label,
        "optionName": f"metric_{column}",
        "hasCustomLabel": True,
    }


def _only(column: str, values: Sequence[int]) -> dict[str, Any]:
    """A filter: the rows in which the column has one of the values."""
    return {
        "expressionType": "SIMPLE",
        "clause": "WHERE",
        "subject": column,
        "operator": "IN",
        "operatorId": "IN",
        "comparator": [str(value) for value in values],
        "filterOptionName": f"filter_{column}",
    }


def _table(question: str, columns: Sequence[str]) -> Chart:
    params = {
        "query_mode": "raw",
        "all_columns": list(columns),
        "row_limit": _ROW_LIMIT,
        "order_by_cols": [],
        "table_timestamp_format": "%Y-%m-%d",
        "column_config": {
            column: {"d3NumberFormat": ".1%", "showCellBars": False}
            for column in columns
            if column.endswith("_rate")
        },
    }
    return Chart(question, "table", params)


CHARTS = (
    Chart(
        "net_sales_bridge",
        "waterfall",
        {
            "x_axis": "part_zh",
            "metric": _total("amount", "净销售额变动 change of net sales"),
            "adhoc_filters": [_only("step", (2,))],
            "show_legend": False,
            "row_limit": _ROW_LIMIT,
        },
    ),
    _table(
        "week_like_for_like",
        ["zh", "en", "value", "previous_change_rate", "year_ago_change_rate", "reason_zh"],
    ),
    Chart(
        "new_vs_returning",
        "echarts_timeseries_bar",
        {
            "x_axis": "month_on",
            "time_grain_sqla": "P1M",
            "metrics": [_total("net_amount", "净销售额 net sales")],
            "groupby": ["customer_type_zh"],
            "stack": "Stack",
            "row_limit": _ROW_LIMIT,
        },
    ),
    Chart(
        "refund_reasons",
        "pie",
        {
            "groupby": ["refund_reason"],
            "metric": _total("refunded_amount", "退款金额 refunds"),
            "row_limit": _ROW_LIMIT,
        },
    ),
    Chart(
        "ads_claimed_vs_modelled",
        "echarts_timeseries_bar",
        {
            "x_axis": "ad_platform_zh",
            "metrics": [
                _total("claimed_amount", "平台成交 claimed"),
                _total("last_touch_net_amount", "末次触点 last touch"),
            ],
            "groupby": [],
            "row_limit": _ROW_LIMIT,
        },
    ),
    _table(
        "funnel_by_channel",
        ["channel_zh", "visitor_count", "view_rate", "cart_rate", "checkout_rate", "pay_rate"],
    ),
)
"""In the order of the dashboard, two in a row."""


def layout(title: str, charts: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The position of each chart, given as uuid and title, two in a row; Superset's version 2 of it."""
    rows = [charts[start : start + 2] for start in range(0, len(charts), 2)]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {
            "type": "GRID",
            "id": "GRID_ID",
            "children": [f"ROW-{number}" for number in range(1, len(rows) + 1)],
            "parents": ["ROOT_ID"],
        },
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": title}},
    }
    for number, row in enumerate(rows, start=1):
        row_id = f"ROW-{number}"
        chart_ids = [f"CHART-{uuid}" for uuid, _ in row]
        position[row_id] = {
            "type": "ROW",
            "id": row_id,
            "children": chart_ids,
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart_id, (uuid, name) in zip(chart_ids, row, strict=True):
            position[chart_id] = {
                "type": "CHART",
                "id": chart_id,
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", row_id],
                "meta": {
                    "uuid": uuid,
                    "sliceName": name,
                    "chartId": 0,
                    "width": _COLUMNS_OF_GRID // 2,
                    "height": 50,
                },
            }
    return position
