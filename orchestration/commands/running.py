"""A run and what is printed of it, for every command that ends in one."""

from datetime import UTC, datetime

import typer

from orchestration.commands.demo import is_empty, write_exports
from orchestration.commands.shop_command import fail
from orchestration.config.settings import Settings
from orchestration.terminal.progress_bars import showing_progress


def run_and_print(
    settings: Settings, *, demo: bool = False, always: bool = False, json: bool = False
) -> None:
    """Land, check, build and release, then print the summary; leaves with code 1 when the run stopped."""
    from orchestration.engines.warehouse import check
    from orchestration.pipeline.runs import run_job
    from orchestration.release.generations import page_problem
    from orchestration.reports.fetch_print import print_problems
    from orchestration.reports.summary import print_failure, print_summary, summary_json
    from orchestration.terminal.json_output import print_json

    check(settings)
    started = datetime.now(UTC).replace(tzinfo=None)
    with showing_progress():
        if demo and is_empty(settings.inbox):
            write_exports(settings, 20_000)
        outcome = run_job(settings, always=always)
    if outcome.fetched:
        print_problems(outcome.fetched)
    if json:
        print_json(summary_json(settings, outcome, started))
    if not outcome.succeeded:
        print_failure(settings, outcome, started)
        raise typer.Exit(1)
    if not json:
        print_summary(settings, started, is_unchanged=outcome.is_unchanged)
    if problem := page_problem(settings):
        fail(f"The release has no report page: {problem}", 1)
    if outcome.fetched and (failed := outcome.fetched.failed):
        names = ", ".join(source.name for source in failed)
        fail(f"Not fetched: {names}. The release has what was fetched before.", 1)
