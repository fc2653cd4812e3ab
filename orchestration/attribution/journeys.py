"""Journeys as arrays: each distinct path once, with the orders and the journeys without an order that took it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

SEPARATOR = " > "
"""Between the channels of a path, in the order of the touches."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Its functions are made when it is imported, so a type checker does not see them.
pc: Any = pyarrow.compute


@dataclass(frozen=True)
class Journeys:
    """Distinct paths over numbered channels.

    `steps` holds the channels of all paths one after another, `starts` the position at which each path begins (one more
    element than paths). `orders` and `nulls` count the journeys of each path with and without an order.
    """

    channels: tuple[str, ...]
    steps: Ints
    starts: Ints
    orders: Floats
    nulls: Floats

    @property
    def paths(self) -> Ints:
        """The number of the path of each step."""
        return np.repeat(np.arange(len(self.orders)), np.diff(self.starts))

    def presence(self) -> NDArray[np.bool_]:
        """A row per path and a column per channel: whether the path has the channel."""
        found = np.zeros((len(self.orders), len(self.channels)), dtype=bool)
        found[self.paths, self.steps] = True
        return found


def read_journeys(paths: Any, orders: Any, nulls: Any) -> Journeys:
    """Read paths such as `email > direct`; paths without a channel are left out."""
    texts = pa.array(paths, pa.string()) if not isinstance(paths, pa.Array) else paths
    kept = np.flatnonzero(pc.greater(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False))
    parts = pc.split_pattern(texts.take(pa.array(kept)), SEPARATOR)
    encoded = parts.values.dictionary_encode()
    names = np.asarray(encoded.dictionary.to_pylist(), dtype=str)
    # Sorted, so that the result does not depend on the order of the paths.
    place = np.empty(len(names), dtype=np.int64)
    place[np.argsort(names)] = np.arange(len(names))
    return Journeys(
        tuple(sorted(str(name) for name in names)),
        place[encoded.indices.to_numpy(zero_copy_only=False)],
        parts.offsets.to_numpy().astype(np.int64),
        np.asarray(orders, dtype=float)[kept],
        np.asarray(nulls, dtype=float)[kept],
    )


def shares(effects: Floats) -> Floats:
    """Effects as shares of their sum; equal shares where the sum is not positive."""
    total = effects.sum()
    return effects / total if total > 0 else np.full(len(effects), 1 / max(len(effects), 1))
