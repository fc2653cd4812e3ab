"""Weights and pairs of channels as SQL functions over Arrow columns, the same ones on DuckDB and on Spark."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from orchestration.attribution.journeys import Floats, Journeys, read_journeys, shares
from orchestration.attribution.markov import removal_effects
from orchestration.attribution.pairs import Pair, joint_effects
from orchestration.attribution.shapley import shapley_rate
from orchestration.system.sql_function import SqlFunction, one_chunk

_DIGITS = 9
_MODELS: dict[str, Callable[[Journeys, int], Floats]] = {
    "markov_1": lambda journeys, _: shares(removal_effects(journeys, order=1)),
    "markov_2": lambda journeys, _: shares(removal_effects(journeys, order=2)),
    "shapley_rate": lambda journeys, most: shares(shapley_rate(journeys, most_channels=most)),
}


def channel_weights(
    models: pa.Array, most_channels: pa.Array, paths: pa.Array, orders: pa.Array, nulls: pa.Array
) -> pa.Array:
    """One text per row with a line `model|channel|weight` for each model of `models`, which `;` separates.

    The lists have one element per distinct path. The weights of a model add up to 1.
    """
    lines = []
    for row, names in enumerate(_values(models)):
        journeys = read_journeys(
            *(one_chunk(column)[row].values for column in (paths, orders, nulls))
        )
        most = _values(most_channels)[row]
        lines.append(
            "\n".join(line for name in names.split(";") for line in _lines(name, journeys, most))
        )
    return pa.array(lines, pa.string())


def channel_pairs(
    paths: pa.Array, orders: pa.Array, nulls: pa.Array, least: pa.Array, interval_z: pa.Array
) -> pa.Array:
    """One text per row with a line `channel|channel|journeys|orders|expected orders|odds ratio|low|high` for each pair."""
    texts = []
    for row, least_journeys in enumerate(_values(least)):
        journeys = read_journeys(
            *(one_chunk(column)[row].values for column in (paths, orders, nulls))
        )
        pairs = joint_effects(journeys, least_journeys, _values(interval_z)[row])
        texts.append("\n".join(_pair_line(pair) for pair in pairs))
    return pa.array(texts, pa.string())


def _pair_line(pair: Pair) -> str:
    figures = "|".join(f"{value:.6f}" for value in (pair.expected, pair.ratio, pair.low, pair.high))
    return f"{pair.channels[0]}|{pair.channels[1]}|{pair.journeys}|{pair.orders}|{figures}"


FUNCTIONS = (
    SqlFunction(
        "channel_weights",
        channel_weights,
        ("varchar", "bigint", "varchar[]", "bigint[]", "bigint[]"),
        "varchar",
    ),
    SqlFunction(
        "channel_pairs",
        channel_pairs,
        ("varchar[]", "bigint[]", "bigint[]", "bigint", "double"),
        "varchar",
    ),
)


def _lines(name: str, journeys: Journeys, most: int) -> list[str]:
    if not journeys.channels:
        return []
    weights = _MODELS[name](journeys, most)
    # Adding 0 turns the negative zero, which other engines would print differently, into zero.
    return [
        f"{name}|{channel}|{round(float(weight), _DIGITS) + 0.0:.{_DIGITS}f}"
        for channel, weight in zip(journeys.channels, weights, strict=True)
    ]


def _values(column: Any) -> Any:
    return one_chunk(column).to_pylist()
