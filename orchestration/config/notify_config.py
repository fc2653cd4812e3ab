"""The section `notify` of shop.yml: the places that receive messages, each with its format and language.

Keys of robots and passwords come from environment variables, which are read here.
"""

import hashlib
import json
import os
import shlex
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from orchestration.config.mapping_check import Checker
from orchestration.config.yaml_file import near

Kind = Literal["digest", "run_failed", "feeds_late"]
KINDS: tuple[Kind, ...] = ("digest", "run_failed", "feeds_late")
_EARLIER_KEYS = ("url", "url_env", "command", "timeout_seconds")


def _words(value: Any) -> Any:
    return shlex.split(value) if isinstance(value, str) else value


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


# A description replaces the value in the message of a mistake: the value may be a secret.
Variable = Annotated[
    str,
    Field(
        pattern="^[A-Za-z_][A-Za-z0-9_]*$",
        description="the name of an environment variable, such as SHOP360_HOOK",
    ),
]


class VariableMissing(LookupError):
    """The environment variable that holds a secret is not set."""


class Place(BaseModel):
    """What every entry has: language, the messages that it receives, and a time limit."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    format: str
    place: str
    """Where the entry is in shop.yml, such as `notify[0]`."""
    language: Literal["en", "zh"] = "en"
    messages: Annotated[tuple[Kind, ...], BeforeValidator(_several), Field(min_length=1)] = KINDS
    timeout_seconds: float = Field(10, gt=0, le=60)

    @property
    def label(self) -> str:
        """The entry in messages for the operator: `notify[0] wecom`, never with an address."""
        return f"{self.place} {self.format}"

    @property
    def key(self) -> str:
        """Identifies the entry between runs, wherever it is in the list; a hash, because a URL may be a secret."""
        same = self.model_dump(mode="json", exclude={"place", "messages", "timeout_seconds"})
        return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]

    def secrets(self) -> list[str]:
        """What no message may repeat: the values of the variables that the entry names."""
        names = [getattr(self, name, None) for name in type(self).model_fields if "_env" in name]
        return [os.environ[name] for name in names if name and os.environ.get(name)]


class Webhook(Place):
    """A URL that receives each message as JSON."""

    url: Annotated[
        str | None, Field(pattern="^https?://[^/]+", description="an http or https address")
    ] = None
    url_env: Variable | None = None

    def address(self) -> str:
        """The URL; raises VariableMissing."""
        return self.url or from_environment(self.url_env or "")


class Robot(Place):
    """The robot of a group chat, whose URL holds its key: wecom, slack."""

    url_env: Variable

    def address(self) -> str:
        """The URL; raises VariableMissing."""
        return from_environment(self.url_env)


class SignedRobot(Robot):
    """A robot that may require a signature: dingtalk, feishu."""

    secret_env: Variable | None = None


class Program(Place):
    """A program, started without a shell in the folder of shop.yml."""

    command: Annotated[list[str], BeforeValidator(_words), Field(min_length=1)]
    stdin: Literal["json", "text", "html"] = "json"


class Mail(Place):
    """A mail with text and HTML."""

    host: str = Field(min_length=1)
    port: int | None = Field(None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user_env: Variable | None = None
    password_env: Variable | None = None
    sender: str = Field(alias="from", pattern=r"^[^@\s]+@[^@\s]+$")
    to: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")], ...],
        BeforeValidator(_several),
        Field(min_length=1),
    ]

    @property
    def own_port(self) -> int:
        """The port, else the usual one of the kind of encryption."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.security]


FORMATS: Mapping[str, type[Place]] = {
    "wecom": Robot, "dingtalk": SignedRobot, "feishu": SignedRobot, "slack": Robot,
    "smtp": Mail, "json": Webhook, "command": Program,
}  # fmt: skip
_IN_CHINESE = ("wecom", "dingtalk", "feishu")


def from_environment(name: str) -> str:
    """The value of a variable; raises VariableMissing."""
    if not os.environ.get(name):
        raise VariableMissing(f"the environment variable {name} is not set")
    return os.environ[name]


def read_places(check: Checker, content: Any) -> tuple[Place, ...]:
    """The entries of the section; what is wrong is noted in `check`."""
    if not content:
        return ()
    if not isinstance(content, list):
        check.problem("notify", _expected(content))
        return ()
    built = [_place(check, entry, f"notify[{i}]") for i, entry in enumerate(content)]
    return tuple(place for place in built if place is not None)


def _expected(content: Any) -> str:
    """What to write, made of the keys of earlier versions where these are given."""
    found = content if isinstance(content, dict) else {}
    entries = [f"{{format: json, {key}: …}}" for key in ("url", "url_env") if key in found] + [
        "{format: command, command: …}" for key in ("command",) if key in found
    ]
    unknown = [key for key in found if key not in _EARLIER_KEYS]
    written = ", ".join(entries) if entries and not unknown else "{format: json, url_env: …}"
    return f"expected a list of places; write `notify: [{written}]`"


def _place(check: Checker, entry: Any, place: str) -> Place | None:
    if not isinstance(entry, dict):
        check.problem(place, "expected keys such as `format: wecom` and `url_env: SHOP360_WECOM`")
        return None
    name = entry.get("format")
    if not isinstance(name, str) or name not in FORMATS:
        wrong = "missing" if name is None else "unknown format"
        check.problem(f"{place}.format", f"{wrong}; {near(str(name), FORMATS)}")
        return None
    if problem := _contradiction(name, entry):
        check.problem(place, problem)
        return None
    usual = {"language": "zh" if name in _IN_CHINESE else "en"}
    return check.build(FORMATS[name], {**usual, **entry, "place": place}, place)


def _contradiction(name: str, entry: Mapping[str, Any]) -> str | None:
    if name == "json" and ("url" in entry) == ("url_env" in entry):
        return "expected url or url_env, not both"
    if name not in ("json", "smtp", "command") and "url" in entry:
        return (
            "the URL of a robot holds its key; name the environment variable that has it in url_env"
        )
    if name != "smtp":
        return None
    if ("user_env" in entry) != ("password_env" in entry):
        return "expected user_env and password_env together"
    if "user_env" in entry and entry.get("security") == "none":
        return "a password is not sent without encryption; expected security: starttls or tls"
    return None
