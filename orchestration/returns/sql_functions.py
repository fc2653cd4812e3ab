"""Returns of ad platforms and the split of a budget as SQL functions over Arrow columns, the same on DuckDB and on Spark."""

from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.returns.budget import Share, split
from orchestration.returns.lines import figure_line, read_draws, return_lines, text
from orchestration.returns.rules import read_rules
from orchestration.returns.series import read_series
from orchestration.returns.shop_returns import shop_returns
from orchestration.system.sql_function import SqlFunction, one_chunk


def ad_returns(
    rules: pa.Array,
    order_values: pa.Array,
    days: pa.Array,
    orders: pa.Array,
    sales: pa.Array,
    festivals: pa.Array,
    spend_days: pa.Array,
    platforms: pa.Array,
    spends: pa.Array,
) -> pa.Array:
    """One text per shop with the lines of `return_lines` for each platform.

    The lists are those of `read_series`; `order_values` is the margin, or else the net sales, of an order, 0 if unknown.
    """
    lists = (days, orders, sales, festivals, spend_days, platforms, spends)
    found = []
    for row, (policy, value) in enumerate(zip(_values(rules), _values(order_values), strict=True)):
        rule = read_rules(policy)
        series = read_series(*(_list(column, row) for column in lists))
        results = shop_returns(series, float(value), rule)
        found.append("\n".join(line for one in results for line in return_lines(one, rule)))
    return pa.array(found, pa.string())


def budget_split(
    rules: pa.Array,
    names: pa.Array,
    order_values: pa.Array,
    presents: pa.Array,
    lows: pa.Array,
    highs: pa.Array,
    draws: pa.Array,
) -> pa.Array:
    """One text per row with a line `name|spend|orders …|value …` per platform, and one named `total` with its value.

    `spend` is the proposed daily spend, `orders` the change of the orders per day and `value` that of their value, each
    with median, 80 % and 95 % intervals.
    """
    lists = (names, order_values, presents, lows, highs, draws)
    found = [
        "\n".join(_split_lines(policy, *(_list(column, row) for column in lists)))
        for row, policy in enumerate(_values(rules))
    ]
    return pa.array(found, pa.string())


FUNCTIONS = (
    SqlFunction(
        "ad_returns",
        ad_returns,
        (
            "varchar",
            "double",
            "bigint[]",
            "bigint[]",
            "double[]",
            "varchar[]",
            "bigint[]",
            "varchar[]",
            "double[]",
        ),
        "varchar",
    ),
    SqlFunction(
        "budget_split",
        budget_split,
        ("varchar", "varchar[]", "double[]", "double[]", "double[]", "double[]", "varchar[]"),
        "varchar",
    ),
)


def _split_lines(
    policy: str,
    names: list[str],
    values: list[float],
    presents: list[float],
    lows: list[float],
    highs: list[float],
    draws: list[str],
) -> list[str]:
    order = sorted(range(len(names)), key=lambda place: names[place])
    shares = [Share(read_draws(draws[p]), values[p], presents[p], lows[p], highs[p]) for p in order]
    lines, total = [], np.zeros(1)
    for place, share, spend in zip(order, shares, split(shares, read_rules(policy)), strict=True):
        change = (share.orders(spend) - share.orders(share.present))[0]
        total = total + change * share.order_value
        figures = [change, change * share.order_value]
        lines.append(figure_line([names[place], text(float(spend))], figures))
    return [*lines, figure_line(["total", "0"], [np.zeros(1), total])]


def _list(column: Any, row: int) -> list[Any]:
    return one_chunk(column)[row].as_py()


def _values(column: Any) -> list[Any]:
    return one_chunk(column).to_pylist()
