"""The part of the section `sources` that describes REST APIs: requests, pages, and proofs of who sends them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from orchestration.config.durations import Duration, duration
from orchestration.config.secret_values import MaybeReference
from orchestration.config.sources_config import PartSpec, Source, Strict

Address = Annotated[
    str, Field(pattern="^https?://[^/@]+(/[^@]*)?$", description="an http or https address")
]


class Paginator(Strict):
    """How an API divides a list into pages."""

    type: Literal["none", "page", "offset", "cursor", "link", "next_url"] = "none"
    param: str = ""
    """Parameter of the page number, the offset or the cursor."""
    first: int = Field(1, ge=0)
    size_param: str = ""
    size: int = Field(100, ge=1)
    path: str = ""
    """Where an answer has the cursor, or the address, of the next page: `paging.next`."""


class Auth(Strict):
    """How requests prove who sends them."""

    type: Literal["bearer", "header", "query", "basic", "client_credentials"]
    name: str = ""
    """Header or parameter that holds the token."""
    token: MaybeReference = None
    user: MaybeReference = None
    password: MaybeReference = None
    token_url: Address | None = None
    client_id: MaybeReference = None
    client_secret: MaybeReference = None
    scope: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Auth":
        needs = {
            "bearer": ("token",),
            "header": ("name", "token"),
            "query": ("name", "token"),
            "basic": ("user", "password"),
            "client_credentials": ("token_url", "client_id", "client_secret"),
        }[self.type]
        if lacking := [name for name in needs if not getattr(self, name)]:
            raise ValueError(f"type {self.type} also needs {', '.join(lacking)}")
        return self


class Resource(PartSpec):
    """One list of an API."""

    path: str
    data: str = ""
    """Where an answer has the list: `data.list`; empty if the answer is the list."""
    each: str = ""
    """A list within each element: its elements are the rows, and `parent` is what it lies in."""
    params: dict[str, str] = Field(default_factory=dict)
    paginator: Paginator = Paginator()
    ok: dict[str, str] = Field(default_factory=dict)
    """Fields that an answer without an error has, such as `code: 0`."""
    cursor_format: Literal["iso", "epoch_s", "epoch_ms", "day"] = "iso"
    overlap: Duration = duration("1 hour")
    look_back: Duration | None = None
    start: date | None = None
    days_per_request: int | None = Field(None, ge=1)
    deletions: Literal["always", "never"] = "never"

    @property
    def meaning(self) -> str:
        """What decides which rows a fetch has; if it changes, all rows are read again."""
        return self.model_dump_json(include={"path", "data", "each", "key", "cursor", "start"})

    @model_validator(mode="after")
    def _consistent(self) -> "Resource":
        if self.deletions == "always" and (self.cursor or self.look_back or not self.key):
            raise ValueError(
                "deletions need all rows and a key: no cursor, no look_back, and the columns of `key`"
            )
        given = " ".join(self.params.values())
        wanted = ["{since}"] if self.cursor else []
        wanted += ["{from_day}"] if self.look_back else []
        if lacking := [name for name in wanted if name not in given]:
            raise ValueError(
                f"no parameter holds {', '.join(lacking)}: the API would send all rows"
            )
        if (self.look_back or self.cursor) and not self.start:
            raise ValueError("start is missing: the first day that is fetched, such as 2024-01-01")
        return self


class Api(Source):
    """A REST API that answers with JSON."""

    base_url: Address
    auth: Auth | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    timezone: str = ""
    """Days are those of this zone; default: the shop's."""
    attempts: int = Field(5, ge=1, le=20)
    longest_wait: Duration = duration("5 minutes")
    insecure: bool = False
    """Send secrets without encryption: only within a network of one's own."""
    resources: dict[str, Resource] = Field(min_length=1)

    @property
    def parts(self) -> Mapping[str, Resource]:
        """The resources by name."""
        return self.resources
