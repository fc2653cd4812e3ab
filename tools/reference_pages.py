"""`make book`: writes docs/feeds.md, docs/lists.md and docs/profiles.md: columns of feeds and lists, and the profiles.

They come from the contract (models/staging/*/_*.yml), from the seeds and their yml, and from
orchestration/config/profiles/; tests compare them.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.config.contract import Column, Feed, load_contract
from orchestration.config.lists import ListContract, contracts
from orchestration.config.profile_list import SOURCES, Profile, by_platform

PROJECT = Path(__file__).resolve().parents[1]
FEEDS, LISTS = PROJECT / "docs" / "feeds.md", PROJECT / "docs" / "lists.md"
PROFILE_PAGE = PROJECT / "docs" / "profiles.md"

_FEEDS_OPENING = """\
# Columns of feeds

Each section is one feed of `shop.yml` (`erp.orders`). `columns` of a mapping assigns headers of the export to these columns;
[shop-yml.md](shop-yml.md) describes how. A required column without a value refuses its row. The key identifies a row: a row
with the same key replaces the earlier one.
"""
_LISTS_OPENING = """\
# Columns of lists

Each section is one list that a shop can keep beside its `shop.yml`; [shop-yml.md](shop-yml.md#lists) describes how. The key
identifies a row: with `add`, a row replaces the project's row of the same key. Required columns must be filled.
"""

_PROFILES_OPENING = """\
# Profiles of exports

A profile maps the headers, units and status words of an export to a feed. A shop that uses it needs two lines in `shop.yml`, and
columns given there replace those of the profile:

```yaml
feeds:
  erp.orders:
    - files: taobao/ExportOrderList*.csv
      profile: taobao_orders
```

`shop360 profiles NAME` shows the columns of a profile with their headers. Several profiles read the same file where the export
has several feeds in it, such as orders and their lines. *Headers from* says how far a layout is confirmed: by real exports, by
programs that read the export, or by the vendor's API reference only. Platforms change their exports: `shop360 land --dry-run`
shows what a file would become, and a header that has another name is added to the column in `shop.yml`.

The encoding is the usual one; landing detects it in any case. [Add a profile](../CONTRIBUTING.md#add-a-profile) describes how
to add one.
"""


def feeds_page() -> str:
    """The columns of every feed of the contract."""
    return "\n".join([_FEEDS_OPENING, *map(_feed, load_contract().values())])


def _feed(feed: Feed) -> str:
    rows = (
        (f"`{column.name}`", _type(column), _yes(column.required), f"{column.zh} · {_sentence(column)}")
        for column in feed.columns.values()
    )  # fmt: skip
    return (
        f"## {feed.code}: {feed.en} · {feed.zh}\n\n{feed.description}\n\n"
        f"Key: {_codes(feed.key)}.\n\n" + _table(("column", "type", "required", "content"), rows)
    )


def profiles_page() -> str:
    """The profiles of every platform."""
    return "\n".join([_PROFILES_OPENING, *(_platform(*one) for one in by_platform().items())])


def _platform(platform: tuple[str, str], listed: Iterable[Profile]) -> str:
    zh, en = platform
    rows = (
        (f"`{one.name}`", f"`{one.feed}`", one.export[0], one.export[1], one.file, SOURCES[one.headers_from][1])
        for one in listed
    )  # fmt: skip
    heads = ("profile", "feed", "导出", "export", "file", "headers from")
    return f"## {en if zh == en else f'{en} · {zh}'}\n\n" + _table(heads, rows)


def _type(column: Column) -> str:
    return ", ".join([column.data_type, *([column.unit] if column.unit else [])])


def _sentence(column: Column) -> str:
    text = column.description
    if column.values:
        text += f" One of {_codes(column.values)}."
    if column.default:
        text += f" Default: `{column.default}`."
    return text


def lists_page() -> str:
    """The columns of every list."""
    described = _described()
    return "\n".join(
        [_LISTS_OPENING, *(_list(one, described[one.name]) for one in contracts().values())]
    )


def _list(one: ListContract, seed: Mapping[str, Any]) -> str:
    texts = {column["name"]: column.get("description", "") for column in seed.get("columns", [])}
    rows = (
        (f"`{name}`", kind, _yes(name in one.required), _value(texts.get(name, ""), one.values.get(name)))
        for name, kind in one.kinds.items()
    )  # fmt: skip
    key = f"Key: {_codes(one.key)}.\n\n" if one.key else ""
    return (
        f"## {one.name}\n\n{_resolved(seed['description'])}\n\n{key}"
        + _table(("column", "type", "required", "content"), rows)
    )  # fmt: skip


def _value(text: str, values: Iterable[str] | None) -> str:
    resolved = _resolved(text)
    return f"{resolved} One of {_codes(map(str, values))}." if values else resolved


def _described() -> dict[str, Mapping[str, Any]]:
    files = sorted((PROJECT / "models" / "seeds").glob("*.yml"))
    return {
        seed["name"]: seed
        for path in files
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    }


def _resolved(text: str) -> str:
    """The text with each `doc('name')` replaced by its entry of the glossary."""
    return re.sub(r"\{\{ doc\('(\w+)'\) \}\}", lambda found: _glossary()[found[1]], text)


def _glossary() -> dict[str, str]:
    return {
        name: " ".join(text.split())
        for path in sorted((PROJECT / "models").glob("*.md"))
        for name, text in re.findall(
            r"\{% docs (\w+) %\}(.*?)\{% enddocs %\}", path.read_text(encoding="utf-8"), re.DOTALL
        )
    }


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _yes(is_required: bool) -> str:
    return "yes" if is_required else ""


def main() -> int:
    """Write the pages."""
    FEEDS.write_text(feeds_page(), encoding="utf-8")
    LISTS.write_text(lists_page(), encoding="utf-8")
    PROFILE_PAGE.write_text(profiles_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
