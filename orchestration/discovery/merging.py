"""Two layouts of one export in one mapping: each column with the headers of both."""

from typing import Any

from orchestration.discovery.block import Block, listed
from orchestration.discovery.known_exports import profile as profile_of


def merged(known: Block, block: Block) -> bool:
    """Join a mapping to another of the same kind of file, or of the same profile; whether that was possible."""
    files = list(dict.fromkeys([*listed(known.content["files"]), *listed(block.content["files"])]))
    if (profile := block.content.get("profile")) is not None:
        if known.content.get("profile") != profile:
            return False
    elif known.content["files"] != block.content["files"]:
        return False
    elif "profile" in known.content:
        _renamed(known, block)
    else:
        for name, spec in block.columns.items():
            known.columns[name] = _either(known.columns.get(name), spec)
        known.doubts = list(dict.fromkeys([*known.doubts, *block.doubts]))
    known.content["files"] = files[0] if len(files) == 1 else files
    known.tables += block.tables
    return True


def _renamed(known: Block, block: Block) -> None:
    """Add the headers of a newer layout to those that the profile reads."""
    profile = profile_of(known.content["profile"])
    for name, spec in block.columns.items():
        listed = profile.columns[name].headers if name in profile.columns else ()
        if isinstance(spec, str) and spec not in listed and listed:
            known.content.setdefault("columns", {})[name] = [*listed, spec]
            known.doubts.append(f"{name}: a file has {spec} instead of {listed[0]}")


def _either(known: Any, spec: Any) -> Any:
    """One column from either of two layouts of an export."""
    if known is None or known == spec:
        return spec
    if isinstance(known, str | list) and isinstance(spec, str):
        return list(dict.fromkeys([*listed(known), spec]))
    if isinstance(known, dict) and isinstance(spec, dict) and "from" in known and "from" in spec:
        both = _either(known["from"], spec["from"])
        return (
            known
            | spec
            | {"from": both}
            | (
                {"map": {**known.get("map", {}), **spec.get("map", {})}}
                if "map" in known or "map" in spec
                else {}
            )
        )
    return known
