"""Mappings as the text of shop.yml: one column on a line, with its confidence and what was assumed."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from orchestration.config.contract import load_contract
from orchestration.discovery.block import Block


def text_of(blocks: Sequence[Block]) -> str:
    """The `feeds:` section of shop.yml with all mappings."""
    lines = ["feeds:"]
    for code in load_contract():
        own = [block for block in blocks if block.feed == code]
        if own:
            lines.append(f"  {code}:")
        for block in own:
            lines += [f"    # {doubt}" for doubt in block.doubts]
            lines += _mapping(block)
    return "\n".join(lines) + "\n"


def _mapping(block: Block) -> list[str]:
    lines = []
    for key, value in block.content.items():
        start = "    - " if not lines else "      "
        if key == "columns":
            lines.append("      columns:")
            pairs = [
                (f"        {name}: {_flow(spec)}", block.notes.get(name, ""))
                for name, spec in value.items()
            ]
            width = min(max((len(text) for text, _ in pairs), default=0), 60)
            lines += [f"{text:<{width}}  # {note}" if note else text for text, note in pairs]
        elif isinstance(value, Mapping):
            lines.append(f"{start}{key}:")
            lines += [f"        {name}: {_flow(spec)}" for name, spec in value.items()]
        else:
            note = block.notes.get(key)
            lines.append(f"{start}{key}: {_flow(value)}" + (f"  # {note}" if note else ""))
    return lines


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")
