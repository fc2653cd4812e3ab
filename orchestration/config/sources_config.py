"""The section `sources` of shop.yml: databases and APIs whose rows are fetched into files of the inbox.

What they bring lands like every other file. Secrets are named here and never given (`secret_values.py`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from orchestration.config.durations import Duration, duration
from orchestration.config.secret_values import MaybeReference, Reference


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
NAME = "^[a-z][a-z0-9_]*$"
Name = Annotated[
    str, Field(pattern=NAME, description="a name of small letters, digits and underscores")
]

Address = Annotated[
    str, Field(pattern="^https?://[^/@]+(/[^@]*)?$", description="an http or https address")
]


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _deletions(value: Any) -> Any:
    if value not in ("always", "never"):
        try:
            duration(value)
        except ValueError:
            raise ValueError("expected always, never, or a duration such as 7 days") from None
    return value


class Table(Strict):
    """One table of a database. Without a cursor, every fetch reads all rows."""

    table: str = Field(min_length=1)
    columns: Texts = ()
    key: Texts = ()
    cursor: str | None = None
    overlap: str = "1 day"
    """How far before the last value of the cursor a fetch begins: a duration, or a number for whole numbers."""
    deletions: Annotated[str, BeforeValidator(_deletions)] = "always"
    """When deleted rows are looked for: at each fetch, never, or after a duration."""
    deleted_at_most: float = Field(0.5, ge=0, le=1)
    """Share of the rows that may be gone at once; more is taken for a fault of the source."""

    @model_validator(mode="after")
    def _has_key(self) -> "Table":
        if not self.overlap.isdigit():
            duration(self.overlap)
        if self.cursor and self.deletions != "never" and not self.key:
            raise ValueError(
                "deleted rows are found by `key`: name its columns, or set `deletions: never`"
            )
        if self.columns and (
            lacking := {*self.key, *filter(None, [self.cursor])} - {*self.columns}
        ):
            raise ValueError(f"columns lacks {', '.join(sorted(lacking))}")
        return self


class Source(Strict):
    """What every source has."""

    name: Name
    type: str
    timeout: Duration = duration("60 seconds")

    @property
    def parts(self) -> Mapping[str, "Table | Resource"]:
        """Tables or resources by name."""
        raise NotImplementedError


class Database(Source):
    """A PostgreSQL, MySQL or MariaDB server, read in one transaction per fetch."""

    url: Reference
    tables: dict[str, Table] = Field(min_length=1)

    @property
    def parts(self) -> Mapping[str, Table]:
        """The tables by name."""
        return self.tables


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


class Resource(Strict):
    """One list of an API."""

    path: str
    data: str = ""
    """Where an answer has the list: `data.list`; empty if the answer is the list."""
    each: str = ""
    """A list within each element: its elements are the rows, and `parent` is what it lies in."""
    params: dict[str, str] = {}
    paginator: Paginator = Paginator()
    ok: dict[str, str] = {}
    """Fields that an answer without an error has, such as `code: 0`."""
    key: Texts = ()
    cursor: str | None = None
    cursor_format: Literal["iso", "epoch_s", "epoch_ms", "day"] = "iso"
    overlap: Duration = duration("1 hour")
    look_back: Duration | None = None
    start: date | None = None
    days_per_request: int | None = Field(None, ge=1)
    deletions: Literal["always", "never"] = "never"
    deleted_at_most: float = Field(0.5, ge=0, le=1)

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
    headers: dict[str, str] = {}
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


TYPES: Mapping[str, type[Source]] = {"postgres": Database, "mysql": Database, "rest": Api}
