"""dbt in Dagster: the models as assets, their tests as asset checks, and what both left behind.

No business logic lives here: groups, owners and descriptions come from the dbt project.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from packaging.version import Version

from orchestration.config.settings import PROJECT, Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines import sync_history
from orchestration.engines.manifest import ensure_manifest
from orchestration.engines.warehouse import writer
from orchestration.pipeline.dbt_translator import Translator, describe_unit_test
from orchestration.pipeline.engine_start import start_engine
from orchestration.quality import check_results
from orchestration.release import build_facts, rebuilt_tables, retired_models
from orchestration.reports.feed_ages import feed_rhythms
from orchestration.system.masking import plain
from orchestration.terminal.progress import report_progress


class Dbt(DbtCliResource):
    """Starts dbt at once: before each call, dagster-dbt asks `dbt --version` and loads an adapter of its own.

    That takes some 5 CPU seconds of every run, for row counts and other versions of dbt that are not used here.
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
        dagster_dbt_translator=_translator(settings),
        name="transform",
    )
    def transform(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        with writer(settings, "building the models", wait_seconds=60):
            # Each call of dbt leaves a folder; the last one is worth reading after a failure.
            for folder in settings.dbt_target.glob("transform-*"):
                shutil.rmtree(folder, ignore_errors=True)
            start_engine(settings)
            sync_history.before_build(settings)
            start = build_facts.begin(settings, context.run_id)
            # Unit tests guard the code, not the data: `make test` and their own job run them.
            invocation = dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context)
            try:
                yield from _watch(invocation)
            finally:
                end_process(invocation.process)
                record_results(settings, start, context.run_id, invocation.target_path)
            sync_history.after_build(settings)
            if dropped := retired_models.drop(settings):
                context.log.info("Removed tables of retired models: %s", ", ".join(dropped))

    return transform


def build_unit_tests(settings: Settings) -> dg.AssetChecksDefinition:
    """Dbt's unit tests as asset checks of their models; they run on code changes, not each night."""
    manifest = json.loads(ensure_manifest(settings).read_text())
    translator = _translator(settings)
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
                key.name, asset=key.asset_key, description=describe_unit_test(owners[unique_id])
            )
            for unique_id, key in keys.items()
        ],
        # One model that is materialised by hand brings its own unit tests only.
        can_subset=True,
    )
    def unit_tests(
        context: dg.AssetCheckExecutionContext, dbt: DbtCliResource
    ) -> Iterator[dg.AssetCheckResult]:
        wanted = context.selected_asset_check_keys
        names = [f"unit_test:{owners[name]['name']}" for name, key in keys.items() if key in wanted]
        chosen = ["resource_type:unit_test"] if len(names) == len(keys) else names
        with writer(settings, "running unit tests", wait_seconds=60):
            start_engine(settings)
            invocation = dbt.cli(["test", "--select", *chosen], raise_on_error=False).wait()
        for result in invocation.get_artifact("run_results.json")["results"]:
            # dbt lists its hooks, too.
            if (key := keys.get(result["unique_id"])) is None:
                continue
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=result["status"] == "pass",
                metadata={"message": plain(result["message"] or "passed")},
            )

    return unit_tests


def _translator(settings: Settings) -> Translator:
    return Translator(load_shop_config(settings.config), feed_rhythms(settings))


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
    """Pass dbt's events on to Dagster; say how many models and seeds are done, and which is being built."""
    total = sum(
        node["resource_type"] in ("model", "seed") for node in invocation.manifest["nodes"].values()
    )
    report_progress("build", 0, total, "dbt reads the project")
    working: list[str] = []
    done = 0
    for event in invocation.stream_raw_events():
        kind, node, name = _node(event.raw_event)
        if kind == "started":
            working.append(name)
        elif kind == "done" and name in working:
            working.remove(name)
            done += node.startswith(("model.", "seed."))
        if kind and working:
            # The one that has been building longest is the one that people wait for.
            report_progress("build", min(done, total - 1), total, working[0])
        yield from event.to_default_asset_events(
            manifest=invocation.manifest,
            dagster_dbt_translator=invocation.dagster_dbt_translator,
            context=invocation.context,
            target_path=invocation.target_path,
            project=invocation.project,
        )
    report_progress("build", total, total)


def _node(event: Mapping[str, Any]) -> tuple[str, str, str]:
    """`started` or `done`, id and name of the node that an event is about; else empty texts."""
    kind = event["info"]["name"]
    node = event["data"].get("node_info") or {}
    if kind == "LogStartLine" and node:
        return "started", node["unique_id"], node["node_name"]
    if kind.startswith("Log") and kind.endswith("Result") and node:
        return "done", node["unique_id"], node["node_name"]
    return "", "", ""


def record_results(settings: Settings, start: build_facts.Start, run_id: str, folder: Path) -> None:
    """Keep how every node of a start of dbt ended, from dbt's own file in `folder`.

    Without that file nothing is known, and the start stays without an end.
    """
    path = folder / "run_results.json"
    if path.exists():
        try:
            ended = json.loads(path.read_text())
            results = ended["results"]
        except ValueError:
            # dbt was stopped while it wrote; its own error says why.
            return
        build_facts.end(
            settings, start, {result["unique_id"]: result["status"] for result in results}
        )
        rebuilt_tables.save(settings, ended["metadata"]["invocation_id"])
        tests = json.loads((settings.dbt_target / "manifest.json").read_text())["nodes"]
        check_results.save_dbt(settings, run_id, results, [name.split(".")[2] for name in tests])
