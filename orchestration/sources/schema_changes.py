"""Columns that are new, gone, or of another type than at the last fetch."""

from collections.abc import Sequence


def findings(
    place: str, before: Sequence[Sequence[str]], now: Sequence[Sequence[str]]
) -> list[str]:
    """A sentence per change; none at the first fetch. Columns are pairs of name and type."""
    if not before:
        return []
    old, new = ({one[0]: one[1] for one in columns} for columns in (before, now))
    found = [
        f"{place}: the column {name} ({new[name]}) is new; no mapping reads it until shop.yml names it"
        for name in new
        if name not in old
    ]
    found += [
        f"{place}: the column {name} is gone; a mapping that names it rejects the file: correct it in "
        "shop.yml, or add the column to may_lack"
        for name in old
        if name not in new
    ]
    found += [
        f"{place}: the column {name} has the type {new[name]}, and had {old[name]}"
        for name in new
        if name in old and new[name] != old[name]
    ]
    return found
