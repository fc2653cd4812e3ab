"""The rounds of trust once more, in Python and record by record: who must be one person, given the edges."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple


class Edge(NamedTuple):
    """A record and an identifier, with what the policy says of its kind."""

    record: str
    tie: str
    identifier: str
    id_type: str
    id_scope: str
    probability: float
    priority: int
    strength: str
    is_tie: bool
    limit: int | None
    uncompared: str | None


Ids = dict[tuple[str, str], set[str]]
"""Identifiers by kind and scope."""


def persons(edges: Collection[Edge]) -> set[frozenset[str]]:
    """The records of each person."""
    home = {edge.record: edge.record for edge in edges}
    rounds: dict[tuple[int, int, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.is_tie:
            rounds[edge.priority, -_sureness(edge), edge.uncompared or ""].append(edge)
    order = sorted(rounds)
    strong = [key for key in order if any(e.strength == "strong" for e in rounds[key])]
    last = order.index(strong[-1]) + 1 if strong else 0
    for key in order + order[last:]:
        _round(home, rounds[key], edges)
    groups: dict[str, set[str]] = defaultdict(set)
    for record, person in home.items():
        groups[person].add(record)
    return {frozenset(group) for group in groups.values()}


def _sureness(edge: Edge) -> int:
    if edge.id_type != "fuzzy_match":
        return 5
    return 1 + sum(edge.probability >= nines for nines in (0.99, 0.999, 0.9999))


def _round(home: dict[str, str], ties: list[Edge], edges: Iterable[Edge]) -> None:
    is_match, priority = ties[0].id_type == "fuzzy_match", ties[0].priority
    uncompared = (ties[0].uncompared or "").splitlines()
    held: dict[str, Ids] = defaultdict(lambda: defaultdict(set))
    limits: dict[tuple[str, str], int] = {}
    for edge in edges:
        counts = edge.strength != "weak" or not is_match or edge.id_type in uncompared
        if edge.limit is not None and edge.priority <= priority and counts:
            kind = edge.id_type, edge.id_scope
            held[home[edge.record]][kind].add(edge.identifier)
            limits[kind] = edge.limit
    ends: dict[str, set[str]] = defaultdict(set)
    for tie in ties:
        ends[tie.tie].add(home[tie.record])

    def exceeded(people: Iterable[str]) -> set[tuple[str, str]]:
        people = list(people)
        kinds = {kind for person in people for kind in held[person]}
        return {
            kind
            for kind in kinds
            if len(set().union(*(held[p][kind] for p in people)))
            > max(limits[kind], *(len(held[p][kind]) for p in people))
        }

    kept = {tie: set(people) for tie, people in ends.items() if not exceeded(people)}
    for component, members in _components(kept):
        if kinds := exceeded(component):
            holders = {p for p in component if any(held[p][kind] for kind in kinds)}
            _refuse(kept, members, holders, exceeded)
    for component, members in _components(kept):
        if kinds := exceeded(component):
            holders = {p for p in component if any(held[p][kind] for kind in kinds)}
            for tie in members:
                if kept[tie] & holders:
                    del kept[tie]
    merged = {
        person: min(component)
        for component, _ in _components(kept)
        if not exceeded(component)
        for person in component
    }
    for record, person in home.items():
        home[record] = merged.get(person, person)


def _refuse(kept: dict[str, set[str]], members: set[str], holders: set[str], exceeded) -> None:
    """Take out the ties by which a group without ids of a kind reaches holders who are several."""
    free = {tie: kept[tie] - holders for tie in members if kept[tie] - holders}
    grouped = {tie: group for _, group in _components(free) for tie in group}
    wholes = {frozenset(grouped.get(tie, {tie})) for tie in members}
    for whole in wholes:
        if exceeded(set().union(*(kept[tie] for tie in whole))):
            for tie in whole:
                if kept[tie] & holders:
                    del kept[tie]


def _components(ties: Mapping[str, set[str]]) -> list[tuple[set[str], set[str]]]:
    """The persons and the ties of each connected component."""
    of_person: dict[str, set[str]] = defaultdict(set)
    for tie, people in ties.items():
        for person in people:
            of_person[person].add(tie)
    found, left = [], set(ties)
    while left:
        members, waiting, people = set(), {left.pop()}, set()
        while waiting:
            tie = waiting.pop()
            members.add(tie)
            new = ties[tie] - people
            people |= new
            waiting |= {other for person in new for other in of_person[person]} - members
        left -= members
        found.append((people, members))
    return found
