"""The functions of this room as SQL functions over Arrow columns, the same ones on DuckDB and on Spark.

Names, types of the arguments and of the result are in `FUNCTIONS`. Times are whole days here; the models count weeks.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.system.sql_function import SqlFunction, one_chunk
from orchestration.value import fit_text, fitting, prediction, spend
from orchestration.value.histories import Floats, Ints, group
from orchestration.value.models import WEEK_DAYS


def fit_purchase_models(
    models: pa.Array,
    critical: pa.Array,
    repeats: pa.Array,
    last: pa.Array,
    age: pa.Array,
    customers: pa.Array,
    log_gaps: pa.Array,
) -> pa.Array:
    """One line per model of `models`, which are separated by `;`.

    The lists have one element per distinct history; `last` and `age` are days.
    """
    limits = _values(critical)
    lists = [_values(column) for column in (repeats, last, age, customers, log_gaps)]
    found = []
    for row, names in enumerate(_values(models)):
        x, last_days, age_days, weight, gaps = (np.asarray(values[row]) for values in lists)
        data = group(x, last_days / WEEK_DAYS, age_days / WEEK_DAYS, weight, gaps)
        fits = (fitting.fit(name, data, critical=limits[row]) for name in names.split(";"))
        found.append("\n".join(fit_text.write_fit(fitted) for fitted in fits))
    return pa.array(found, pa.string())


def purchase_p_alive(fit: pa.Array, repeats: pa.Array, last: pa.Array, age: pa.Array) -> pa.Array:
    """P(active) of each history under its fit."""
    return _per_fit(
        (fit, repeats, last, age, age),
        lambda found, x, tx, t, _: prediction.p_alive(found, x, tx, t),
    )


def purchase_expectation(
    fit: pa.Array, repeats: pa.Array, last: pa.Array, age: pa.Array, days: pa.Array
) -> pa.Array:
    """Expected purchase days of each history in the next days."""
    return _per_fit((fit, repeats, last, age, days), prediction.expected_purchases)


def purchase_relative_error(
    fit: pa.Array, repeats: pa.Array, last: pa.Array, age: pa.Array, days: pa.Array
) -> pa.Array:
    """Standard error of the expectation, as a share of it."""
    return _per_fit(
        (fit, repeats, last, age, days),
        lambda found, x, tx, t, weeks: _relative_errors(fit_text.write_fit(found), weeks).of(
            x, tx, t
        ),
    )


def fit_spend_model(
    mean: pa.Array,
    least: pa.Array,
    counts: pa.Array,
    means: pa.Array,
    customers: pa.Array,
    logs: pa.Array,
    between: pa.Array,
    squares: pa.Array,
) -> pa.Array:
    """One line per row, from lists with one element per cell of customers with equal counts and close means.

    `logs`, `between` and `squares` are Σ z, Σ (Σ z)² ÷ n and Σ z² of the logarithms z of single purchases.
    """
    leasts = _values(least)
    lists = [_values(column) for column in (counts, means, customers, logs, between, squares)]
    lines = []
    for row, shop_mean in enumerate(_values(mean)):
        cells = [np.asarray(values[row], dtype=float) for values in lists]
        order = np.lexsort(cells[::-1])
        n, m, weight, *sums = (cell[order] for cell in cells)
        totals = spend.Totals(
            weight.sum(), (n * weight).sum(), sums[2].sum(), sums[1].sum(), sums[0].sum(),
            (n * n * weight).sum(),
        )  # fmt: skip
        fitted = spend.fit_spend(n, m, weight, totals, mean=shop_mean, least_icc=leasts[row])
        lines.append(fit_text.write_spend(fitted))
    return pa.array(lines, pa.string())


def expected_spend(fit: pa.Array, counts: pa.Array, means: pa.Array) -> pa.Array:
    """Expected value of the next purchase, of customers with so many purchases of this mean value."""
    found = np.empty(len(fit))
    for line, rows in _rows_of(fit):
        n, m = (_numbers(column, float)[rows] for column in (counts, means))
        found[rows] = spend.expected_spend(fit_text.read_spend(line), n, m)
    return _rounded(found)


_LISTS = ("bigint[]", "bigint[]", "bigint[]", "bigint[]", "double[]")
_HISTORY = ("varchar", "bigint", "bigint", "bigint", "bigint")
FUNCTIONS = (
    SqlFunction(
        "fit_purchase_models", fit_purchase_models, ("varchar", "double", *_LISTS), "varchar"
    ),
    SqlFunction("purchase_p_alive", purchase_p_alive, _HISTORY[:4], "double"),
    SqlFunction("purchase_expectation", purchase_expectation, _HISTORY, "double"),
    SqlFunction("purchase_relative_error", purchase_relative_error, _HISTORY, "double"),
    SqlFunction(
        "fit_spend_model", fit_spend_model, ("double", "double", *(["double[]"] * 6)), "varchar"
    ),
    SqlFunction("expected_spend", expected_spend, ("varchar", "bigint", "double"), "double"),
)


_MOST_ERRORS = 32
_ERRORS: dict[tuple[str, float], prediction.RelativeErrors] = {}


def _relative_errors(line: str, weeks: float) -> prediction.RelativeErrors:
    if len(_ERRORS) > _MOST_ERRORS:
        _ERRORS.clear()
    new = prediction.RelativeErrors(fit_text.read_fit(line), weeks)
    return _ERRORS.setdefault((line, weeks), new)


def _per_fit(
    columns: tuple[Any, ...], predict: Callable[[fitting.Fit, Ints, Floats, Floats, float], Floats]
) -> pa.Array:
    """Apply a prediction to columns of fits, repeats, days to the last purchase, days of age, and days ahead."""
    lines, *others = columns
    x, last, age, ahead = (_numbers(column, np.int64) for column in others)
    found = np.empty(len(lines))
    for line, rows in _rows_of(lines):
        fitted = fit_text.read_fit(line)
        for days in np.unique(ahead[rows]):
            chosen = rows[ahead[rows] == days]
            found[chosen] = predict(
                fitted,
                x[chosen],
                last[chosen] / WEEK_DAYS,
                age[chosen] / WEEK_DAYS,
                days / WEEK_DAYS,
            )
    return _rounded(found)


def _rows_of(lines: Any) -> list[tuple[str, Any]]:
    """Each distinct line with its rows."""
    encoded = one_chunk(lines).dictionary_encode()
    numbers = encoded.indices.to_numpy(zero_copy_only=False)
    return [
        (line, np.flatnonzero(numbers == number))
        for number, line in enumerate(encoded.dictionary.to_pylist())
    ]


def _rounded(values: Floats) -> pa.Array:
    """Six significant digits; NaN becomes NULL."""
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.where(values > 0, np.floor(np.log10(values)), 0.0)
        scale = 10.0 ** (5 - power)
        rounded = np.round(values * scale) / scale
    return pa.array(rounded, pa.float64(), mask=np.isnan(rounded))


def _numbers(column: Any, kind: type) -> Any:
    return one_chunk(column).to_numpy(zero_copy_only=False).astype(kind)


def _values(column: Any) -> Any:
    """Elements of a column; those of lists as arrays."""
    found = one_chunk(column)
    if pa.types.is_list(found.type) or pa.types.is_large_list(found.type):
        return [found[row].values.to_numpy(zero_copy_only=False) for row in range(len(found))]
    return found.to_pylist()
