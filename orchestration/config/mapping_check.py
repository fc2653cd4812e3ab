"""Checks of shop.yml against the contract: every problem with its place in the YAML and a way out.

Knows keys, columns, profiles and SQL expressions; what only the exports can tell (headers, values)
is found while landing.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from orchestration.config import mapping_meaning
from orchestration.config.contract import Feed, load_contract
from orchestration.config.mapping import ColumnSpec, FeedMapping, Repair
from orchestration.config.yaml_file import near, read_yaml

PROFILES = Path(__file__).parent / "profiles"
DESCRIBING = ("platform", "description", "usual_format", "usual_encoding", "headers_from")
"""Keys of a profile that say which export it reads, and nothing of how."""
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NONE = "none"
MAY_BE_NONE = ("erp.refunds",)
"""Feeds of which shop.yml may declare that a shop has nothing: then no data are a known 0."""


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
        self.with_files: Callable[[dict[str, Any], str], dict[str, Any]] | None = None
        """Puts the files of a source in the place of `from: source.table`."""

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
        if "from" in entry and self.with_files:
            entry = self.with_files(entry, place)
        content = {**defaults, **self._with_profile(feed, entry, place)}
        content |= {"feed": feed.code, "place": place}
        content |= {f"shop_{key}": value for key, value in self.shop.items()}
        content["columns"] = self._columns(feed, content.get("columns", {}), place)
        content["repairs"] = self._repairs(feed, content.get("repairs", []), place)
        mapping = self.build(FeedMapping, content, place)
        if mapping is not None and len(self.problems) == before:
            for at, text in mapping_meaning.problems(feed, mapping):
                self.problem(at, text)
        return mapping if len(self.problems) == before else None

    def _with_profile(self, feed: Feed, entry: dict[str, Any], place: str) -> dict[str, Any]:
        if "profile" not in entry:
            return entry
        path = PROFILES / f"{entry['profile']}.yml"
        if not path.exists():
            known = sorted(profile.stem for profile in PROFILES.glob("*.yml"))
            hint = near(path.stem, known, "`shop360 profiles` lists all")
            self.problem(f"{place}.profile", f"no profile {path.stem!r}; {hint}")
            return entry
        try:
            profile = read_yaml(path)
        except ValueError as error:
            self.problem(f"{place}.profile", str(error))
            return entry
        if (meant := profile.pop("feed", feed.code)) != feed.code:
            self.problem(f"{place}.profile", f"{path.stem} is for {meant}, not for {feed.code}")
        for key in DESCRIBING:
            profile.pop(key, None)
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
