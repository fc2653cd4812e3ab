"""The lists beside shop.yml that stand in for the project's seeds: read, checked and handed to dbt.

What a list may hold follows from its seed: columns and types, and the tests in `models/seeds/*.yml`.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.config.settings import PROJECT, Settings
from orchestration.system.files import write_whole

SEEDS = PROJECT / "seeds"
Row = dict[str, str]
Place = tuple[int, Row]
"""Line of the file, and its cells by column."""
_WORDS = {
    "bigint": "a whole number",
    "decimal": "a number such as 1234.5",
    "date": "a day such as 2026-01-31",
    "boolean": "true or false",
}


@dataclass(frozen=True)
class ListContract:
    """What one list may hold. `kinds` has bigint, decimal, date, boolean or string per column."""

    name: str
    kinds: Mapping[str, str]
    key: tuple[str, ...]
    required: frozenset[str]
    values: Mapping[str, tuple[str, ...]]
    defaults: tuple[Row, ...]


@dataclass(frozen=True)
class ShopList:
    """One checked list: the rows that dbt loads instead of the seed's own."""

    name: str
    path: Path
    rows: tuple[Row, ...] = field(repr=False)
    places: tuple[Place, ...] = field(default=(), repr=False)
    """The rows of the file, completed as in `rows`, with their numbers."""


