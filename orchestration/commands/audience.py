"""The command `shop360 audience`: members of a segment as a hashed list for an advertising platform."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.shop_command import (
    ConfigOption,
    HomeOption,
    InboxOption,
    JsonOption,
    fail,
    reading,
    shop,
)
from orchestration.terminal.json_output import print_json

app = typer.Typer()


@app.command()
def audience(
    segment: Annotated[
        str | None, typer.Argument(help="Code of the segment; --list shows them.")
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option("--for", help="meta, google, tiktok, tencent, oceanengine or csv."),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="Show segments, their sizes and last exports.")
    ] = False,
    operator: Annotated[
        str | None, typer.Option("--as", help="Exporter; else your name on this machine.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder of the files; else in the private home.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only; write nothing.")] = False,
    allow_small: Annotated[
        bool, typer.Option("--allow-small", help="Write a list below the platform's minimum.")
    ] = False,
    home: HomeOption = None,
    config: ConfigOption = None,
    inbox: InboxOption = None,
    json: JsonOption = False,
) -> None:
    """Export the members of a segment as a hashed list for an ad platform.

    Only phones and e-mails whose last decision about advertising is a grant
    are exported. Members who are left out are counted by reason. A second file
    has those who left or withdrew since the last export: upload both.

    It is off until shop.yml names exporters and recipients:

      audience:
        exporters: li.na
        recipients: {meta: true, tencent: named}

    Then try, with --dry-run first:

      shop360 audience win_back --for meta --dry-run

    docs/audience.md describes the rules, the law and each platform.

    Exit code 1 when the exporter is not listed, the segment is not known or
    the list is below the platform's minimum, 2 when shop.yml does not allow it.
    """
    if listing:
        with reading(home, config, inbox) as settings:
            from orchestration.audience import log
            from orchestration.audience.print import overview, print_overview

            found = overview(settings)
            print_json(found) if json else print_overview(found)
            if line := log.first_broken(settings):
                fail(f"{log.path_of(settings)}: line {line} or the line before it was changed.", 1)
        return
    if not segment or not platform:
        fail("Give a segment and a platform: audience <segment> --for meta, or --list.", 2)
        return
    from orchestration.audience.export import Request, export
    from orchestration.audience.print import notes, print_outcome
    from orchestration.config.shop_config import load_shop_config
    from orchestration.engines.warehouse import writer

    request = Request(segment, platform, operator, to, dry_run, allow_small)
    with shop(home, config, inbox) as settings:
        with writer(settings, "exporting an audience"):
            outcome = export(settings, load_shop_config(settings.config), request)
        if json:
            print_json({**outcome.facts(), "is_dry_run": dry_run, "notes": notes(outcome)})
        else:
            print_outcome(outcome)
        if outcome.is_small:
            raise typer.Exit(1)
