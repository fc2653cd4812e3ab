"""`make book`: writes the list of tags in macros/tag_columns.sql and the tag columns of `customer_tags_current` from the tag catalogue."""

import csv
import json
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
MACRO = Path("macros/tag_columns.sql")
MART = Path("models/marts/value/customer_tags_current.yml")
_PLACES = {
    MACRO: r"(set codes = \[\n)(.*?)(    \] -%\})",
    MART: r"(      - \{name: customer_id,[^\n]*\n)(.*?)(    data_tests:\n)",
}


def catalogue() -> list[dict[str, str]]:
    """The rows of the seed, in its order."""
    path = PROJECT / "seeds" / "tag_catalogue.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def render(path: Path, text: str, tags: Sequence[Mapping[str, str]]) -> str:
    """The file as the catalogue makes it; everything but the generated part stays as it is."""
    generated = _codes(tags) if path == MACRO else _columns(tags)
    new, count = re.subn(
        _PLACES[path],
        lambda found: found[1] + generated + found[3],
        text,
        count=1,
        flags=re.DOTALL,
    )
    if not count:
        raise ValueError(f"{path} has no place for what follows from the tag catalogue")
    return new


def _codes(tags: Sequence[Mapping[str, str]]) -> str:
    listed = ", ".join(f"'{tag['tag_code']}'" for tag in tags)
    return textwrap.fill(listed, 115, initial_indent=" " * 8, subsequent_indent=" " * 8) + "\n"


def _columns(tags: Sequence[Mapping[str, str]]) -> str:
    return "".join(
        f"      - {{name: {tag['tag_code']}, data_type: string, description: {_described(tag)}}}\n"
        for tag in tags
    )


def _described(tag: Mapping[str, str]) -> str:
    text = f"{tag['en']} ({tag['zh']}). {tag['description_en']}."
    return json.dumps(text, ensure_ascii=False)


def outdated(root: Path) -> list[str]:
    """The files that differ from the catalogue."""
    tags = catalogue()
    return [
        str(path)
        for path in _PLACES
        if (text := (root / path).read_text(encoding="utf-8")) != render(path, text, tags)
    ]


def main() -> int:
    """Write both files."""
    tags = catalogue()
    for path in _PLACES:
        file = PROJECT / path
        file.write_text(render(path, file.read_text(encoding="utf-8"), tags), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
