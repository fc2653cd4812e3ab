"""How well a header names a column of the contract, from 0 to 1.

The words of a column are its own name and labels, the headers that profiles read for it, and `words.yml`.
"""

from collections.abc import Sequence
from functools import cache

from orchestration.config.contract import Column, Feed, load_contract
from orchestration.config.mapping_check import PROFILES
from orchestration.config.yaml_file import read_yaml
from orchestration.discovery.names import HAN, Header, vocabulary, words_of
from orchestration.landing.read import header_words

_SAYS_ID = ("id", "number", "code", "key", "barcode", "asin", "reference")
_PART = 0.55
"""The score of a header that says less than the phrase: `id` for `customer id`."""


@cache
def _of_profiles() -> dict[tuple[str, str], frozenset[str]]:
    """By feed and column every header that a profile reads for it, in comparable form."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted(PROFILES.glob("*.yml")):
        profile = read_yaml(path)
        for name, spec in profile.get("columns", {}).items():
            headers = spec.get("from", []) if isinstance(spec, dict) else spec
            listed = headers if isinstance(headers, list) else [headers]
            found.setdefault((profile["feed"], name), set()).update(
                header_words.normal(str(header)) for header in listed
            )
    return {key: frozenset(value) for key, value in found.items()}


@cache
def _phrases(feed: str, name: str) -> tuple[tuple[str, ...], ...]:
    column: Column = load_contract()[feed].columns[name]
    listed = vocabulary()["columns"]
    said = [name, column.en, column.zh, *listed.get(name, []), *listed.get(f"{feed}.{name}", [])]
    return tuple(dict.fromkeys(words_of(str(phrase)) for phrase in said))


def likeness(header: Header, feed: Feed, column: str, is_about: bool) -> float:
    """How well a header names a column of a feed; `is_about`: the file's name or headers name the feed.

    A word that many columns are called by says little without such a context.
    """
    if not header.words:
        return 0.0
    vague = all(word in vocabulary()["generic"] for word in header.words)
    phrases = _phrases(feed.code, column)
    ending = next((e for e in vocabulary()["endings"] if column.endswith(e)), "")
    listed = vocabulary()["endings"].get(ending, [])
    is_known = not vague and header_words.normal(header.text) in _of_profiles().get(
        (feed.code, column), ()
    )
    part = _PART if column in feed.key or column == "order_id" or column.endswith("_name") else 0.0
    if (
        part
        and is_about
        and column in (feed.key[2] if len(feed.key) > 2 else "", f"{feed.name[:-1]}_name")
    ):
        part = 0.8
    if header.is_han:
        best = max(
            (_han(header.words[0], p[0], listed) for p in phrases if p and HAN.search(p[0])),
            default=0.0,
        )
    else:
        best = max((_latin(header.words, p, part) for p in phrases), default=0.0)
        if header.bare != header.words:
            bare = max((_latin(header.bare, p, part) for p in phrases), default=0.0)
            vague = vague or all(word in vocabulary()["generic"] for word in header.bare)
            # `prd_name` names a campaign only where the table is about campaigns.
            most = 1.0 if not vague else 0.85 if is_about else 0.3
            best = max(best, 0.97 * min(bare, most))
            vague = False
    if is_known:
        best = max(best, 0.97)
    elif column.endswith("_id") and not header.is_han and header.words[-1] not in _SAYS_ID:
        best *= 0.93
    return min(best, 0.85 if is_about else 0.6) if vague else best


def _latin(words: tuple[str, ...], phrase: tuple[str, ...], part: float) -> float:
    if not words or not phrase:
        return 0.0
    have, want = set(words), set(phrase)
    if have == want:
        return 1.0
    fillers = set(vocabulary()["fillers"])
    if want < have:
        extra = have - want - fillers
        head = next((word for word in reversed(words) if word not in fillers), words[-1])
        if head not in want or (want <= set(vocabulary()["generic"]) and extra):
            return 0.0
        return max(
            0.92 - 0.14 * len(extra) - 0.3 * len(extra & set(vocabulary()["modifiers"])), 0.0
        )
    if have < want and words[-1] in vocabulary()["generic"]:
        return part
    return 0.0


def _han(text: str, phrase: str, endings: Sequence[str]) -> float:
    if text == phrase:
        return 1.0
    if any(word in text and word not in phrase for word in vocabulary()["modifiers"]):
        return 0.0
    if phrase in text and len(phrase) > 1:
        rest = text.replace(phrase, "", 1)
        if rest in vocabulary()["fillers"] or rest in endings:
            return 0.92
        return (
            max(0.92 - 0.07 * len(rest), 0.5) if len(phrase) > 2 and text.endswith(phrase) else 0.0
        )
    if text in phrase and len(text) > 1 and text not in vocabulary()["generic"]:
        return _PART
    pairs, wanted = _pairs(text), _pairs(phrase)
    common = len(pairs & wanted)
    dice = 2 * common / (len(pairs) + len(wanted)) if pairs and wanted else 0.0
    return 0.6 * dice if dice >= 0.66 and text[-1] == phrase[-1] else 0.0


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
