"""Effects of promotions and filled-up orders as SQL functions over Arrow columns, the same ones on DuckDB and on Spark."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.promotions import bunching
from orchestration.promotions.effects import Effect, Estimate, effects
from orchestration.promotions.shop_days import Limits, read_days
from orchestration.system.sql_function import SqlFunction, one_chunk

_FIGURES = ("gained", "before", "after", "net")


def promotion_effects(
    displacement_days: pa.Array,
    least_run_days: pa.Array,
    least_run_count: pa.Array,
    least_order_count: pa.Array,
    gap_days: pa.Array,
    block_days: pa.Array,
    draw_count: pa.Array,
    always_on_rate: pa.Array,
    least_own_rate: pa.Array,
    least_quiet_rate: pa.Array,
    needs_control: pa.Array,
    days: pa.Array,
    orders: pa.Array,
    control_orders: pa.Array,
    phases: pa.Array,
    running: pa.Array,
) -> pa.Array:
    """One text per shop with a line per promotion: code, state, days, days of the window, and figures.

    A figure is five numbers: the value and the ends of its intervals of 80 % and 95 %. The figures are uplift, orders gained on the days of
    the promotion, in the window before and after, and their sum; empty where they are not known. The lists have one element per day;
    `running` holds the codes of promotions, separated by `;`.
    """
    scalars = [
        _values(column)
        for column in (
            displacement_days, least_run_days, least_run_count, least_order_count, gap_days, block_days, draw_count,
            always_on_rate, least_own_rate, least_quiet_rate, needs_control,
        )
    ]  # fmt: skip
    lists = [_lists(column) for column in (days, orders, control_orders, phases, running)]
    found = []
    for row in range(len(scalars[0])):
        shop = read_days(*(column[row] for column in lists))
        limits = Limits(*(column[row] for column in scalars))
        found.append("\n".join(_line(effect) for effect in effects(shop, limits)))
    return pa.array(found, pa.string())


def filled_orders(
    bins: pa.Array,
    lowest_rate: pa.Array,
    highest_rate: pa.Array,
    fill_from_rate: pa.Array,
    fill_to_rate: pa.Array,
    least_order_count: pa.Array,
    numbers: pa.Array,
    orders: pa.Array,
    other_orders: pa.Array,
) -> pa.Array:
    """One text per promotion: orders filled up to the threshold with the ends of the intervals of 80 % and 95 %, or nothing.

    The lists have one element per bin of baskets with an order.
    """
    zones = [
        _values(column)
        for column in (
            bins, lowest_rate, highest_rate, fill_from_rate, fill_to_rate, least_order_count,
        )
    ]  # fmt: skip
    lists = [_lists(column) for column in (numbers, orders, other_orders)]
    found = []
    for row in range(len(zones[0])):
        places, counts, others = (np.asarray(column[row]) for column in lists)
        order = np.argsort(places, kind="stable")
        estimate = bunching.filled_orders(
            places[order], counts[order].astype(float), others[order].astype(float),
            bunching.Zone(*(column[row] for column in zones)),
        )  # fmt: skip
        found.append("|".join(_numbers(estimate, 1)))
    return pa.array(found, pa.string())


FUNCTIONS = (
    SqlFunction(
        "promotion_effects",
        promotion_effects,
        (
            *(["bigint"] * 7), *(["double"] * 3), "boolean",
            "bigint[]", "bigint[]", "bigint[]", "varchar[]", "varchar[]",
        ),
        "varchar",
    ),
    SqlFunction(
        "filled_orders",
        filled_orders,
        ("bigint", *(["double"] * 4), "bigint", "bigint[]", "bigint[]", "bigint[]"),
        "varchar",
    ),
)  # fmt: skip


def _line(effect: Effect) -> str:
    cells = [effect.promotion, effect.state, str(effect.run_days), str(effect.window_days or "")]
    cells += _numbers(effect.uplift, 4)
    for name in _FIGURES:
        cells += _numbers(getattr(effect, name), 1)
    return "|".join(cells)


def _numbers(estimate: Estimate | None, digits: int) -> list[str]:
    if estimate is None:
        return [""] * 5
    # Adding 0 turns the negative zero into zero.
    return [f"{round(float(v), digits) + 0.0:.{digits}f}" for v in (estimate.value, *estimate.ends)]


def _values(column: Any) -> list[Any]:
    return one_chunk(column).to_pylist()


def _lists(column: Any) -> Sequence[Any]:
    return [cell.as_py() for cell in one_chunk(column)]
