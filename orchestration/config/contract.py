"""The contract of every feed, read from the dbt source declarations in models/staging.

Landing, quality checks and the demo shop read a feed's columns here and declare none of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.config.settings import PROJECT

# Every command reads the contract, and libyaml reads it in a tenth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Column:
    """One column of a feed. `data_type` is a name that DuckDB and Spark both know."""

    name: str
    data_type: str
    description: str
    en: str
    zh: str
    required: bool = False
    default: str | None = None
    pii: bool = False
    headers_of: str | None = None
    """A column whose headers this one names, where the mapping does not fill it."""
    unit: str | None = None
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    below: str | None = None
    """What a value below `min` usually is, and what to do with it."""


@dataclass(frozen=True)
class Feed:
    """One raw table: `system.name` in shop.yml, `raw.<table>` in the warehouse.

    `owner` is the team that answers for the exports. `whole` are the columns of what a file states completely
    (an order, an account's day); `replaces` says whether a newer file withdraws rows of it that it lacks.
    """

    system: str
    name: str
    table: str
    description: str
    en: str
    zh: str
    owner: str
    key: tuple[str, ...]
    cursor: str | None
    control_totals: tuple[str, ...]
    whole: tuple[str, ...]
    replaces: str
    columns: Mapping[str, Column]

    @property
    def code(self) -> str:
        """The feed's name in shop.yml, such as `erp.orders`."""
        return f"{self.system}.{self.name}"


def _column(spec: Mapping[str, Any]) -> Column:
    meta = dict(spec["config"]["meta"])
    meta["values"] = tuple(meta.get("values", ()))
    return Column(
        name=spec["name"], data_type=spec["data_type"], description=spec["description"], **meta
    )


def _feed(system: str, owner: str, spec: Mapping[str, Any]) -> Feed:
    meta = spec["config"]["meta"]
    return Feed(
        system=system,
        name=spec["name"],
        table=spec["identifier"],
        description=spec["description"],
        en=meta["en"],
        zh=meta["zh"],
        owner=meta.get("owner", owner),
        key=tuple(meta["key"]),
        cursor=meta.get("cursor"),
        control_totals=tuple(meta.get("control_totals", ())),
        whole=tuple(meta.get("whole", ())),
        replaces=meta.get("replaces", "key"),
        columns={column["name"]: _column(column) for column in spec["columns"]},
    )


@cache
def load_contract(folder: Path = PROJECT / "models" / "staging") -> Mapping[str, Feed]:
    """All feeds by code (`erp.orders`), in the order of their declaration."""
    feeds: dict[str, Feed] = {}
    for system in ("crm", "erp", "ads", "web"):
        path = folder / system / f"_{system}.yml"
        declared = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        for source in declared["sources"]:
            for table in source["tables"]:
                feed = _feed(source["name"], source["config"]["meta"]["owner"], table)
                feeds[feed.code] = feed
    return feeds
