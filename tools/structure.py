"""How the project is built, in figures, and the rules that its structure follows.

`python -m tools.structure` prints the figures. Each rule is a function that returns its offences, so that
a test can show it failing on a planted one. The models are read from dbt's manifest.
"""

import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.reports.lineage import TOPICS

PROJECT = Path(__file__).resolve().parents[1]
FORBIDDEN = (
    "anew", "betoken", "betokens", "cries", "heretofore", "hereby", "hither", "hitherto", "lest",
    "naught", "nobody", "oft", "somebody", "thence", "thereof", "thither", "whence", "wherefore",
    "wherein", "whither", "whoever", "whom", "whomever", "whosoever",
)  # fmt: skip
"""Words that never belong in the project's prose; docs/style.md explains them."""
PERSONIFYING = (
    "born",
    "cry",
    "dead",
    "dies",
    "heard",
    "hears",
    "speak",
    "speaks",
    "tell",
    "tells",
    "told",
)
"""Verbs of persons; they are counted with the forbidden words and not rejected."""
_QUOTING = ("docs/style.md", "tools/structure.py")
"""Files that quote the words."""
_PROSE = ("*.md", "*.sql", "*.yml", "*.py")
_ROOMS = ("bench", "docs", "macros", "models", "orchestration", "questions", "tests", "tools")


class Models:
    """The models of a manifest, with what each reads."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.manifest = manifest
        self.nodes = {
            name: node
            for name, node in manifest["nodes"].items()
            if node["resource_type"] == "model"
        }

    def parents(self, name: str) -> list[str]:
        """The models that a model reads."""
        return [
            parent for parent in self.nodes[name]["depends_on"]["nodes"] if parent in self.nodes
        ]

    def folders(self, name: str) -> tuple[str, ...]:
        """The folders of a model below `models/`: its layer, then its topic or question, then its room."""
        return Path(self.nodes[name]["original_file_path"]).parts[1:-1]

    def edges(self) -> Iterator[tuple[str, str]]:
        """Every model with each model that it reads."""
        for name in self.nodes:
            for parent in self.parents(name):
                yield name, parent

    def label(self, name: str) -> str:
        """The name that people use."""
        return self.nodes[name]["name"]

    def depths(self) -> dict[str, int]:
        """How many models a model stands on, itself included, along the longest chain."""

        @cache
        def depth(name: str) -> int:
            return 1 + max(map(depth, self.parents(name)), default=0)

        return {name: depth(name) for name in self.nodes}


def wrong_directions(manifest: Mapping[str, Any]) -> list[str]:
    """Models outside the marts that read a mart, and models that read a later topic."""
    models = Models(manifest)
    found = []
    for name, parent in models.edges():
        (layer, *topic), (parent_layer, *parent_topic) = (
            models.folders(name),
            models.folders(parent),
        )
        label, read = models.label(name), models.label(parent)
        if parent_layer == "marts" and layer != "marts":
            found.append(f"{label} reads the mart {read}")
        elif layer == parent_layer == "intermediate" and _is_later(parent_topic[0], topic[0]):
            found.append(
                f"{label} ({topic[0]}) reads {read} of the later or unknown topic {parent_topic[0]}"
            )
        elif layer == "staging" and parent_layer == "intermediate":
            found.append(f"{label} reads {read} of a later layer")
    return found


def _is_later(read: str, topic: str) -> bool:
    if read == topic:
        return False
    return not {read, topic} <= set(TOPICS) or TOPICS.index(read) > TOPICS.index(topic)


def headers_that_differ(manifest: Mapping[str, Any]) -> list[str]:
    """Models whose opening comment is not the description in their yml."""
    models = Models(manifest)
    return [
        f"{models.label(name)}: header {header(node['raw_code'])!r}, description {node['description']!r}"
        for name, node in models.nodes.items()
        if header(node["raw_code"]) != " ".join(node["description"].split())
    ]


def header(sql: str) -> str:
    """The comment that opens a model; a line `-- depends_on:` belongs to dbt."""
    lines = []
    for line in sql.strip().splitlines():
        if not line.startswith("--") or line.startswith(("-- depends_on", "-- noqa")):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def missing_keys(manifest: Mapping[str, Any]) -> list[str]:
    """Intermediate models that another model reads and whose yml names no primary key.

    A model whose rows may repeat says so with `rows_may_repeat` in its meta.
    """
    models = Models(manifest)
    read = {parent for _, parent in models.edges()}
    return [
        models.label(name)
        for name in sorted(read)
        if models.folders(name)[0] == "intermediate"
        and not primary_key(models.nodes[name])
        and not models.nodes[name]["config"].get("meta", {}).get("rows_may_repeat")
    ]


def primary_key(node: Mapping[str, Any]) -> list[str]:
    """The columns that identify a row of a model, as its yml names them."""
    return node["config"].get("meta", {}).get("primary_key", [])


def forbidden_words(root: Path, words: tuple[str, ...] = FORBIDDEN) -> list[str]:
    """File, line and word of each word of the list in code, comments and docs."""
    pattern = re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE)
    return [
        f"{path.relative_to(root)}:{number}: {match[0]}"
        for path in _prose_files(root)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def _prose_files(root: Path) -> list[Path]:
    rooms = [path for room in _ROOMS for kind in _PROSE for path in (root / room).rglob(kind)]
    files = rooms + [path for path in root.glob("*.md") if path.name != "CHANGELOG.md"]
    quoting = {root / name for name in _QUOTING}
    return sorted(path for path in files if path not in quoting and "target" not in path.parts)


def test_names(root: Path) -> list[str]:
    """The names of all pytest functions."""
    pattern = re.compile(r"^\s*def (test_\w+)", re.MULTILINE)
    files = sorted((root / "tests" / "pipeline").glob("test_*.py"))
    return [name for path in files for name in pattern.findall(path.read_text())]


def figures(manifest: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """The structure in figures: models, lines, depths, topics, flat files and words."""
    models = Models(manifest)
    lines = sorted(len(node["raw_code"].strip().splitlines()) for node in models.nodes.values())
    topics = Counter(
        "/".join(models.folders(name)[:2])
        for name in models.nodes
        if models.folders(name)[0] != "marts"
    )
    depths = models.depths()
    words = sum(len(re.findall(r"[A-Za-z']+", path.read_text())) for path in _prose_files(root))
    counted = forbidden_words(root, FORBIDDEN + PERSONIFYING)
    return {
        "models": len(models.nodes),
        "lines": {
            "median": statistics.median(lines),
            "p90": lines[int(len(lines) * 0.9)],
            "max": lines[-1],
        },
        "depth_of_marts": {
            models.label(name): depths[name]
            for name in sorted(models.nodes, key=depths.__getitem__)
            if models.folders(name)[0] == "marts"
        },
        "models_per_topic": dict(sorted(topics.items())),
        "wrong_directions": len(wrong_directions(manifest)),
        "flat_files_of_the_package": len(list((root / "orchestration").glob("*.py"))),
        "words_to_avoid_per_thousand": round(1000 * len(counted) / words, 2),
    }


def main(argv: list[str]) -> int:
    """Print the figures of a manifest; without an argument, that of `make check`."""
    path = Path(argv[0]) if argv else PROJECT / "target" / "manifest.json"
    if not path.exists():
        print(f"{path} is missing: run `make check`, or name a manifest.json", file=sys.stderr)
        return 2
    print(json.dumps(figures(json.loads(path.read_text()), PROJECT), indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
