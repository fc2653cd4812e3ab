"""The section `notify` of shop.yml: where notifications of failed runs and late feeds go."""

import os
import shlex
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _words(value: Any) -> Any:
    return shlex.split(value) if isinstance(value, str) else value


class Notify(BaseModel):
    """A webhook, a command, or both. Without either, no notification is sent."""

    model_config = ConfigDict(extra="forbid")
    url: str | None = Field(None, pattern="^https?://[^/]+")
    url_env: str | None = Field(None, pattern="^[A-Za-z_][A-Za-z0-9_]*$")
    """The environment variable that holds the URL, where the URL is a secret."""
    command: Annotated[list[str] | None, BeforeValidator(_words), Field(min_length=1)] = None
    """Program and arguments, started without a shell in the folder of shop.yml; JSON on its stdin."""
    timeout_seconds: float = Field(10, gt=0, le=60)

    @model_validator(mode="after")
    def _one_url(self) -> "Notify":
        if self.url and self.url_env:
            raise ValueError("expected url or url_env, not both")
        return self

    @property
    def is_on(self) -> bool:
        """Whether anything is notified."""
        return bool(self.url or self.url_env or self.command)

    def address(self) -> str | None:
        """The URL, from the environment where it says so. Raises LookupError when it is not set there."""
        if self.url_env and not os.environ.get(self.url_env):
            raise LookupError(f"the environment variable {self.url_env} is not set")
        return os.environ[self.url_env] if self.url_env else self.url
