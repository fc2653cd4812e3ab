"""Everything that Dagster runs, and the map of it.

    inbox ──sensor──┐
    daily schedule ─┼─► job `shop360`: land ─► match ─► check_raw ─► transform (dbt) ─► release
    shop360 run ────┘                  (fetch before it, if shop.yml has sources)
    job `unit_tests`: dbt's unit tests, after a change of the models

`land` writes every raw feed, `match` adds pairs of records that no identifier ties, `check_raw`
stops the run when a feed fails a critical expectation, `transform` builds the models and stops it
when a test fails, and `release` puts the new file in place. All steps run in one process, which
holds the home's writer lock.
"""

import dagster as dg

from orchestration.config.environment import prepare_environment
from orchestration.config.settings import load_settings
from orchestration.engines import readiness
from orchestration.engines.manifest import dbt_executable
from orchestration.pipeline.dbt_assets import Dbt, build_dbt_assets, build_unit_tests, dbt_project
from orchestration.pipeline.fetch_asset import build_fetch
from orchestration.pipeline.landing_assets import build_exports, build_land
from orchestration.pipeline.match_asset import build_match
from orchestration.pipeline.notify_sensors import notify_sensors
from orchestration.pipeline.raw_check_assets import build_raw_checks
from orchestration.pipeline.release_asset import build_release
from orchestration.pipeline.triggers import daily_schedule, inbox_sensor

settings = load_settings()
config = prepare_environment(settings)
readiness.check(settings)

fetched = build_fetch(settings)
land = build_land(settings, [asset.key for asset in fetched])
match = build_match(settings)
check_raw = build_raw_checks(settings)
transform = build_dbt_assets(settings)
unit_tests = build_unit_tests(settings)
publish = build_release(settings, transform)

shop360_job = dg.define_asset_job(
    "shop360",
    selection=dg.AssetSelection.assets(*fetched, land, match, transform, publish)
    - dg.AssetSelection.checks(unit_tests),
    description="From the inbox to the released file.",
    executor_def=dg.in_process_executor,
)
rebuild_job = dg.define_asset_job(
    "rebuild",
    selection=dg.AssetSelection.assets(land, match, transform)
    - dg.AssetSelection.checks(unit_tests),
    description="From the archive to a checked warehouse; `shop360 rebuild` runs it.",
    executor_def=dg.in_process_executor,
)
unit_tests_job = dg.define_asset_job(
    "unit_tests",
    selection=dg.AssetSelection.checks(unit_tests),
    description="dbt's unit tests; run them after a change of the models.",
    executor_def=dg.in_process_executor,
)

defs = dg.Definitions(
    assets=[*build_exports(settings), *fetched, land, match, transform, publish],
    asset_checks=[check_raw, unit_tests],
    jobs=[shop360_job, unit_tests_job, *([rebuild_job] if settings.is_rebuilding else [])],
    schedules=[daily_schedule(shop360_job.name, config.shop.timezone, settings)],
    sensors=[inbox_sensor(shop360_job.name, settings), *notify_sensors(settings, config)],
    resources={"dbt": Dbt(project_dir=dbt_project(settings), dbt_executable=dbt_executable())},
    executor=dg.in_process_executor,
)
