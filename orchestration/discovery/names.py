"""Headers as words: split, abbreviations spelled out, the prefix of a table apart."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from orchestration.config.contract import load_contract
from orchestration.landing.read import currency_words

HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


@dataclass(frozen=True)
class Header:
    """A header as words; `bare` is it without the prefix that all headers of its table share."""

    text: str
    words: tuple[str, ...]
    bare: tuple[str, ...]
    is_han: bool


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """The content of words.yml."""
    return yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=65_536)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a header, abbreviations spelled out; a Chinese header is one word."""
    plain = unicodedata.normalize("NFKC", _BRACKETS.sub(" ", text)).strip() or text
    if HAN.search(plain):
        return (re.sub(r"[\s_/:：、.-]+", "", plain).casefold(),)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", bare)
    parts = [
        piece for part in re.findall(r"[a-z]+|[0-9]+", split.casefold()) for piece in _pieces(part)
    ]
    spelled = vocabulary()["abbreviations"]
    joined = "".join(parts)
    found = [joined] if joined in spelled and len(parts) > 1 else parts
    return tuple(word for part in found for word in str(spelled.get(part, part)).split())


def _pieces(part: str) -> list[str]:
    """`visitorid` is visitor and id: an ending that headers have, behind a word that columns have."""
    if part in _stems():
        return [part]
    for ending in (
        "id",
        "name",
        "date",
        "time",
        "number",
        "code",
        "amount",
        "price",
        "type",
        "status",
    ):
        stem = part.removesuffix(ending)
        if (
            stem != part
            and len(stem) > 2
            and stem in _stems()
            and part not in vocabulary()["abbreviations"]
        ):
            return [stem, ending]
    return [part]


@cache
def _stems() -> frozenset[str]:
    """The Latin words of columns and abbreviations."""
    phrases = [str(p) for listed in vocabulary()["columns"].values() for p in listed]
    words = {word for phrase in phrases for word in re.findall("[a-z]+", phrase)}
    return frozenset(words | {str(word) for word in vocabulary()["abbreviations"]})


def headers_of(texts: Sequence[str]) -> list[Header]:
    """The headers of one table, each with and without the prefix that most of them share."""
    split = [words_of(text) for text in texts]
    firsts = [words[0] for words in split if len(words) > 1 and not HAN.search(words[0])]
    prefix = max(set(firsts), key=firsts.count) if firsts else ""
    shares = firsts.count(prefix) >= max(3, 0.6 * len(texts))
    return [
        Header(
            text,
            words,
            words[1:] if shares and len(words) > 1 and words[0] == prefix else words,
            bool(words and HAN.search(words[0])),
        )
        for text, words in zip(texts, split, strict=True)
    ]


def is_word_of_headers(text: str) -> bool:
    """Whether every word of a cell occurs in the names of columns."""
    words = words_of(text)
    return bool(words) and len(text) <= 40 and all(word in _all_words() for word in words)


@cache
def _all_words() -> frozenset[str]:
    phrases = [p for listed in vocabulary()["columns"].values() for p in listed]
    phrases += [
        column.name for feed in load_contract().values() for column in feed.columns.values()
    ]
    return frozenset(word for phrase in phrases for word in words_of(phrase))


def is_inverted(header: str) -> bool:
    """Whether a header states the reverse of what the contract's column states."""
    return any(word in vocabulary()["inverted"] for word in words_of(header))


def currency_of(headers: Sequence[str]) -> str | None:
    """The one currency that headers name, if any."""
    codes = {code for header in headers if (code := currency_words.of_header(header))}
    known = currency_words.SIGNS | {"元": "CNY", "¥": "CNY", "$": "USD", "£": "GBP"}
    named = {known.get(code, code) for code in codes}
    return named.pop() if len(named) == 1 else None
