"""Checks of the section `sources`, and what `from: source.table` means in a mapping."""

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from orchestration.config.api_config import Api, Auth, Paginator, Resource
from orchestration.config.mapping_check import Checker
from orchestration.config.secret_values import SPEAKING, is_reference
from orchestration.config.sources_config import NAME, Database, PartSpec, Source, Table
from orchestration.config.yaml_file import near

TYPES: Mapping[str, type[Source]] = {"postgres": Database, "mysql": Database, "rest": Api}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
WHOLE, KEYS = "all.parquet", "keys.parquet"
"""Names of the files with all rows, and with the keys of all rows. Each fetch replaces them."""


def read_sources(check: Checker, content: Any) -> dict[str, Source]:
    """The sources by name; what is wrong is noted in `check`."""
    if not content:
        return {}
    if not isinstance(content, dict):
        check.problem(
            "sources", "expected names with their keys, such as `erp_db: {type: postgres, …}`"
        )
        return {}
    built = {name: _source(check, name, entry) for name, entry in content.items()}
    return {name: source for name, source in built.items() if source is not None}


def _source(check: Checker, name: str, entry: Any) -> Source | None:
    place, known = f"sources.{name}", len(check.problems)
    kind = entry.get("type") if isinstance(entry, dict) else None
    if not isinstance(kind, str) or kind not in TYPES:
        wrong = "missing" if kind is None else "unknown type"
        check.problem(f"{place}.type", f"{wrong}; {near(str(kind), TYPES)}")
        return None
    if not re.fullmatch(NAME, name):
        check.problem(place, "expected a name of small letters, digits and underscores")
    content = dict(entry) | {"name": name}
    # Each level on its own, so that no message repeats a value that may be a secret.
    part, model = ("resources", Resource) if kind == "rest" else ("tables", Table)
    content[part] = _parts(check, model, content.get(part), f"{place}.{part}")
    if isinstance(content.get("auth"), dict):
        content["auth"] = check.build(Auth, content["auth"], f"{place}.auth")
    if kind == "rest":
        _has_secrets(check, content.get("headers"), f"{place}.headers")
    if len(check.problems) > known:
        return None
    source = check.build(TYPES[kind], content, place)
    if isinstance(source, Api) and (problem := _unprotected(source)):
        check.problem(f"{place}.base_url", problem)
    return source if len(check.problems) == known else None


def _parts(check: Checker, model: type[BaseModel], content: Any, place: str) -> dict[str, Any]:
    if not isinstance(content, dict) or not content:
        check.problem(place, "expected names with their keys, such as `orders: {…}`")
        return {}
    built = {}
    for name, entry in content.items():
        where = f"{place}.{name}"
        if not re.fullmatch(NAME, name):
            check.problem(where, "expected a name of small letters, digits and underscores")
        if isinstance(entry, dict) and isinstance(entry.get("paginator"), dict):
            pages = check.build(Paginator, entry["paginator"], f"{where}.paginator")
            entry = {**entry, "paginator": pages or Paginator()}
        if isinstance(entry, dict) and _has_secrets(check, entry.get("params"), f"{where}.params"):
            continue
        built[name] = check.build(model, entry, where)
    return {name: part for name, part in built.items() if part is not None}


def _has_secrets(check: Checker, content: Any, place: str) -> bool:
    """Whether headers or parameters hold a secret itself; each is noted."""
    given = content.items() if isinstance(content, dict) else ()
    found = [n for n, value in given if SPEAKING.search(n) and not is_reference(str(value))]
    for name in found:
        text = "looks like a secret: give env:NAME or secret:NAME instead"
        check.problem(f"{place}.{name}", text)
    return bool(found)


def _unprotected(source: Api) -> str | None:
    address = urlsplit(source.base_url)
    token = urlsplit(source.auth.token_url) if source.auth and source.auth.token_url else address
    plain = [url for url in (address, token) if url.scheme == "http"]
    if source.insecure or all(url.hostname in _LOOPBACK for url in plain):
        return None
    return "expected https, because requests hold secrets; `insecure: true` allows http"


def with_files(
    check: Checker,
    entry: Mapping[str, Any],
    sources: Mapping[str, Source],
    declared: Collection[str],
    place: str,
) -> dict[str, Any]:
    """A mapping with `from: source.table` in the words of files, in which it lands.

    `declared` are the names of all sources, also of those that are wrong and were noted.
    """
    content = dict(entry)
    asked = content.pop("from")
    if "files" in content:
        check.problem(place, "expected files or from, not both")
    name, _, part = str(asked).partition(".")
    if name in declared and name not in sources:
        return content | {"files": []}
    if name not in sources or part not in sources[name].parts:
        known = [f"{one}.{each}" for one, source in sources.items() for each in source.parts]
        hint = near(str(asked), known) if known else "the section sources has none"
        check.problem(f"{place}.from", f"no source {asked!r}; {hint}")
        return content | {"files": []}
    folder = f"{name}/{part}"
    content |= {"files": f"{folder}/*.parquet", "format": "parquet"}
    if _states_all(sources[name].parts[part]):
        content["whole"] = f"{folder}/{WHOLE}"
    content["key_lists"] = f"{folder}/{KEYS}"
    if isinstance(sources[name], Database) or sources[name].parts[part].cursor:
        # A fetch has the rows that changed, which may be some lines of an order.
        content.setdefault("replaces", "key")
    return content


def _states_all(part: PartSpec) -> bool:
    return part.deletions != "never"
