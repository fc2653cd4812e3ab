"""Names of dbt that sqlfluff's templater lacks, so that it can read the macros.

A dispatched macro is shown to the linter as a call of its own name: a model parses the same
whatever engine it will run on.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment


def _compile_once() -> None:
    """Keep what Jinja compiled: sqlfluff compiles all macros twice for each file, half of its time.

    It also imports this module again for each file, hence the mark. Its environments are all alike.
    """
    compile_, compiled = Environment.compile, {}

    def once(self: Environment, source: Any, *arguments: Any, **options: Any) -> Any:
        key = (type(self), source, arguments, tuple(options.items()))
        if key not in compiled:
            compiled[key] = compile_(self, source, *arguments, **options)
        return compiled[key]

    once.is_once = True
    Environment.compile = once


if not hasattr(Environment.compile, "is_once"):
    _compile_once()


def _dispatch(name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    def call(*arguments: object) -> str:
        return f"{name}({', '.join(str(argument) for argument in arguments)})"

    return call


def env_var(name: str, default: str = "") -> str:
    """Read no environment: the default keeps the linter's text the same everywhere."""
    return default


adapter = SimpleNamespace(dispatch=_dispatch)
execute = False
flags = SimpleNamespace(FULL_REFRESH=False)


def local_md5(text: str) -> str:
    """Never called, as nothing is executed."""
    return text
