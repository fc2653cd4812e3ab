"""The commands that open the tools below shop360 on a home: Dagster's UI, and dbt."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    TargetOption,
    fail,
    shop,
)
from orchestration.config.settings import PROJECT

app = typer.Typer()


@app.command()
def dev(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    target: TargetOption = None,
    port: Annotated[int, typer.Option(help="Port of the UI on this machine.")] = 3000,
) -> None:
    """Open the Dagster UI with every asset, check, schedule and sensor."""
    with shop(home, config, inbox, target, builds=True, creates=True):
        dagster = str(Path(sys.executable).with_name("dagster"))
        arguments = ["dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
        os.chdir(PROJECT)
        os.execv(dagster, [dagster, *arguments])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def dbt(
    context: typer.Context,
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
) -> None:
    """Run dbt on this home, with everything it needs set: shop360 dbt build --select orders."""
    from orchestration.engines.manifest import (
        dbt_executable,
        ensure_manifest,
        forget_another_project,
    )
    from orchestration.engines.warehouse import connect, end_orphans, writer
    from orchestration.pipeline.dbt_assets import record_results
    from orchestration.pipeline.engine_start import start_engine
    from orchestration.quality.data_docs import without_tracker
    from orchestration.release import build_facts

    with shop(home, config, inbox, builds=True) as settings:
        end_orphans(settings)
        if settings.warehouse.exists() and not _OFFLINE.intersection(context.args):
            # dbt itself would show a traceback when the file is open elsewhere or damaged.
            with connect(settings):
                pass
        start_engine(settings)
        forget_another_project(settings)
        command = [dbt_executable(), *context.args]
        command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        if not _changes_tables(context.args):
            done = subprocess.run(command, cwd=PROJECT, check=False)
            if "docs" in context.args:
                without_tracker(settings.dbt_target)
            raise typer.Exit(done.returncode)
        with writer(settings, "building the models"):
            ensure_manifest(settings)
            start = build_facts.begin(settings, "shop360 dbt")
            results = settings.dbt_target / "run_results.json"
            results.unlink(missing_ok=True)
            done = subprocess.run(command, cwd=PROJECT, check=False)
            record_results(settings, start, "shop360 dbt", settings.dbt_target)
        raise typer.Exit(done.returncode)


@app.command()
def docs(
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    open_: Annotated[
        bool, typer.Option("--open", help="Open the start page in the browser.")
    ] = False,
) -> None:
    """Write the pages about tables, columns and models, with a start page that leads to all pages of this home.

    All of them open without a network: report page, tables, checks, and a picture of each topic. They describe private
    tables, so they stay in the private folder of the home.
    """
    import webbrowser

    from orchestration.engines.manifest import dbt_executable, ensure_manifest
    from orchestration.quality.data_docs import without_tracker
    from orchestration.reports.docs_site import write_index

    with shop(home, config, inbox, builds=True) as settings:
        ensure_manifest(settings)
        command = [dbt_executable(), "docs", "generate", "--static", "--quiet"]
        command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        done = subprocess.run(command, cwd=PROJECT, check=False)
        if done.returncode:
            raise typer.Exit(done.returncode)
        without_tracker(settings.dbt_target)
        index = write_index(settings)
        typer.echo(index)
        if open_ and not webbrowser.open(index.resolve().as_uri()):
            fail("No browser was found; open the file named above.", 1)


def _changes_tables(arguments: list[str]) -> bool:
    """Whether dbt, started with these arguments, may change a table or check one."""
    commands = {"build", "run", "test", "seed", "snapshot", "retry", "clone", "run-operation"}
    return not commands.isdisjoint(arguments)


_OFFLINE = {"parse", "ls", "list", "clean", "deps", "init", "--help", "-h", "--version"}
"""What dbt does without the warehouse."""
