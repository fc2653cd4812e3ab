"""The release as a Dagster asset: it waits for every mart, and for every check on the way."""

import dagster as dg

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines.warehouse import writer
from orchestration.pipeline import unchanged
from orchestration.pipeline.dbt_translator import DAILY, freshness_policy, owners
from orchestration.pipeline.step_faults import not_retried
from orchestration.release import generations
from orchestration.terminal.progress import report_progress

RELEASED = "released_file"


def build_release(settings: Settings, transform: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """The released file, downstream of everything that dbt builds."""

    @dg.asset(
        name=RELEASED,
        deps=list(transform.keys),
        group_name="release",
        kinds={"duckdb"},
        owners=owners(None, load_shop_config(settings.config)),
        freshness_policy=freshness_policy(DAILY),
        description="The read-only file that analysts and BI tools open.",
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def released_file() -> dg.MaterializeResult:
        with not_retried("the release"), writer(settings, "releasing", wait_seconds=60):
            report_progress("release", 0, 1, "writing the file for readers")
            path = generations.release(settings)
            unchanged.note_release(settings)
            report_progress("release", 1, 1)
        return dg.MaterializeResult(
            metadata={
                "file": dg.MetadataValue.path(str(path)),
                "generation": path.parent.resolve().name,
                "size (bytes)": path.stat().st_size,
            }
        )

    return released_file
