"""Checks of shop.yml against the contract: every problem with its place in the YAML and a way out.

Knows keys, columns, profiles and SQL expressions; what only the exports can tell (headers, values)
is found while landing.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import yaml
from pydantic import BaseModel, ValidationError

from orchestration.config import conditions as row_conditions
from orchestration.config.contract import Feed, load_contract
from orchestration.config.mapping import ColumnSpec, FeedMapping, Repair

PROFILES = Path(__file__).parent / "profiles"
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SCOPE = ("source_system", "shop_id")
NONE = "none"
MAY_BE_NONE = ("erp.refunds",)
"""Feeds of which shop.yml may declare that a shop has nothing: then no data are a known 0."""


def near(word: str, known: Iterable[str]) -> str:
    """A hint that names the closest known words, or all of them when none is close."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=2, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else f"expected one of {', '.join(known)}"


class _Loader(yaml.BaseLoader):
    """Scalars stay text (`no`, `007`, `1e3` mean what they say); a repeated key is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1 and not isinstance(key.value, list):
                raise yaml.MarkedYAMLError(
                    problem=f"key {key.value!r} stands there twice", problem_mark=key.start_mark
                )
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file, every scalar as text. Raises `ValueError` with the operator's text."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not YAML in UTF-8: {error}") from None
    if not isinstance(content, dict):
        raise ValueError(f"{path}: expected keys at the top, found {type(content).__name__}")
    return content


_WORDS = {
    "dict_type": "expected keys and their values",
    "model_type": "expected keys and their values",
    "string_type": "expected a text",
    "tuple_type": "expected a list",
    "list_type": "expected a list",
}


def _hint(key: str, model: type[BaseModel], missing: Sequence[str]) -> str:
    """What an unknown key was meant to be: a key that is missing, else any key of the model."""
    if close := difflib.get_close_matches(key, missing, n=1, cutoff=0.6):
        return f"did you mean {close[0]}?"
    names = {field.alias or name for name, field in model.model_fields.items()}
    lacks = f"; missing: {', '.join(missing)}" if missing else ""
    return near(key, sorted(names - {"feed", "place", "shop_timezone", "shop_currency"})) + lacks


class Checker:
    """Builds the models of shop.yml and collects every problem instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.none: list[str] = []
        """Feeds declared to be empty: `erp.refunds`, or `erp.refunds@<shop>` for one shop."""
        self.shop = {"timezone": "UTC", "currency": ""}

    def problem(self, place: str, text: str) -> None:
        """Note one problem at a place such as `feeds.erp.orders[0].columns.status`."""
        self.problems.append(f"{place}: {text}" if place else text)

    def keys(self, content: Mapping[str, Any], known: Iterable[str], place: str) -> None:
        """Note every key that is not known."""
        for key in content:
            if key not in known:
                self.problem(f"{place}.{key}".lstrip("."), f"unknown key; {near(key, known)}")

    def build(
        self,
        model: type[BaseModel],
        content: Any,
        place: str,
        nested: Mapping[str, type[BaseModel]] | None = None,
    ) -> Any:
        """The model, or None after noting what is wrong with the content."""
        try:
            return model.model_validate(content)
        except ValidationError as error:
            self._note_all(error.errors(), model, place, nested or {})
        return None

    def _note_all(
        self,
        items: Sequence[Any],
        model: type[BaseModel],
        place: str,
        nested: Mapping[str, type[BaseModel]],
    ) -> None:
        """One problem for each key that is wrong: a misspelled key is not also a missing one."""
        missing: dict[tuple[str, ...], list[str]] = defaultdict(list)
        unknown: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for item in items:
            *parent, key = (str(part) for part in item["loc"] or ("",))
            if item["type"] == "missing":
                missing[tuple(parent)].append(key)
            elif item["type"] == "extra_forbidden":
                unknown[tuple(parent)].append(key)
        listed: set[str] = set()
        for item in items:
            loc = [str(part) for part in item["loc"]]
            parent, where = tuple(loc[:-1]), ".".join([place, *loc])
            field = model.model_fields.get(loc[0]) if loc else None
            if field is not None and field.description:
                # Of a value that may have several shapes, pydantic notes what each shape lacks.
                if loc[0] not in listed:
                    self.problem(f"{place}.{loc[0]}", f"expected {field.description}")
                listed.add(loc[0])
            elif item["type"] == "extra_forbidden":
                holder = nested.get(loc[0], model) if len(loc) > 1 else model
                self.problem(where, f"unknown key; {_hint(loc[-1], holder, missing[parent])}")
            elif item["type"] == "missing":
                if parent not in unknown:
                    self.problem(where, "missing")
            else:
                text = _WORDS.get(item["type"], item["msg"].removeprefix("Value error, "))
                self.problem(where, f"{text} (found {str(item['input'])[:80]!r})")

    def summary(self) -> list[str]:
        """The problems. One that several mappings repeat is listed once, with its first place."""
        places: dict[tuple[str, str], list[str]] = {}
        for problem in self.problems:
            place, _, text = problem.partition(": ")
            tail = re.sub(r"^feeds\..*?\[\d+\]", "", place)
            places.setdefault((tail if tail != place else place, text), []).append(place)
        return [
            f"{found[0]}: {text}"
            + (f" (the same in {len(found) - 1} more mappings)" if len(found) > 1 else "")
            for (_, text), found in places.items()
        ]

    def owners(self, content: Any) -> dict[str, str]:
        """E-mails by team."""
        if not isinstance(content, dict):
            self.problem(
                "owners", "expected teams with their e-mail, such as `sales: ann@shop.example`"
            )
            return {}
        known = {"default", "analytics", *(feed.owner for feed in load_contract().values())}
        self.keys(content, known, "owners")
        for team, mail in content.items():
            if not isinstance(mail, str) or not _MAIL.fullmatch(mail):
                self.problem(f"owners.{team}", "expected an e-mail address")
        return dict(content)

    def feed(self, code: str, entries: Any, defaults: Mapping[str, str]) -> list[FeedMapping]:
        """The mappings of one feed; those with problems are left out."""
        place = f"feeds.{code}"
        contract = load_contract()
        if code not in contract:
            self.problem(place, f"unknown feed; {near(code, contract)}")
            return []
        if entries == NONE:
            self._declared_none(code, place, {})
            return []
        if not isinstance(entries, list):
            self.problem(place, "expected a list of mappings, each starting with `- files: …`")
            return []
        built = []
        for i, entry in enumerate(entries):
            if isinstance(entry, dict) and NONE in entry:
                self._declared_none(code, f"{place}[{i}]", entry)
            else:
                built.append(self.mapping(contract[code], entry, f"{place}[{i}]", defaults))
        return [mapping for mapping in built if mapping is not None]

    def _declared_none(self, code: str, place: str, entry: Mapping[str, Any]) -> None:
        """Note that all shops, or the one that `shop_id` names, have nothing of a feed."""
        self.keys(entry, (NONE, "shop_id"), place)
        if code not in MAY_BE_NONE:
            self.problem(place, f"only {', '.join(MAY_BE_NONE)} may be `none`; leave the feed out")
        if entry and (entry[NONE] != "true" or not entry.get("shop_id")):
            self.problem(place, "expected `none: true` and a shop_id")
        self.none.append(f"{code}@{entry['shop_id']}" if entry.get("shop_id") else code)

    def mapping(
        self, feed: Feed, entry: Any, place: str, defaults: Mapping[str, str]
    ) -> FeedMapping | None:
        """One mapping with its profile merged in, or None after noting its problems."""
        before = len(self.problems)
        if not isinstance(entry, dict):
            self.problem(place, "expected keys such as files and columns")
            return None
        content = {**defaults, **self._with_profile(feed, entry, place)}
        content |= {"feed": feed.code, "place": place}
        content |= {f"shop_{key}": value for key, value in self.shop.items()}
        content["columns"] = self._columns(feed, content.get("columns", {}), place)
        content["repairs"] = self._repairs(feed, content.get("repairs", []), place)
        mapping = self.build(FeedMapping, content, place)
        if mapping is not None and len(self.problems) == before:
            self._check_meaning(feed, mapping)
        return mapping if len(self.problems) == before else None

    def _with_profile(self, feed: Feed, entry: dict[str, Any], place: str) -> dict[str, Any]:
        if "profile" not in entry:
            return entry
        path = PROFILES / f"{entry['profile']}.yml"
        if not path.exists():
            known = sorted(profile.stem for profile in PROFILES.glob("*.yml"))
            self.problem(f"{place}.profile", f"no profile {path.stem!r}; {near(path.stem, known)}")
            return entry
        try:
            profile = read_yaml(path)
        except ValueError as error:
            self.problem(f"{place}.profile", str(error))
            return entry
        if (meant := profile.pop("feed", feed.code)) != feed.code:
            self.problem(f"{place}.profile", f"{path.stem} is for {meant}, not for {feed.code}")
        profile.pop("description", None)
        merged = {**profile, **entry}
        for key in ("columns", "derive"):
            if isinstance(own := entry.get(key, {}), dict):
                merged[key] = {**profile.get(key, {}), **own}
        return merged

    def _columns(self, feed: Feed, content: Any, place: str) -> dict[str, ColumnSpec]:
        if not isinstance(content, dict):
            self.problem(f"{place}.columns", "expected `contract column: header` pairs")
            return {}
        built = {}
        for name, spec in content.items():
            where = f"{place}.columns.{name}"
            if name not in feed.columns:
                self.problem(where, f"{feed.code} has no such column; {near(name, feed.columns)}")
            elif (column := self.build(ColumnSpec, spec, where)) is not None:
                built[name] = column
        return built

    def _repairs(self, feed: Feed, content: Any, place: str) -> list[Repair]:
        entries = content if isinstance(content, list) else [content]
        built = [self.build(Repair, e, f"{place}.repairs[{i}]") for i, e in enumerate(entries)]
        return [repair for repair in built if repair is not None]

    def _check_meaning(self, feed: Feed, mapping: FeedMapping) -> None:
        place = mapping.place
        try:
            ZoneInfo(mapping.timezone)
        except (ValueError, OSError, LookupError):
            self.problem(f"{place}.timezone", f"unknown time zone {mapping.timezone!r}")
        for header, conditions in mapping.where.items():
            for text in filter(None, map(row_conditions.problem, conditions)):
                self.problem(f"{place}.where.{header}", text)
        if mapping.replaces not in (None, "key", feed.replaces):
            known = " or ".join(dict.fromkeys(("key", feed.replaces)))
            self.problem(f"{place}.replaces", f"{feed.code} is replaced by {known}")
        for name, spec in mapping.columns.items():
            if spec.number_repeats and name not in feed.key:
                self.problem(
                    f"{place}.columns.{name}", f"number_repeats is for a key: {', '.join(feed.key)}"
                )
        for name in set(mapping.derive) | {repair.column for repair in mapping.repairs}:
            if name not in feed.columns:
                self.problem(
                    place, f"{feed.code} has no column {name!r}; {near(name, feed.columns)}"
                )
                return
        given = {*mapping.columns, *mapping.derive, *(repair.column for repair in mapping.repairs)}
        for column in feed.columns.values():
            known = column.name in given or column.name in SCOPE or column.default is not None
            if column.required and not known:
                self.problem(f"{place}.columns", f"required column {column.name} is not mapped")
        if mapping.header and (mapping.header_row or mapping.header_rows > 1):
            self.problem(
                f"{place}.header", "a file without headers has no header_row or header_rows"
            )
        for name in mapping.may_lack:
            if name not in mapping.columns or not mapping.columns[name].groups:
                known = [column for column, spec in mapping.columns.items() if spec.groups]
                self.problem(
                    f"{place}.may_lack", f"no column {name!r} with a header; {near(name, known)}"
                )
        for name in mapping.swapped_days:
            self._check_swapped(feed, mapping, name)
        for where, text in _patterns(mapping):
            try:
                re.compile(text)
            except re.error as error:
                self.problem(f"{place}.{where}", f"{text!r} is no regular expression: {error}")
        for where, expression, data_type in _expressions(feed, mapping):
            if trouble := _sql_trouble(feed, expression, data_type):
                self.problem(f"{place}.{where}", f"not SQL over {feed.code}: {trouble}")

    def _check_swapped(self, feed: Feed, mapping: FeedMapping, name: str) -> None:
        place = f"{mapping.place}.swapped_days"
        dates = [
            column
            for column in mapping.columns
            if feed.columns[column].data_type in ("date", "timestamp")
        ]
        if name not in dates:
            self.problem(place, f"no mapped date {name!r}; {near(name, dates)}")
        elif name in mapping.derive or any(repair.column == name for repair in mapping.repairs):
            self.problem(place, f"{name} has a rule of its own in derive or repairs; leave one out")


def _patterns(mapping: FeedMapping) -> list[tuple[str, str]]:
    found = []
    for name, spec in mapping.columns.items():
        found += [(f"columns.{name}.replace", pattern) for pattern in spec.replace]
        if spec.file_name:
            found.append((f"columns.{name}.file_name", spec.file_name))
    return found


def _expressions(feed: Feed, mapping: FeedMapping) -> list[tuple[str, str, str]]:
    types = {name: column.data_type for name, column in feed.columns.items()}
    found = [(f"derive.{name}", sql, types[name]) for name, sql in mapping.derive.items()]
    for i, repair in enumerate(mapping.repairs):
        found.append((f"repairs[{i}].when", repair.when, "boolean"))
        found.append((f"repairs[{i}].value", repair.value, types[repair.column]))
    return found


def _sql_trouble(feed: Feed, expression: str, data_type: str) -> str | None:
    columns = ", ".join(f'cast(null as {c.data_type}) as "{c.name}"' for c in feed.columns.values())
    with duckdb.connect(":memory:") as con:
        try:
            con.execute(
                f"select cast(({expression}) as {data_type}) from (select {columns}) limit 0"
            )
        except duckdb.Error as error:
            return str(error).split("\n\n")[0].replace("\n", " ")
    return None
