"""The section `sources` of shop.yml: databases and APIs whose rows are fetched into files of the inbox.

What they bring lands like every other file. Secrets are named here and never given (`secret_values.py`).
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from orchestration.config.durations import Duration, duration
from orchestration.config.secret_values import Reference


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
NAME = "^[a-z][a-z0-9_]*$"
Name = Annotated[
    str, Field(pattern=NAME, description="a name of small letters, digits and underscores")
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


class PartSpec(Strict):
    """A table or a list: what is read of it, and which of its rows may go."""

    key: Texts = ()
    cursor: str | None = None
    deletions: str
    deleted_at_most: float = Field(0.5, ge=0, le=1)
    """Share of the rows that may be gone at once; more is taken for a fault of the source."""

    @property
    def meaning(self) -> str:
        """What decides which rows a fetch has; if it changes, all rows are read again."""
        raise NotImplementedError


class Table(PartSpec):
    """One table of a database. Without a cursor, every fetch reads all rows."""

    table: str = Field(min_length=1)
    columns: Texts = ()
    overlap: str = "1 day"
    """How far before the last value of the cursor a fetch begins: a duration, or a number for whole numbers."""
    deletions: Annotated[str, BeforeValidator(_deletions)] = "always"
    """When deleted rows are looked for: at each fetch, never, or after a duration."""

    @property
    def meaning(self) -> str:
        """What decides which rows a fetch has; if it changes, all rows are read again."""
        return self.model_dump_json(include={"table", "columns", "key", "cursor"})

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
    def parts(self) -> Mapping[str, PartSpec]:
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
