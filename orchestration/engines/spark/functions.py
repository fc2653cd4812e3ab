"""Registers the SQL functions of the rooms `statistics` and `value` in the session of dbt.

The functions travel by value: a worker of a cluster needs Python with numpy, scipy and pyarrow, but not this package.
"""

import importlib
import threading
from typing import TYPE_CHECKING, Any

import orchestration.statistics
import orchestration.value
from orchestration.statistics import distributions
from orchestration.value import sql_functions

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TYPES = {"varchar": "string"}


def register(spark: "SparkSession") -> None:
    """Register every function in a session."""
    from pyspark import cloudpickle
    from pyspark.sql.functions import ArrowUDFType, arrow_udf

    for room in (orchestration.statistics, orchestration.value):
        cloudpickle.register_pickle_by_value(room)
    for function in (*distributions.FUNCTIONS, *sql_functions.FUNCTIONS):
        gives = _TYPES.get(function.gives, function.gives)
        spark.udf.register(function.name, arrow_udf(function.call, gives, ArrowUDFType.SCALAR))


def register_on_first_statement() -> None:
    """Make dbt register the functions before the first statement of each session."""
    from pyspark.sql import SparkSession

    session = importlib.import_module("dbt.adapters.spark.session")
    execute = session.Cursor.execute
    registered: set[str] = set()
    turn = threading.Lock()

    def execute_with_functions(self: Any, sql: str, *parameters: Any) -> None:
        with turn:
            builder = SparkSession.builder.enableHiveSupport()
            for parameter, value in self.server_side_parameters.items():
                builder = builder.config(parameter, value)
            spark = builder.getOrCreate()
            if spark.session_id not in registered:
                register(spark)
                registered.add(spark.session_id)
        execute(self, sql, *parameters)

    session.Cursor.execute = execute_with_functions
