"""The release as Dagster assets: they wait for every mart, and for every check on the way."""

from collections.abc import Iterable, Iterator

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
PAGE = "report_page"
_PAGE_CHECK = "page_states_the_marts"


def build_release(settings: Settings, transform: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """The released file and its page, downstream of everything that dbt builds; both are put in place by one swap."""

    def spec(key: str, kind: str, deps: Iterable[dg.AssetKey | str], text: str) -> dg.AssetSpec:
        return dg.AssetSpec(
            key,
            deps=deps,
            kinds={kind},
            description=text,
            group_name="release",
            owners=owners(None, load_shop_config(settings.config)),
            freshness_policy=freshness_policy(DAILY),
            skippable=key == PAGE,
        )

    file = "The read-only file that analysts and BI tools open."
    page = "The report page of the release: one file for a browser, also offline."

    @dg.multi_asset(
        name="release",
        specs=[
            spec(RELEASED, "duckdb", list(transform.keys), file),
            spec(PAGE, "html", [RELEASED], page),
        ],
        check_specs=[
            dg.AssetCheckSpec(
                _PAGE_CHECK,
                asset=PAGE,
                description="The page states the figures of the marts, requests no file and holds no personal data.",
            )
        ],
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def release() -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        with not_retried("the release"), writer(settings, "releasing", wait_seconds=60):
            report_progress("release", 0, 1, "writing the file for readers")
            path = generations.release(settings)
            unchanged.note_release(settings)
            report_progress("release", 1, 1)
        yield dg.MaterializeResult(
            asset_key=RELEASED,
            metadata={
                "file": dg.MetadataValue.path(str(path)),
                "generation": path.parent.resolve().name,
                "size (bytes)": path.stat().st_size,
            },
        )
        problem = generations.page_problem(settings)
        if problem is None:
            yield dg.MaterializeResult(
                asset_key=PAGE,
                metadata={
                    "file": dg.MetadataValue.path(str(settings.page)),
                    "size (bytes)": settings.page.stat().st_size,
                },
            )
        yield dg.AssetCheckResult(
            asset_key=PAGE,
            check_name=_PAGE_CHECK,
            passed=problem is None,
            description=problem,
        )

    return release
