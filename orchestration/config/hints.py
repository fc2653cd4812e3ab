"""Commands that a message recommends: complete with the options of the current shop, ready to copy."""

import re
import shlex
import shutil
import sys
from pathlib import Path

from orchestration.config.settings import Settings, load_settings, usual_config, usual_home

_COMMAND = re.compile("`shop360 ((?:(?! --(?:home|config|inbox) )[^`])+)`")
"""Without those that have their options already."""


def full_command(command: str, settings: Settings | None = None) -> str:
    """`shop360 <command>` with the options that lead to the same shop; paths are quoted.

    `command` is typed as it stands. Without `settings`, those that the running command has exported count.
    """
    shop = settings or load_settings()
    options = [
        ("--home", shop.home, usual_home()),
        ("--config", shop.config, usual_config(shop.home)),
    ]
    options.append(("--inbox", shop.inbox, shop.home / "inbox"))
    places = [f"{name} {shlex.quote(str(path))}" for name, path, usual in options if path != usual]
    return " ".join([_program(), command, *places])


def with_full_commands(text: str, settings: Settings | None = None) -> str:
    """The text with every `shop360 …` in backquotes completed by `full_command`; call it where text is printed."""
    return _COMMAND.sub(lambda found: f"`{full_command(found[1], settings)}`", text)


def _program() -> str:
    """How shop360 was started, or how it can be started from the working directory."""
    typed = Path(sys.argv[0])
    if typed.name != "shop360":
        typed = Path(sys.executable).with_name("shop360")
        if typed.is_relative_to(Path.cwd()):
            typed = typed.relative_to(Path.cwd())
    return "shop360" if shutil.which("shop360") == str(typed) else shlex.quote(str(typed))
