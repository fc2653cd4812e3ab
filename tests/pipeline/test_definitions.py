"""Is everything wired: assets, checks, job, schedule, sensor."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.config.contract import load_contract
from orchestration.pipeline.dbt_translator import freshness_policy
from orchestration.reports.freshness import STATIC, declared_rhythms


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    before = dict(os.environ)
    os.environ["SHOP360_HOME"] = str(tmp_path_factory.mktemp("home"))
    from orchestration.definitions import defs

    dg.Definitions.validate_loadable(defs)
    yield defs
    # Loading the definitions hands the home to child processes; the next test has another one.
    os.environ.clear()
    os.environ.update(before)


def test_the_job_goes_from_every_feed_to_the_released_file(defs: dg.Definitions) -> None:
    job = defs.resolve_job_def("shop360")
    keys = {key.to_user_string() for key in job.asset_layer.executable_asset_keys}
    assert {f"{feed.system}/{feed.name}" for feed in load_contract().values()} <= keys
    assert {"marts/customer_360", "marts/kpi_daily", "released_file"} <= keys
    assert job.executor_def is dg.in_process_executor


def test_every_feed_has_a_blocking_check(defs: dg.Definitions) -> None:
    checks = {
        key.asset_key.to_user_string(): defs.resolve_asset_graph().get_check_spec(key)
        for key in defs.resolve_asset_graph().asset_check_keys
        if key.name == "great_expectations"
    }
    assert checks.keys() == {f"{feed.system}/{feed.name}" for feed in load_contract().values()}
    assert all(spec.blocking for spec in checks.values())


@pytest.fixture(scope="module")
def manifest(defs: dg.Definitions) -> dict:
    from orchestration.engines.manifest import ensure_manifest
    from orchestration.pipeline.definitions import settings

    return json.loads(Path(ensure_manifest(settings)).read_text())


def test_identity_ends_after_every_table_that_it_keeps(manifest: dict) -> None:
    nodes = manifest["nodes"]
    waiting, awaited = ["model.shop360.int_identity__last_run_rules"], set()
    while waiting:
        name = waiting.pop()
        if name in nodes and name not in awaited:
            awaited.add(name)
            waiting += nodes[name]["depends_on"].get("nodes", [])
    kept = {
        name
        for name, node in nodes.items()
        if node["config"]["materialized"] in ("kept", "resolved_in_rounds")
        and node["name"].startswith("int_identity__")
    }
    assert kept and kept <= awaited


def test_the_last_run_is_read_before_it_is_replaced(manifest: dict) -> None:
    """Of each pair (reader, table of the last run), the table depends on its reader."""
    nodes = manifest["nodes"]

    def upstream(name: str) -> set[str]:
        found, waiting = {name}, [name]
        while waiting:
            parents = nodes.get(waiting.pop(), {}).get("depends_on", {}).get("nodes", [])
            waiting += [parent for parent in parents if parent not in found]
            found.update(parents)
        return found

    reads = {
        (name, f"model.shop360.{table}")
        for name, node in nodes.items()
        if node["resource_type"] == "model"
        for table in re.findall(r"rows_of_last_run\(\s*'(\w+)'", node["raw_code"])
    }
    assert len(reads) > 10
    assert {(reader, table) for reader, table in reads if reader not in upstream(table)} == set()


def test_every_dbt_test_is_an_asset_check(defs: dg.Definitions, manifest: dict) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    names = {key.name for key in defs.resolve_asset_graph().asset_check_keys}
    assert [test["name"] for test in tests if test["name"] not in names] == []
    assert {f"unit_{test['name']}" for test in manifest["unit_tests"].values()} <= names


def test_the_schedule_keeps_the_shop_s_time(defs: dg.Definitions) -> None:
    schedule = defs.get_schedule_def("every_morning")
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert schedule.job_name == "shop360"


def test_the_sensor_waits_until_the_inbox_keeps_still(defs: dg.Definitions) -> None:
    from orchestration.pipeline.definitions import settings

    sensor = defs.get_sensor_def("inbox")
    settings.inbox.mkdir(exist_ok=True)
    (settings.inbox / "orders.csv").write_text("half")
    first = sensor.evaluate_tick(dg.build_sensor_context(cursor=None))
    assert not first.run_requests
    second = sensor.evaluate_tick(dg.build_sensor_context(cursor=first.cursor))
    assert second.run_requests and len(second.run_requests) == 1
    third = sensor.evaluate_tick(dg.build_sensor_context(cursor=second.cursor))
    assert not third.run_requests


def test_every_asset_has_an_owner_and_a_freshness(defs: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    assert [key for key, spec in specs.items() if not spec.owners] == []
    rhythms = declared_rhythms()
    static = {code.replace(".", "/") for code, rhythm in rhythms.items() if rhythm == STATIC}
    seeds = {key for key, spec in specs.items() if spec.group_name == "seeds"}
    without = {key for key, spec in specs.items() if spec.freshness_policy is None}
    of_models = {key for key in without if specs[key].group_name in ("staging", "intermediate")}
    assert without - of_models == seeds | static - {"crm/matches"} | {
        f"exports/{feed}" for feed in static - {"crm/matches"}
    }
    assert {"staging/stg_erp__products", "staging/stg_erp__promotions"} <= of_models
    assert not of_models & {"staging/stg_erp__orders", "intermediate/int_reference__as_of"}


def test_a_feed_is_late_in_dagster_when_its_rhythm_says_so(defs: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    orders = specs["exports/erp/orders"].freshness_policy
    late = declared_rhythms()["erp.orders"].late_after_days
    assert isinstance(orders, dg.FreshnessPolicy) and late
    assert orders == freshness_policy(declared_rhythms()["erp.orders"])
    assert orders.fail_window.to_timedelta().days == late
    assert specs["erp/orders"].owners == ["team:sales"]


def test_every_check_has_a_sentence(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    missing = [
        key.name
        for key in graph.asset_check_keys
        if not (graph.get_check_spec(key).description or "").strip().endswith((".", "!", "?"))
    ]
    assert missing == []
