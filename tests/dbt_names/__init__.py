"""Names of dbt that sqlfluff's templater lacks, so that it can read the macros.

A dispatched macro is shown to the linter as a call of its own name: a model parses the same
whatever engine it will run on.
"""

from collections.abc import Callable
from types import SimpleNamespace


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
