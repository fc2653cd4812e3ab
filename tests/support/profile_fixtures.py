"""An invented export for each profile, in the layout and encoding of the real one: one file in `profiles/`.

`tests/support/profiles/README.md` lists the keys of such a file.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.config.mapping_check import PROFILES
from orchestration.config.yaml_file import read_yaml

FIXTURES = Path(__file__).parent / "profiles"


@dataclass(frozen=True)
class Export:
    """A file of a platform. `rows` are lines of text, or objects of a JSON file."""

    profile: str
    rows: tuple[Any, ...]
    header: str = ""
    above: tuple[str, ...] = ()
    """Lines before the header."""
    below: tuple[str, ...] = ()
    """Lines after the last row."""
    stem: str = "export"
    suffix: str = ".csv"
    encoding: str = "utf-8"
    delimiter: str = ","

    @property
    def feed(self) -> str:
        """The feed of the profile."""
        return read_yaml(PROFILES / f"{self.profile}.yml")["feed"]

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.stem}{self.suffix}"

    @property
    def is_json(self) -> bool:
        """Whether rows are objects."""
        return self.suffix == ".jsonl"

    def content(self) -> bytes:
        """The bytes of the file."""
        return "".join(f"{line}\n" for line in self.lines()).encode(self.encoding)

    def lines(self) -> list[str]:
        """The lines of the file."""
        if self.is_json:
            return [json.dumps(row, ensure_ascii=False) for row in self.rows]
        return [*self.above, self.header, *self.rows, *self.below]

    def headers(self) -> list[str]:
        """The headers of the file, or the paths of the first object."""
        if self.is_json:
            return list(dict.fromkeys(path for row in self.rows for path in paths_of(row)))
        return self.split(self.header)

    def split(self, line: str) -> list[str]:
        """The cells of a line."""
        return next(csv.reader([line], delimiter=self.delimiter))

    def joined(self, cells: Sequence[str]) -> str:
        """The line with these cells."""
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="").writerow(cells)
        return out.getvalue()

    def with_rows(self, rows: Sequence[Any]) -> "Export":
        """The file with other rows."""
        return replace(self, rows=tuple(rows))


@dataclass(frozen=True)
class Fixture:
    """An export and what becomes of it."""

    export: Export
    key: str
    """The column by which `expected` names rows."""
    expected: Mapping[str, Mapping[str, Any]]
    timezone: str = "Asia/Shanghai"
    mapping: Mapping[str, Any] = field(default_factory=dict)
    """Keys of shop.yml beside the profile."""
    quarantined: Mapping[str, int] = field(default_factory=dict)
    left_out: int = 0
    warnings: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    """Columns whose headers exports of this kind may lack, and this one does."""
    without: Mapping[str, str] = field(default_factory=dict)
    """Mangled copies that make no sense for this export, with the reason."""


def paths_of(row: Mapping[str, Any], above: str = "") -> list[str]:
    """The dotted paths of the values of an object."""
    found: list[str] = []
    for key, value in row.items():
        path = f"{above}{key}"
        found += paths_of(value, f"{path}.") if isinstance(value, dict) else [path]
        elements = (
            [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        )
        for one in elements:
            pair = {one["key"]: one["value"]} if one.keys() == {"key", "value"} else one
            found += (
                [f"{path}.{key}" for key in pair] if pair is not one else paths_of(one, f"{path}.")
            )
    return list(dict.fromkeys(found))


_OF_EXPORT = ("header", "above", "below", "stem", "suffix", "encoding", "delimiter")


@cache
def fixture(profile: str) -> Fixture:
    """The fixture of a profile."""
    content = yaml.safe_load((FIXTURES / f"{profile}.yml").read_text(encoding="utf-8"))
    given = {key: content.pop(key) for key in _OF_EXPORT if key in content}
    listed = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
    export = Export(profile, tuple(content.pop("rows")), **{**given, **listed})
    for key in ("warnings", "lacks"):
        content[key] = tuple(content.get(key, ()))
    return Fixture(export, **content)


def profiles() -> list[str]:
    """The names of all profiles."""
    return sorted(path.stem for path in PROFILES.glob("*.yml"))


def same(found: Any, expected: Any) -> bool:
    """Whether a value of the warehouse is the one that a fixture states."""
    if isinstance(expected, datetime) or expected is None or isinstance(expected, bool):
        return found == expected
    if isinstance(expected, int | float):
        return Decimal(str(found)) == Decimal(str(expected)) if found is not None else False
    if isinstance(expected, date) or isinstance(found, date):
        return str(found) == str(expected)
    return found == expected
