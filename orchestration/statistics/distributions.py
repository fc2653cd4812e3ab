"""Quantiles and probabilities of the normal, Student's and the chi-square distribution as SQL functions.

All take and return doubles. The result is NULL if an argument is NULL or outside of the domain.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import special

from orchestration.system.sql_function import SqlFunction, one_chunk


def normal_quantile(probability: pa.Array) -> pa.Array:
    """The value that a standard normal variable does not exceed with this probability."""
    return _column(special.ndtri, probability)


def student_t_probability(value: pa.Array, degrees: pa.Array) -> pa.Array:
    """Probability that Student's t with these degrees of freedom, which may be fractions, is at most the value."""
    return _column(lambda t, df: special.stdtr(df, t), value, degrees)


def student_t_quantile(probability: pa.Array, degrees: pa.Array) -> pa.Array:
    """The value that Student's t does not exceed with this probability."""
    return _column(lambda p, df: special.stdtrit(df, p), probability, degrees)


def chi_square_tail(value: pa.Array, degrees: pa.Array) -> pa.Array:
    """Probability that a chi-square variable with these degrees of freedom exceeds the value."""
    return _column(lambda x, df: np.where(df > 0, special.chdtrc(df, x), np.nan), value, degrees)


FUNCTIONS = (
    SqlFunction("normal_quantile", normal_quantile, ("double",), "double", True),
    SqlFunction(
        "student_t_probability", student_t_probability, ("double", "double"), "double", True
    ),
    SqlFunction("student_t_quantile", student_t_quantile, ("double", "double"), "double", True),
    SqlFunction("chi_square_tail", chi_square_tail, ("double", "double"), "double", True),
)


def _column(compute: Callable[..., Any], *columns: Any) -> pa.Array:
    values = [
        one_chunk(column).cast(pa.float64()).to_numpy(zero_copy_only=False) for column in columns
    ]
    with np.errstate(all="ignore"):
        found = np.asarray(compute(*values), dtype=float)
    return pa.array(found, pa.float64(), mask=~np.isfinite(found))