@cache
def contracts() -> dict[str, ListContract]:
    """Every list by its name, which is that of the seed."""
    found = {}
    for path in sorted((PROJECT / "models" / "seeds").glob("*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
            found[seed["name"]] = _contract(seed)
    return found


def _contract(seed: Mapping[str, Any]) -> ListContract:
    with (SEEDS / f"{seed['name']}.csv").open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        defaults = tuple(reader)
        names = list(reader.fieldnames or ())
    types = seed.get("config", {}).get("column_types", {})
    tests = {column["name"]: column.get("data_tests", []) for column in seed.get("columns", [])}
    key = [
        name
        for test in seed.get("data_tests", [])
        if isinstance(test, dict) and "unique_combination" in test
        for name in test["unique_combination"]["arguments"]["columns"]
    ] or [name for name in names if "unique" in tests.get(name, [])]
    return ListContract(
        name=seed["name"],
        kinds={
            name: _kind(types.get(name), [row[name] for row in defaults if row[name]])
            for name in names
        },
        key=tuple(key),
        required=frozenset(key) | {name for name in names if "not_null" in tests.get(name, [])},
        values={
            name: tuple(test["accepted_values"]["arguments"]["values"])
            for name, found in tests.items()
            for test in found
            if isinstance(test, dict) and "accepted_values" in test
        },
        defaults=defaults,
    )


def _kind(declared: str | None, values: Sequence[str]) -> str:
    """The kind of a column: as declared, else what all values of the project's own rows are."""
    if declared is not None:
        word = {"int": "bigint", "double": "decimal"}.get(declared, declared)
        return "decimal" if word.startswith("decimal") else word
    for kind in ("boolean", "bigint", "decimal", "date"):
        if values and all(_cell(value, kind) is not None for value in values):
            return kind
    return "string"


def _cell(text: str, kind: str) -> str | None:
    """The cell as dbt reads it, None where it is not of the kind."""
    if kind == "boolean":
        return text.lower() if text.lower() in ("true", "false") else None
    if kind == "date":
        try:
            return date.fromisoformat(re.sub("[ T]00:00(:00([.]0+)?)?$", "", text)).isoformat()
        except ValueError:
            return None
    if kind in ("bigint", "decimal"):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        if not number.is_finite() or (kind == "bigint" and number != number.to_integral_value()):
            return None
        return str(int(number)) if kind == "bigint" else f"{number:f}"
    return text


def read(name: str, path: Path, adds: bool, problem: Any) -> ShopList | None:
    """One list, checked; `problem(text)` notes each mistake with its row and column.

    With `adds`, rows stand in for the project's rows of the same key and are added to the others.
    """
    from orchestration.config.list_files import table_of

    contract = contracts()[name]
    try:
        (_, header), *body = table_of(path)
    except ValueError as error:
        problem(str(error))
        return None
    if not _header_fits(contract, header, problem):
        return None
    own = [(row, dict(zip(header, cells, strict=False))) for row, cells in body if any(cells)]
    checked = list(_checked(contract, own, problem))
    if len(contract.defaults) == 1 and not contract.key and len(checked) != 1:
        problem(f"expected one row of settings, found {len(checked)}")
    rows = _completed(contract, checked, adds)
    # Rows of the project stand before those of the file.
    own_rows = rows[len(rows) - len(own) :]
    numbers = [number for number, _ in own]
    return ShopList(name, path, tuple(rows), tuple(zip(numbers, own_rows, strict=True)))


def _header_fits(contract: ListContract, header: Sequence[str], problem: Any) -> bool:
    from orchestration.config.yaml_file import near

    unknown = [name for name in header if name not in contract.kinds]
    for name in unknown:
        problem(f"row 1: unknown column {name!r}; {near(name, contract.kinds)}")
    doubled = sorted({name for name in header if header.count(name) > 1})
    for name in doubled:
        problem(f"row 1: column {name!r} stands there twice")
    missing = [name for name in contract.kinds if name in contract.required and name not in header]
    if missing:
        problem(f"row 1: missing {', '.join(missing)}; its columns are {', '.join(contract.kinds)}")
    return not (unknown or doubled or missing)


def _checked(contract: ListContract, rows: Iterable[Place], problem: Any) -> Iterable[Row]:
    seen: dict[tuple[str, ...], int] = {}
    for number, row in rows:
        clean: Row = {}
        for name, text in row.items():
            cell = _cell(text, contract.kinds[name]) if text else ""
            if cell is None:
                words = _WORDS[contract.kinds[name]]
                problem(f"row {number}, column {name}: expected {words}, found {text[:40]!r}")
            elif not cell and name in contract.required:
                problem(f"row {number}, column {name}: is empty; every row needs it")
            elif cell and name in contract.values and cell not in contract.values[name]:
                words = ", ".join(contract.values[name])
                problem(f"row {number}, column {name}: expected one of {words}")
            clean[name] = cell or ""
        key = tuple(clean.get(name, "") for name in contract.key)
        if key and key in seen:
            columns = ", ".join(contract.key)
            problem(f"row {number}, column {columns}: the same as in row {seen[key]}")
        seen.setdefault(key, number)
        yield clean


def _completed(contract: ListContract, rows: Sequence[Row], adds: bool) -> list[Row]:
    """Rows with all columns: what a list leaves out has the project's value of that key, or none.

    Examples of the project lend no values: a goal of the shop would be an example itself.
    """

    def key_of(row: Row) -> tuple[str, ...]:
        return tuple(row.get(name, "") for name in contract.key)

    one = len(contract.defaults) == 1 and not contract.key
    lending = [row for row in contract.defaults if not row.get("example_of")]
    known = {key_of(row): row for row in lending} if contract.key or one else {}
    empty = dict.fromkeys(contract.kinds, "")
    own = [{**known.get(key_of(row), empty), **row} for row in rows]
    if not adds:
        return own
    taken = {key_of(row) for row in own} if contract.key else set()
    return [row for row in contract.defaults if key_of(row) not in taken] + own


def write(settings: Settings, lists: Mapping[str, ShopList]) -> None:
    """All seeds of this shop, in its home, where it has lists of its own; unchanged files stay."""
    if not lists:
        return
    for folder in (settings.seeds, settings.dbt_seeds):
        folder.mkdir(parents=True, exist_ok=True)
        for path in SEEDS.glob("*.csv"):
            own = lists.get(path.stem)
            text = _csv_of(own) if own else path.read_text(encoding="utf-8")
            copy = folder / path.name
            if not copy.exists() or copy.read_text(encoding="utf-8") != text:
                write_whole(copy, text)


def _csv_of(own: ShopList) -> str:
    import io

    out = io.StringIO()
    writer = csv.DictWriter(out, list(contracts()[own.name].kinds), lineterminator="\n")
    writer.writeheader()
    writer.writerows(own.rows)
    return out.getvalue()
