"""The steps from a plain identifier to the text that a platform compares, and its hash."""

import hashlib
import re
from collections.abc import Callable, Sequence

from orchestration.audience.phones import Refused

_GMAIL = ("gmail.com", "googlemail.com")
_CHINA = re.compile(r"\+86(1[3-9][0-9]{9})")


def _e164(value: str) -> str:
    return value


def _no_plus(value: str) -> str:
    return value.removeprefix("+")


def _china_mobile(value: str) -> str:
    found = _CHINA.fullmatch(value)
    if found is None:
        raise Refused("unsupported_country")
    return found[1]


def _lower_trim(value: str) -> str:
    return value.strip().lower()


def _drop_tag(value: str) -> str:
    name, _, domain = value.rpartition("@")
    return f"{_untagged(name)}@{domain}"


def _gmail(value: str) -> str:
    name, _, domain = value.rpartition("@")
    return f"{_untagged(name).replace('.', '')}@{domain}" if domain in _GMAIL else value


def _untagged(name: str) -> str:
    found = name.partition("+")[0]
    if not found:
        raise Refused("malformed")
    return found


STEPS: dict[str, Callable[[str], str]] = {
    "e164": _e164,
    "no_plus": _no_plus,
    "china_mobile": _china_mobile,
    "lower_trim": _lower_trim,
    "gmail": _gmail,
    "drop_tag": _drop_tag,
}
"""Phones enter as E.164, e-mails as the source wrote them."""

HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {
    "sha256": hashlib.sha256,
    "md5": hashlib.md5,
}


def normalised(value: str, steps: Sequence[str]) -> str:
    """The text that is hashed. Raises Refused where the platform takes no such identifier."""
    for step in steps:
        value = STEPS[step](value)
    return value


def hashed(text: str, algorithm: str) -> str:
    """The hash as lower-case hexadecimal digits, without a salt: platforms compare it with their own."""
    return HASHES[algorithm](text.encode()).hexdigest()
