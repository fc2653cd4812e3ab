"""The command `shop360 profiles`; the profiles are the files of `config/profiles/`."""

from typing import Annotated

import typer

from orchestration.commands.shop_command import JsonOption, fail
from orchestration.config.yaml_file import near

app = typer.Typer()


@app.command()
def profiles(
    name: Annotated[
        str, typer.Argument(help="Such as taobao_orders; without a name, all are listed.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """List the exports that need no mapping of their own, by platform, or show one profile.

    A profile maps headers, units and status words of an export to a feed; shop.yml names it. Exit code 2 for an unknown name.
    """
    from orchestration.config import profile_list
    from orchestration.reports.profiles_print import facts, print_profile, print_profiles
    from orchestration.terminal.json_output import print_json

    known = {one.name: one for one in profile_list.profiles()}
    if name and name not in known:
        fail(f"no profile {name!r}; {near(name, known, '`shop360 profiles` lists all')}", 2)
    if json:
        print_json(facts(known[name]) if name else [facts(one) for one in known.values()])
    elif name:
        print_profile(known[name])
    else:
        print_profiles()
