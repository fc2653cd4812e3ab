"""What shop.yml may say about one export: the mapping of its headers to a feed's columns.

Only the shape lives here; reading the file and checking it against the contract is
`orchestration/config/shop_config.py`, turning it into SQL is `landing/check/cells.py` and `landing/check/plan.py`.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

NULLS = ("", "-", "--", "—", "/", "null", "NULL", "Null", "None", "none", "N/A", "n/a", "#N/A")
SCOPE = ("source_system", "shop_id")
"""Columns of every feed whose values the mapping itself states."""
FACTORS = {
    "fen": Decimal("0.01"),
    "cents": Decimal("0.01"),
    "micros": Decimal("0.000001"),
    "percent": Decimal("0.01"),
    "wan": Decimal(10_000),
    "yi": Decimal(100_000_000),
}


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Lookup(_Strict):
    """A value map that lives in another file of the inbox: its `key` header to its `value` header."""

    file: str
    key: str
    value: str


class ColumnSpec(_Strict):
    """How one contract column is obtained from a source row."""

    headers: Texts = Field(default=(), alias="from")
    const: str | None = None
    join: tuple[str, ...] = ()
    separator: str = Field(default=" ", alias="with")
    hash_of: tuple[str, ...] = ()
    file_name: str | None = None
    map: dict[str, str] | Lookup | None = Field(
        default=None, description="pairs of words, or file, key and value of a table in the inbox"
    )
    otherwise: str = Field(default="keep", alias="else")
    format: Texts = ()
    unit: Literal["fen", "cents", "micros", "percent", "wan", "yi"] | None = None
    factor: Decimal | None = None
    replace: dict[str, str] = {}
    invalid: Literal["quarantine", "null"] = "quarantine"
    number_repeats: bool = False

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: Any) -> Any:
        """`order_id: 订单编号` and `phone: [联系手机, 手机]` are short for `from`."""
        if isinstance(value, str | list):
            return {"from": value}
        if isinstance(value, dict) and isinstance(value.get("map"), dict):
            keys = set(value["map"])
            lookup = {"file", "key", "value"}
            if keys == lookup:
                return value | {"map": Lookup(**value["map"])}
            if "file" in keys and keys & {"key", "value"} and len(keys) <= len(lookup) + 1:
                found = ", ".join(sorted(keys))
                raise ValueError(
                    f"a map from a file has the keys file, key and value; found {found}"
                )
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> "ColumnSpec":
        origins = ("from", self.headers), ("const", self.const is not None), ("join", self.join)
        origins += ("hash_of", self.hash_of), ("file_name", self.file_name)
        given = [name for name, value in origins if value]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"give one of from, const, join, hash_of, file_name; found {found}")
        if self.unit and self.factor is not None:
            raise ValueError("give unit or factor, not both")
        return self

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """The headers that the column needs: one of each group."""
        if self.headers:
            return [self.headers]
        return [(header,) for header in (*self.join, *self.hash_of)]

    @property
    def scale(self) -> Decimal | None:
        """What a number of the file is multiplied with."""
        return FACTORS[self.unit] if self.unit else self.factor


class Repair(_Strict):
    """A documented correction of a typed column: `value` where `when` holds."""

    column: str
    when: str
    value: str
    why: str


class FeedMapping(_Strict):
    """One or more exports of one shape that feed one table."""

    feed: str
    place: str
    files: Texts
    source_system: str
    shop_id: str
    timezone: str
    shop_timezone: str = "UTC"
    """Cuts the days; `timezone` is that of the export."""
    shop_currency: str = ""
    profile: str | None = None
    format: Literal["csv", "xlsx", "parquet", "jsonl"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    header_rows: int = Field(default=1, ge=1, le=4)
    header: Literal["none"] | None = None
    may_end_before: str | None = None
    """A row may lack the cells from this header on; they are then empty."""
    explanation_row: bool = False
    """The row below the header may explain the columns."""
    each: str | None = None
    """A list in each object of a JSON file: its elements are the rows."""
    decimal: Literal[",", "."] | None = None
    nulls: tuple[str, ...] = NULLS
    fill_down: tuple[str, ...] = ()
    may_lack: tuple[str, ...] = ()
    swapped_days: tuple[str, ...] = ()
    where: dict[str, Texts] = {}
    replaces: Literal["key", "parent", "period"] | None = None
    whole: Texts = ()
    """Globs of files that have all rows: rows of earlier files that such a file lacks are withdrawn."""
    key_lists: Texts = ()
    """Globs of files that have the keys of all rows and nothing else: the same, and no row of them lands."""
    columns: dict[str, ColumnSpec]
    derive: dict[str, str] = {}
    repairs: tuple[Repair, ...] = ()

    @property
    def levels(self) -> int:
        """Rows that the header has; 0 where columns go by their position."""
        return 0 if self.header else self.header_rows

    @property
    def headers(self) -> list[str]:
        """Every header that the mapping mentions."""
        groups = [group for spec in self.columns.values() for group in spec.groups]
        return [header for group in groups for header in group] + [*self.fill_down, *self.where]
