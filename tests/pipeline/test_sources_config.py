"""The section `sources` of shop.yml: what is refused, in which words, and that no secret is repeated."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from landing_kit import SHOP, LandingShop
from sources_kit import ORDER, SourceShop, mapping

from orchestration.config.secret_values import redacted
from orchestration.config.settings import PROJECT
from orchestration.config.shop_config import ShopConfigError, load_shop_config
from orchestration.landing.record.landed_files import mapping_hash

DATABASE = {
    "type": "postgres",
    "url": "env:X",
    "tables": {"orders": {"table": "orders", "key": "id"}},
}
API = {
    "type": "rest",
    "base_url": "https://a.example",
    "auth": {"type": "bearer", "token": "env:X"},
    "resources": {"orders": {"path": "orders", "data": "rows"}},
}
SECRET = "hunter2-secret"


def _with(source: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    *path, last = place.split(".")
    copy = yaml.safe_load(yaml.safe_dump(source))
    inner = copy
    for part in path:
        inner = inner[part]
    inner[last] = value
    return copy


WRONG = [
    (DATABASE, "url", f"postgresql://u:{SECRET}@h/d", "does not belong in shop.yml"),
    (DATABASE, "type", "oracle", "unknown type"),
    (DATABASE, "tables.orders.cursr", "x", "did you mean cursor"),
    (DATABASE, "tables.orders", {"table": "t", "cursor": "at"}, "found by `key`"),
    (DATABASE, "tables.orders.overlap", "2 fortnights", "expected a duration"),
    (DATABASE, "tables.orders.deletions", "sometimes", "expected always, never, or a duration"),
    (DATABASE, "tables", {}, "expected names with their keys"),
    (API, "auth.token", SECRET, "does not belong in shop.yml"),
    (API, "auth", {"type": "basic", "user": "env:U"}, "also needs password"),
    (API, "headers", {"X-Api-Key": SECRET}, "looks like a secret"),
    (API, "resources.orders.params", {"access_token": SECRET}, "looks like a secret"),
    (API, "base_url", "http://a.example", "expected https"),
    (API, "base_url", f"https://u:{SECRET}@a.example", "an http or https address"),
    (API, "resources.orders.deletions", "always", "need all rows and a key"),
    (API, "resources.orders.cursor", "updated_at", "no parameter holds {since}"),
    (API, "resources.orders.look_back", "7 days", "no parameter holds {from_day}"),
]


@pytest.mark.parametrize(("source", "place", "value", "words"), WRONG)
def test_a_mistake_is_named_without_its_secret(
    source: dict[str, Any], place: str, value: Any, words: str, tmp_path: Path
) -> None:
    shop = SourceShop(tmp_path, {"db": _with(source, place, value)})
    with pytest.raises(ShopConfigError) as found:
        load_shop_config(shop.settings.config)
    text = str(found.value)
    assert words in text and "sources.db" in text, text
    assert SECRET not in text


def test_a_mapping_takes_the_files_of_a_source(tmp_path: Path) -> None:
    shop = SourceShop(tmp_path, {"db": DATABASE})
    [found] = shop.config.mappings
    assert (found.files, found.format, found.replaces) == (
        ("db/orders/*.parquet",),
        "parquet",
        "key",
    )
    assert (found.whole, found.key_lists) == (
        ("db/orders/all.parquet",),
        ("db/orders/keys.parquet",),
    )
    for source, words in (("db.order", "did you mean db.orders"), ("erp.x", "no source 'erp.x'")):
        shop.configure({"erp.orders": [mapping(ORDER, **{"from": source})]})
        with pytest.raises(ShopConfigError, match=words):
            load_shop_config(shop.settings.config)
    shop.configure({"erp.orders": [mapping(ORDER, files="x", **{"from": "db.orders"})]})
    with pytest.raises(ShopConfigError, match="files or from, not both"):
        load_shop_config(shop.settings.config)


def test_files_that_landed_before_are_not_read_again(tmp_path: Path) -> None:
    """The globs of whole files decide nothing about rows, so they are no part of a mapping's identity."""
    from orchestration.config.contract import load_contract

    plain = LandingShop(tmp_path, {"erp.orders": [mapping(ORDER, files="o*")]}).config.mappings[0]
    whole = plain.model_copy(update={"whole": ("o*",), "key_lists": ("k*",)})
    feed = load_contract()["erp.orders"]
    assert mapping_hash(plain, feed, []) == mapping_hash(whole, feed, [])


def test_passwords_are_removed_in_all_their_forms() -> None:
    url = "mysql://u:p%40ss%2Fword@h/d"
    said = f"{url} | p@ss/word | p%40ss%2Fword | plain"
    assert redacted(said, [url]) == "*** | *** | *** | plain"


def _examples() -> list[dict[str, Any]]:
    page = (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^( *)```yaml\n(.*?)^\1```", page, re.MULTILINE | re.DOTALL)
    texts = [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in blocks]
    return [yaml.load(text, yaml.BaseLoader) for text in texts if text.startswith("sources:")]


@pytest.mark.parametrize("example", _examples(), ids=lambda example: next(iter(example["sources"])))
def test_the_examples_of_the_page_hold(example: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(yaml.safe_dump({"shop": SHOP, **example}, allow_unicode=True), encoding="utf-8")
    config = load_shop_config(path)
    assert list(config.sources) == list(example["sources"])
    assert len(config.mappings) == sum(map(len, example.get("feeds", {}).values()))
