"""What Dagster shows of dbt's models and tests: group, owner, freshness, and a sentence per check.

Everything is read from the dbt project; the rest follows from the kind of test.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.config.shop_config import ShopConfig
from orchestration.reports.freshness import STATIC, Rhythm, rhythm_of

DAILY = rhythm_of("daily")
"""Freshness of what every run builds again."""
DEFAULT_TEAM = "analytics"
_LATE_WHEN_UNKNOWN = 31
"""Days after which a feed is late whose rhythm nothing has shown yet."""
_LATE_RUN = timedelta(hours=6)
"""How much later than usual a run may end before Dagster warns."""


def owners(team: str | None, shop: ShopConfig) -> list[str]:
    """Dagster's owner of what a team answers for: the e-mail in shop.yml, else the team."""
    name = team or DEFAULT_TEAM
    return [shop.owners.get(name) or shop.owners.get("default") or f"team:{name}"]


def freshness_policy(rhythm: Rhythm | None) -> dg.FreshnessPolicy | None:
    """Late when the rhythm says so, with a warning at half of that time; a static feed has none."""
    if rhythm is None or rhythm == STATIC:
        return None
    late = timedelta(days=_late_after(rhythm))
    return dg.FreshnessPolicy.time_window(late + _LATE_RUN, warn_window=late / 2 + _LATE_RUN)


class Translator(DagsterDbtTranslator):
    """Assets are grouped by layer, and marts by the question they answer."""

    def __init__(self, shop: ShopConfig, rhythms: Mapping[str, Rhythm]) -> None:
        super().__init__()
        self._shop = shop
        self._feeds = rhythms
        self._rhythms: dict[str, Rhythm | None] = {}

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """`staging`, `intermediate`, `seeds`, or for a mart its folder."""
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        folders = dbt_resource_props["fqn"][1:-1]
        if not folders:
            return None
        return f"marts_{folders[1]}" if folders[0] == "marts" and len(folders) > 1 else folders[0]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """The team in the model's meta."""
        return owners(dbt_resource_props.get("config", {}).get("meta", {}).get("owner"), self._shop)

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """As fresh as the most frequent of the feeds that it is built from; a seed has no freshness."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        policy = freshness_policy(self._rhythm(manifest, unique_id))
        return spec.replace_attributes(freshness_policy=policy)

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """The test's own description, else a sentence."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None or spec.description:
            return spec
        return spec._replace(description=describe_test(manifest["nodes"][unique_id]))

    def _rhythm(self, manifest: Mapping[str, Any], unique_id: str) -> Rhythm | None:
        if unique_id in manifest["sources"]:
            source = manifest["sources"][unique_id]
            return self._feeds.get(f"{source['source_name']}.{source['name']}")
        if unique_id not in self._rhythms:
            parents = manifest["nodes"][unique_id]["depends_on"].get("nodes", [])
            found = [self._rhythm(manifest, parent) for parent in parents]
            timed = [rhythm for rhythm in found if rhythm and rhythm != STATIC]
            self._rhythms[unique_id] = min(timed, key=_late_after, default=None)
        return self._rhythms[unique_id]


def _late_after(rhythm: Rhythm) -> int:
    return rhythm.late_after_days or _LATE_WHEN_UNKNOWN


def describe_test(node: Mapping[str, Any]) -> str:
    """A sentence for a dbt test: its description, the comment that opens its SQL, or what its kind means."""
    if node.get("description"):
        return node["description"]
    kind = node.get("test_metadata")
    if kind is None:
        return (
            _opening_comment(node["raw_code"]) or f"{node['name'].replace('_', ' ').capitalize()}."
        )
    given = kind["kwargs"]
    column = given.get("column_name", "")
    columns = given.get("columns", given.get("combination_of_columns", []))
    known = {
        "not_null": f"{column} is never NULL.",
        "unique": f"No value of {column} occurs twice.",
        "unique_combination": f"One row per {', '.join(columns)}.",
        "accepted_values": f"{column} is one of {', '.join(map(str, given.get('values', [])))}.",
        "adds_up_to": f"{column} adds up to that of {given.get('to')}, to the cent.",
        "relationships": f"Every {column} exists in {given.get('to')}.",
    }
    return known.get(kind["name"]) or f"{node['name'].replace('_', ' ').capitalize()}."


def describe_unit_test(test: Mapping[str, Any]) -> str:
    """The description of a unit test, else its name, which is a sentence."""
    words = test["name"].replace("_", " ")
    return test.get("description") or f"{words[:1].upper()}{words[1:]}."


def _opening_comment(sql: str) -> str:
    lines = []
    for line in sql.strip().splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)
