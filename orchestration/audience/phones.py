"""Phone numbers with their country code. A number whose country is not certain is refused, never guessed."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")
_NO_COUNTRY = "+999"
"""The code that no country has; phones of removed persons are replaced by numbers with it."""


class Refused(ValueError):
    """An identifier that is not exported; `reason` is a code of `reasons.py`, the value is not in the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Country:
    """How numbers of a country are dialled; `digits` without country code and trunk prefix."""

    code: str
    calling_code: str
    trunk_prefix: str
    digits: range


@cache
def countries() -> dict[str, Country]:
    """Countries by code and by each of their names, in lower case."""
    found = {}
    with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            digits = range(int(row["min_digits"]), int(row["max_digits"]) + 1)
            country = Country(row["code"], row["calling_code"], row["trunk_prefix"], digits)
            for name in (row["code"], *row["names"].split(";")):
                found[name.lower()] = country
    return found


def e164(value: str, stated: Iterable[str], default: str | None = None) -> str:
    """A number in the normal form of identity resolution as `+<country code><number>`.

    `stated` are the countries of the records that carry the number, `default` is the country of records that
    state none. Raises Refused with `unknown_country` or `malformed`.
    """
    if value.startswith("+"):
        if not _INTERNATIONAL.fullmatch(value):
            raise Refused("malformed")
        if value.startswith(_NO_COUNTRY):
            raise Refused("unknown_country")
        return value
    country = _country(stated, default)
    if country.code != "CN" and _MOBILE.fullmatch(value):
        # The normal form of a Chinese number with +86 looks like this, too.
        raise Refused("unknown_country")
    return f"+{country.calling_code}{_national(value, country)}"


def _country(stated: Iterable[str], default: str | None) -> Country:
    names = {name.strip().lower() for name in stated if name and name.strip()}
    known = {countries().get(name) for name in names or {(default or "").lower()}}
    if len(known) != 1 or (country := known.pop()) is None:
        raise Refused("unknown_country")
    return country


def _national(value: str, country: Country) -> str:
    if not value.isascii() or not value.isdigit():
        raise Refused("malformed")
    if country.code == "CN":
        if not _MOBILE.fullmatch(value):
            raise Refused("malformed")
        return value
    code = country.calling_code
    if value.startswith(code) and len(value) - len(code) in country.digits:
        rest = value[len(code) :]
        # A number that is valid with and without its first digits has two readings.
        if len(value) in country.digits:
            raise Refused("unknown_country")
        return rest
    rest = value.removeprefix(country.trunk_prefix) if country.trunk_prefix else value
    if len(rest) not in country.digits:
        raise Refused("malformed")
    return rest
