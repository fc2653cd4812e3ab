"""Secrets of sources: shop.yml names them, and the values are in the environment or in `secrets.yml`.

`secrets.yml` lies beside shop.yml, holds names with values, and may be read by its owner alone.
"""

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit

from pydantic import Field

from orchestration.config.yaml_file import read_yaml
from orchestration.system.errors import OperatorError

FILE = "secrets.yml"
_FORM = r"(env|secret):([A-Za-z_][A-Za-z0-9_]*)"
SPEAKING = re.compile(r"(?i)token|secret|passw|api.?key|^key$|authorization|credential|signature")
"""Names of headers and parameters whose values are secrets."""

# A description replaces the value in the message of a mistake: the value may be a secret.
_EXPECTED = (
    "a reference: env:NAME for an environment variable, or secret:NAME for an entry of secrets.yml. "
    "The secret itself does not belong in shop.yml"
)
Reference = Annotated[str, Field(pattern=f"^{_FORM}$", description=_EXPECTED)]
MaybeReference = Annotated[
    Annotated[str, Field(pattern=f"^{_FORM}$")] | None, Field(description=_EXPECTED)
]


class SecretMissing(OperatorError):
    """A secret that shop.yml names cannot be read."""

    exit_code = 2


def is_reference(text: str) -> bool:
    """Whether a text names a secret."""
    return re.fullmatch(_FORM, text) is not None


def resolve(reference: str, config: Path, place: str) -> str:
    """The value of a reference. Raises SecretMissing, which names the place and never a value."""
    found = re.fullmatch(_FORM, reference)
    if found is None:
        raise SecretMissing(f"{config}: {place}: expected env:NAME or secret:NAME.")
    kind, name = found.groups()
    if kind == "env":
        if value := os.environ.get(name):
            return value
        raise SecretMissing(
            f"{config}: {place}: the environment variable {name} is not set. Set it for the "
            "process that fetches, such as in the unit or crontab that starts the run."
        )
    value = _entries(config.parent / FILE, place).get(name)
    if not isinstance(value, str) or not value:
        raise SecretMissing(
            f"{config}: {place}: {config.parent / FILE} has no entry {name}. Add `{name}: …` to it."
        )
    return value


def _entries(path: Path, place: str) -> dict[str, object]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise SecretMissing(
            f"{place}: {path} cannot be read ({error.strerror}). Create it with `install -m 600 "
            f"/dev/null {path}`, or name an environment variable with env:NAME."
        ) from None
    if mode != 0o600:
        raise SecretMissing(
            f"{path}: its mode is {mode:04o}, expected 0600, because it holds secrets. Type "
            f"`chmod 600 {path}`."
        )
    try:
        return read_yaml(path)
    except ValueError:
        # The parser quotes lines of the file.
        raise SecretMissing(
            f"{path}: is not YAML with names and values, such as `ERP_DB_URL: postgresql://…`."
        ) from None


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without the secrets, the passwords within them, and their forms in URLs."""
    forms = set()
    for secret in secrets:
        parts = urlsplit(secret)
        passwords = [parts.password, unquote(parts.password)] if parts.password else []
        forms |= {form for one in (secret, *passwords) for form in (one, quote(one, safe=""))}
    for form in sorted(forms, key=len, reverse=True):
        if form:
            text = text.replace(form, "***")
    return text
