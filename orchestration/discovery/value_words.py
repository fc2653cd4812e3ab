"""Words of status, gender and other lists, and what each is in the contract.

The words are those that the profiles map, and `value_words.yml` for exports without a profile.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from orchestration.config.contract import Column
from orchestration.config.mapping_check import PROFILES
from orchestration.config.yaml_file import read_yaml


@cache
def _listed() -> dict[str, dict[str, list[str]]]:
    """The content of value_words.yml."""
    return yaml.safe_load((Path(__file__).parent / "value_words.yml").read_text(encoding="utf-8"))


def returned(words: Sequence[str]) -> dict[str, str]:
    """The words of an order's status that say that its money went back, with the status of the refund."""
    known = {str(word): value for value, listed in _listed()["returned"].items() for word in listed}
    return {word: known[word.casefold()] for word in words if word.casefold() in known}


@cache
def _known(feed: str, column: str) -> Mapping[str, str]:
    """Words in lower case with their value, by feed and column."""
    found: dict[str, str] = {}
    for path in sorted(PROFILES.glob("*.yml")):
        profile = read_yaml(path)
        spec = profile.get("columns", {}).get(column)
        if profile["feed"] == feed and isinstance(spec, dict):
            words = spec.get("map", {})
            found |= {
                str(word).casefold(): value
                for word, value in words.items()
                if not str(word).isdigit()
            }
    for name in (column, f"{feed}.{column}"):
        for value, words in _listed().get(name, {}).items():
            found |= {str(word).casefold(): value for word in words}
    return found


def mapped(feed: str, column: Column, words: Sequence[str]) -> dict[str, str]:
    """The words whose value is known; words that are the contract's own need no entry."""
    known = _known(feed, column.name)
    return {
        word: known[key]
        for word in words
        if (key := word.strip().casefold()) in known and word not in column.values
    }


def unknown(feed: str, column: Column, words: Sequence[str]) -> list[str]:
    """The words of which nothing is known."""
    known = _known(feed, column.name)
    return [
        word
        for word in words
        if word.casefold() not in known and word.casefold() not in column.values
    ]


def known_share(feed: str, column: Column, words: Sequence[str]) -> float:
    """The share of the words that the contract or the lists know."""
    return 1 - len(unknown(feed, column, words)) / len(words) if words else 0.0
