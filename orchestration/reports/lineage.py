"""Pictures of the models: one for each room of a topic, with what it reads and which marts read it.

Columns follow the order of reading: inputs, the models of the room by depth, marts. The pictures are SVG.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePosixPath
from typing import Any

_ROW, _HEIGHT, _GAP, _LETTER, _MARGIN = 30, 22, 70, 6.7, 12


TOPICS = (
    "reference", "identity", "orders", "stock", "sessions", "marketing", "customers", "value", "offers", "kpi",
    "alerts", "goals",
)  # fmt: skip
"""The topics in their order: a topic reads itself and earlier ones."""


@dataclass
class Room:
    """The models of one folder below models/intermediate, with what they read and the marts that read them."""

    name: str
    models: set[str] = field(default_factory=set)
    inputs: set[str] = field(default_factory=set)
    marts: set[str] = field(default_factory=set)
    edges: set[tuple[str, str]] = field(default_factory=set)


def rooms(manifest: Mapping[str, Any]) -> list[Room]:
    """The rooms of all topics, in the order of reading; nodes are unique ids of dbt."""
    nodes = manifest["nodes"]
    found: dict[str, Room] = {}
    room_of: dict[str, Room] = {}
    for key, node in nodes.items():
        folders = PurePosixPath(node["original_file_path"]).parts[1:-1]
        if node["resource_type"] == "model" and folders[:1] == ("intermediate",):
            name = "/".join(folders[1:])
            room_of[key] = found.setdefault(name, Room(name))
            room_of[key].models.add(key)
    for key, node in nodes.items():
        for parent in node.get("depends_on", {}).get("nodes", []):
            if key in room_of:
                room_of[key].edges.add((parent, key))
                if parent not in room_of[key].models:
                    room_of[key].inputs.add(parent)
            elif parent in room_of and node["resource_type"] == "model":
                room_of[parent].marts.add(key)
                room_of[parent].edges.add((parent, key))
    return sorted(
        found.values(), key=lambda room: (TOPICS.index(room.name.partition("/")[0]), room.name)
    )


def picture(room: Room) -> str:
    """The room as SVG, with a title for each box."""
    places, sizes, width, height = _places(room)
    lines = [
        f'<path d="M{places[a][0] + sizes[a]:.0f} {places[a][1] + _HEIGHT / 2:.0f}'
        f" C{places[a][0] + sizes[a] + _GAP / 2:.0f} {places[a][1] + _HEIGHT / 2:.0f}"
        f" {places[b][0] - _GAP / 2:.0f} {places[b][1] + _HEIGHT / 2:.0f}"
        f' {places[b][0]:.0f} {places[b][1] + _HEIGHT / 2:.0f}"/>'
        for a, b in sorted(room.edges)
    ]
    boxes = []
    for key, (x, y) in sorted(places.items()):
        kind = "input" if key in room.inputs else "mart" if key in room.marts else "model"
        boxes.append(
            f'<g class="{kind}"><title>{escape(key.split(".", 2)[-1])}</title>'
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{sizes[key]:.0f}" height="{_HEIGHT}" rx="4"/>'
            f'<text x="{x + 8:.0f}" y="{y + 15:.0f}">{escape(_label(key, room))}</text></g>'
        )
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" aria-label="{escape(room.name)}">'
        f'<g class="lines">{"".join(lines)}</g>{"".join(boxes)}</svg>'
    )


def _label(key: str, room: Room) -> str:
    """The name of a node; models of the room without the prefix of the topic."""
    name = key.rsplit(".", 1)[-1]
    return name.partition("__")[2] if key in room.models and "__" in name else name


def _columns(room: Room) -> list[list[str]]:
    """The nodes by column: inputs, models by the longest way from an input, marts."""
    parents: dict[str, set[str]] = defaultdict(set)
    for parent, child in room.edges:
        if parent in room.models:
            parents[child].add(parent)
    depth: dict[str, int] = {}

    def depth_of(key: str) -> int:
        if key not in depth:
            depth[key] = 1 + max((depth_of(parent) for parent in parents[key]), default=0)
        return depth[key]

    last = max((depth_of(key) for key in room.models), default=0)
    columns: list[list[str]] = [sorted(room.inputs)] + [[] for _ in range(last)]
    for key in sorted(room.models):
        columns[depth[key]].append(key)
    return [column for column in [*columns, sorted(room.marts)] if column]


def _places(
    room: Room,
) -> tuple[dict[str, tuple[float, float]], dict[str, float], float, float]:
    """Where each box stands, how wide it is, and the size of the picture."""
    columns = _columns(room)
    near: dict[str, list[str]] = defaultdict(list)
    for parent, child in room.edges:
        near[child].append(parent)
        near[parent].append(child)
    # Boxes move beside their neighbours, from left to right and back, which leaves few crossings.
    rank = {key: float(row) for column in columns for row, key in enumerate(column)}
    for _ in range(6):
        for column in (*columns, *reversed(columns)):
            column.sort(key=lambda key: (_mean(rank[other] for other in near[key]), key))
            middle = (len(column) - 1) / 2
            rank |= {key: row - middle for row, key in enumerate(column)}
    most = max(map(len, columns))
    sizes = {key: len(_label(key, room)) * _LETTER + 16 for column in columns for key in column}
    places, x = {}, float(_MARGIN)
    for column in columns:
        top = _MARGIN + (most - len(column)) * _ROW / 2
        places |= {key: (x, top + row * _ROW) for row, key in enumerate(column)}
        x += max(sizes[key] for key in column) + _GAP
    return places, sizes, x - _GAP + _MARGIN, most * _ROW + 2 * _MARGIN


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
