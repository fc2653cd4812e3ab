"""How many columns a proposal has right, wrong and not at all, against mappings that a person wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.config.contract import load_contract
from orchestration.config.mapping import ColumnSpec
from orchestration.config.shop_config import load_shop_config
from orchestration.discovery.deliveries import named
from orchestration.discovery.known_exports import profile
from orchestration.discovery.proposal import Proposal, propose
from orchestration.landing.read import headers

Filled = dict[tuple[str, str], set[str]]
"""By feed and column the headers that fill it, in comparable form."""
_SAME_FEED = {"crm.customers": "customers", "erp.customers": "customers"}
_SAME_COLUMN = {
    ("erp.orders", "crm_customer_id"): "customer_id",
    # Names in two columns are names in one.
    ("customers", "given_name"): "full_name",
    ("customers", "family_name"): "full_name",
}


@dataclass
class Score:
    """Columns that a person mapped, by what was proposed for them."""

    right: int
    wrong: list[str]
    missing: list[str]

    @property
    def total(self) -> int:
        """All columns that a person mapped."""
        return self.right + len(self.wrong) + len(self.missing)


def _key(feed: str, column: str) -> tuple[str, str]:
    feed = _SAME_FEED.get(feed, feed)
    return feed, _SAME_COLUMN.get((feed, column), column)


def _add(found: Filled, feed: str, column: str, spec: Any, known: set[str]) -> None:
    groups = ColumnSpec.model_validate(spec).groups
    used = {headers.normal(h) for group in groups for h in group}
    if used & known:
        found.setdefault(_key(feed, column), set()).update(used & known)


def proposed(proposal: Proposal) -> Filled:
    """What a proposal fills from which headers."""
    known = _headers(proposal)
    found: Filled = {}
    for block in proposal.blocks:
        columns = dict(block.columns)
        if "profile" in block.content:
            spec = profile(block.content["profile"]).columns
            columns = {
                name: one.model_dump(by_alias=True, exclude_defaults=True)
                for name, one in spec.items()
            } | columns
        for column, spec in columns.items():
            _add(found, block.feed, column, spec, known)
    return found


def by_person(config: Path, proposal: Proposal) -> Filled:
    """What a shop.yml fills from the headers of the files."""
    known, found = _headers(proposal), {}
    for mapping in load_shop_config(config).mappings:
        for column, spec in mapping.columns.items():
            for group in spec.groups:
                used = {headers.normal(h) for h in group} & known
                if used:
                    found.setdefault(_key(mapping.feed, column), set()).update(used)
    return found


def listed(right: Mapping[str, Mapping[str, Any]]) -> Filled:
    """Right columns as a yaml file lists them."""
    found: Filled = {}
    for feed, columns in right.items():
        assert feed in load_contract(), feed
        for column, header in columns.items():
            assert column in load_contract()[feed].columns, (feed, column)
            several = header if isinstance(header, list) else [header]
            found.setdefault(_key(feed, column), set()).update(map(headers.normal, several))
    return found


def _headers(proposal: Proposal) -> set[str]:
    return {headers.normal(h) for export in proposal.exports for h in export.table.headers}


def score(right: Filled, given: Filled) -> Score:
    """Compare, column by column."""
    found = Score(0, [], [])
    for key, wanted in right.items():
        have = given.get(key, set())
        if wanted & have:
            found.right += 1
        elif have:
            found.wrong.append(f"{key[0]}.{key[1]}: {sorted(have)} for {sorted(wanted)}")
        else:
            found.missing.append(f"{key[0]}.{key[1]}: {sorted(wanted)}")
    return found


def folder_score(folder: Path, right: Path | Mapping[str, Mapping[str, Any]]) -> Score:
    """Inspect a folder, and compare with a shop.yml or with listed columns."""
    proposal = propose(named([folder]))
    wanted = by_person(right, proposal) if isinstance(right, Path) else listed(right)
    return score(wanted, proposed(proposal))


def right_columns(path: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The content of right_columns.yml."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))
