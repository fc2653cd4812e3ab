"""dbt in Dagster: the models as assets, their tests as asset checks, and what both left behind.

No business logic lives here: groups, owners and descriptions come from the dbt project.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from packaging.version import Version

from orchestration import carry, engine, release
from orchestration.landing.wording import plain
from orchestration.manifest import ensure_manifest
from orchestration.progress import tell
from orchestration.settings import PROJECT, Settings
from orchestration.warehouse import connect, writer

_CHECK_RESULTS = {
    "table meta.check_results": "One row per check of the last run.",
    "column meta.check_results.run_id": "Run of the job.",
    "column meta.check_results.tool": "dbt, or great_expectations.",
    "column meta.check_results.check_name": "Name or sentence of the check.",
    "column meta.check_results.is_passed": "Whether it passed.",
    "column meta.check_results.severity": "error stops the release, warn is shown.",
    "column meta.check_results.failure_count": "Rows that failed.",
    "column meta.check_results.message": "What the tool said.",
    "column meta.check_results.checked_at": "When, UTC.",
}


class Translator(DagsterDbtTranslator):
    """Assets are grouped by layer, and marts by the question they answer."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """`staging`, `intermediate`, `seeds`, or for a mart its folder."""
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        folders = dbt_resource_props["fqn"][1:-1]
        if not folders:
            return None
        return f"marts_{folders[1]}" if folders[0] == "marts" and len(folders) > 1 else folders[0]


class Dbt(DbtCliResource):
    """Starts dbt at once: before each call, dagster-dbt asks `dbt --version` and loads an adapter of its own.

    That takes some 5 CPU seconds of every run, for row counts and other versions of dbt that nobody uses here.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # ty: ignore[incompatible-method-override]
        return None


def dbt_project(settings: Settings) -> DbtProject:
    """The project at the root of the repository, with its compiled files in the shop's home."""
    return DbtProject(project_dir=PROJECT, profiles_dir=PROJECT, target_path=settings.dbt_target)


def build_dbt_assets(settings: Settings) -> dg.AssetsDefinition:
    """Every seed and model, with its data tests as asset checks."""
    manifest = ensure_manifest(settings)

    @dbt_assets(
        manifest=manifest,
        project=dbt_project(settings),
        dagster_dbt_translator=Translator(),
        name="transform",
    )
    def transform(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        with writer(settings, "building the models", wait_seconds=60):
            # Each call of dbt leaves a folder; the last one is worth reading after a failure.
            for folder in settings.dbt_target.glob("transform-*"):
                shutil.rmtree(folder, ignore_errors=True)
            engine.ready(settings)
            carry.before_build(settings)
            # Unit tests guard the code, not the data: `make test` and their own job run them.
            invocation = dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context)
            try:
                yield from _watch(invocation)
            finally:
                end_process(invocation.process)
                record_results(settings, context.run_id, invocation)
            carry.after_build(settings)
            release.open_gate(settings, context.run_id)

    return transform


def build_unit_tests(settings: Settings) -> dg.AssetChecksDefinition:
    """Dbt's unit tests as asset checks of their models; they run on code changes, not each night."""
    manifest = json.loads(ensure_manifest(settings).read_text())
    translator = Translator()
    models = {node["name"]: node for node in manifest["nodes"].values()}
    owners = dict(sorted(manifest["unit_tests"].items()))
    keys = {
        unique_id: dg.AssetCheckKey(
            translator.get_asset_key(models[test["model"]]), f"unit_{test['name']}"
        )
        for unique_id, test in owners.items()
    }

    @dg.multi_asset_check(
        name="run_unit_tests",
        specs=[
            dg.AssetCheckSpec(
                key.name, asset=key.asset_key, description=owners[unique_id].get("description")
            )
            for unique_id, key in keys.items()
        ],
    )
    def unit_tests(dbt: DbtCliResource) -> Iterator[dg.AssetCheckResult]:
        with writer(settings, "running unit tests", wait_seconds=60):
            engine.ready(settings)
            invocation = dbt.cli(
                ["test", "--select", "resource_type:unit_test"], raise_on_error=False
            ).wait()
        for result in invocation.get_artifact("run_results.json")["results"]:
            key = keys[result["unique_id"]]
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=result["status"] == "pass",
                metadata={"message": plain(result["message"] or "passed")},
            )

    return unit_tests


def end_process(process: subprocess.Popen[bytes]) -> None:
    """Whatever stopped the run, dbt does not go on building behind its back, the warehouse locked."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _watch(invocation: DbtCliInvocation) -> Iterator[Any]:
    """Pass dbt's events on to Dagster and say how many nodes are done."""
    total = len(invocation.manifest["nodes"])
    for done, event in enumerate(invocation.stream(), start=1):
        yield event
        tell("build", min(done, total), total, _label(event))
    tell("build", total, total, "")


def _label(event: Any) -> str:
    key = getattr(event, "asset_key", None)
    return key.path[-1] if key else ""


def record_results(settings: Settings, run_id: str, invocation: DbtCliInvocation) -> None:
    """Keep the outcome of every dbt test in `meta.check_results`."""
    path = invocation.target_path / "run_results.json"
    if path.exists():
        results = json.loads(path.read_text())["results"]
        rows = [
            (
                run_id,
                "dbt",
                result["unique_id"].split(".")[2],
                result["status"] == "pass",
                "warn" if result["status"] == "warn" else "error",
                result["failures"],
                plain(result["message"]) if result["message"] else None,
            )
            for result in results
            if result["unique_id"].startswith("test.")
        ]
        save_check_results(settings, "dbt", rows)


def save_check_results(settings: Settings, tool: str, rows: list[tuple[Any, ...]]) -> None:
    """Replace the results of one tool: (run_id, tool, check, passed, severity, failures, message)."""
    with connect(settings) as con:
        con.execute("create schema if not exists meta")
        con.execute(
            """create table if not exists meta.check_results (
                run_id varchar, tool varchar, check_name varchar, is_passed boolean,
                severity varchar, failure_count bigint, message varchar, checked_at timestamp)"""
        )
        for what, text in _CHECK_RESULTS.items():
            con.execute(f"comment on {what} is '{text}'")
        con.execute("delete from meta.check_results where tool = ?", [tool])
        if rows:
            con.executemany(
                "insert into meta.check_results values (?, ?, ?, ?, ?, ?, ?, now()::timestamp)",
                rows,
            )
