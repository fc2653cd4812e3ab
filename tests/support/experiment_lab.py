"""The models of experiments over units that a test draws, in a database in memory: the SQL is that of a built home."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from shops import Shop

from orchestration.engines.dbt_session import register_functions

_PREFIX = "intermediate.int_offers__experiment"
_MODELS = ("moments", "adjustments", "contrasts", "lifts")
_LIMITS = {"confidence": 0.95, "least_covariate_rate": 0.5, "control_variant": "control"}


class ExperimentLab:
    """Many experiments at once: each draw of a simulation is an experiment."""

    def __init__(self, shop: Shop) -> None:
        self.con = duckdb.connect()
        register_functions(self.con)
        self.con.execute(
            "attach ':memory:' as warehouse; use warehouse; create schema intermediate"
        )
        self._sql = {name: _compiled(shop, name) for name in _MODELS}

    def lifts(self, kind: str, units: Mapping[str, Sequence[Any] | np.ndarray]) -> dict[str, Any]:
        """The columns of `int_offers__experiment_lifts` by name, sorted by adjustment and experiment.

        `units` has experiment_id (a number), variant, numerator, and where needed denominator and covariate.
        """
        # NaN is a missing covariate.
        columns = {name: pa.array(values, from_pandas=True) for name, values in units.items()}
        self.con.register("drawn", pa.table(columns))
        given = {"denominator": "1", "covariate": "null"}
        cells = {name: name if name in units else value for name, value in given.items()}
        limits = ", ".join(
            f"'{v}' as {k}" if isinstance(v, str) else f"{v} as {k}" for k, v in _LIMITS.items()
        )
        self.con.execute(
            f"""create or replace table {_PREFIX}_values as
            select experiment_id, variant, numerator::double as numerator,
                {cells["denominator"]}::double as denominator, {cells["covariate"]}::double as covariate,
                false as is_zero_filled, true as is_measured from drawn;
            create or replace table {_PREFIX}s as
            select distinct experiment_id, '{kind}' as metric_kind, {limits} from drawn"""
        )
        for name in _MODELS:
            self.con.execute(f"create or replace table {_PREFIX}_{name} as {self._sql[name]}")
        return self.con.execute(
            f"from {_PREFIX}_lifts order by is_adjusted, experiment_id"
        ).fetchnumpy()


def _compiled(shop: Shop, name: str) -> str:
    """The SQL of a model as the last build ran it."""
    folder = shop.home / "private" / "dbt"
    files = folder.rglob(f"compiled/**/int_offers__experiment_{name}.sql")
    newest = max(files, key=lambda path: path.stat().st_mtime)
    return newest.read_text(encoding="utf-8").strip().rstrip(";")
