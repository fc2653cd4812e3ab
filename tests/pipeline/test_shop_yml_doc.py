"""docs/shop-yml.md names every key that the code knows, and no other."""

import re
from itertools import chain
from typing import get_args

import yaml

from orchestration.config.api_config import Api, Auth, Paginator, Resource
from orchestration.config.audience_config import Audience, Recipient
from orchestration.config.limits import Limits
from orchestration.config.lists import contracts
from orchestration.config.mapping import FACTORS, NULLS, ColumnSpec, FeedMapping, Repair
from orchestration.config.mapping_check import Checker
from orchestration.config.notify_config import FORMATS, KINDS, read_places
from orchestration.config.settings import PROJECT
from orchestration.config.shop_config import Shop, ShopConfig
from orchestration.config.sources_check import TYPES
from orchestration.config.sources_config import Database, Table
from orchestration.landing.check import parsing
from tools import reference_pages

DOC = (PROJECT / "docs" / "shop-yml.md").read_text(encoding="utf-8")
# Filled in by the code.
_INNER = {"feed", "place", "shop_timezone", "shop_currency"}


def _section(title: str) -> str:
    return DOC.split(f"## {title}\n")[1].split("\n## ")[0]


def _first_cells(title: str) -> set[str]:
    rows = re.findall(r"^\| (.*?) \|", _section(title), re.MULTILINE)
    return set(chain.from_iterable(re.findall(r"`([^`]+)`", row) for row in rows))


def _keys(model: type) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()} - _INNER


def test_every_key_of_a_mapping_is_documented() -> None:
    # `from` is replaced by the files of the source.
    assert _first_cells("One mapping") == _keys(FeedMapping) | {"from"}
    assert all(f"`{key}`" in _section("One mapping") for key in _keys(Repair))


def test_every_key_of_a_column_is_documented() -> None:
    text = _section("One column")
    forms = set(re.findall(r"[{ ,](\w+): ", " ".join(_first_cells("One column")))) | {"factor"}
    assert _keys(ColumnSpec) - forms == set()
    assert "`factor: 0.01`" in text
    assert all(f"`{unit}`" in text for unit in FACTORS)


def test_every_list_is_documented() -> None:
    assert _first_cells("Lists") == set(contracts())


def test_every_other_section_is_documented() -> None:
    assert _first_cells("Limits of landing") == _keys(Limits)
    recipients = {key.split("`")[0] for key in _first_cells("Audiences")}
    assert recipients == _keys(Audience) | _keys(Recipient)
    assert all(re.search(rf"^  {key}:", DOC, re.MULTILINE) for key in _keys(Shop))
    sections = _keys(ShopConfig) - {"path", "none"}
    assert all(re.search(rf"^{key}:", DOC, re.MULTILINE) for key in sections)


def test_every_key_of_a_source_is_documented() -> None:
    models = (Database, Api, Table, Resource, Auth, Paginator)
    keys = set().union(*map(_keys, models)) - {"name"}
    section = _section("Sources")
    assert {key for key in keys if f"`{key}`" not in section} == set()
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    named = {name for row in rows for name in _quoted(row)}
    assert named - keys == set()
    assert all(f"`{name}`" in section for name in TYPES)
    kinds = [*get_args(Auth.model_fields["type"].annotation)]
    kinds += get_args(Paginator.model_fields["type"].annotation)
    assert {kind for kind in kinds if f"`{kind}`" not in section} == set()


def test_keys_of_places_are_documented_and_the_example_holds() -> None:
    section = _section("Who is notified")
    keys, messages = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    first = {
        name for row in re.findall(r"^\| (.*?) \|", keys, re.MULTILINE) for name in _quoted(row)
    }
    assert first == set().union(*map(_keys, FORMATS.values())) | {"owners"}
    assert {name for row in messages.splitlines()[2:] for name in _quoted(row)[:1]} == set(KINDS)
    assert all(f"`{name}`" in keys for name in FORMATS)
    example = yaml.load(section.split("```yaml\n")[1].split("```")[0], yaml.BaseLoader)
    check = Checker()
    places = read_places(check, example["notify"])
    assert check.problems == [] and {place.format for place in places} == set(FORMATS)


def _quoted(row: str) -> list[str]:
    return re.findall(r"`([^`]+)`", row)


def test_defaults_of_reading_are_documented() -> None:
    formats = {*parsing._TIMES, *parsing._DIGITS.values()}
    assert {one for one in formats if f"`{one}`" not in DOC.replace("`\n`", "` `")} == set()
    assert {word for word in NULLS if word and f"`{word}`" not in _section("One mapping")} == set()


def test_the_pages_of_columns_are_those_of_the_contract() -> None:
    pages = {
        reference_pages.FEEDS: reference_pages.feeds_page(),
        reference_pages.LISTS: reference_pages.lists_page(),
    }
    outdated = [
        path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text
    ]
    assert outdated == [], "`make book` writes them again"
    assert all(f"## {name}\n" in pages[reference_pages.LISTS] for name in contracts())
    assert "{{" not in "".join(pages.values())
