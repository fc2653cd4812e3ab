"""The rules of each platform, read from `platforms.yml`: which rule of a kind of identifier is valid on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.config.audience_config import Recipient
from orchestration.system.errors import OperatorError


class AudienceError(OperatorError):
    """No audience is exported; the text says why and what to do."""


class AudienceNotSetUp(AudienceError):
    """The section `audience` of shop.yml is missing or incomplete."""

    exit_code = 2


@dataclass(frozen=True)
class Rule:
    """How one kind of identifier is written for one platform; `column` is its header or file name."""

    platform: str
    kind: str
    column: str
    valid_from: date
    steps: tuple[str, ...]
    hashes: tuple[str, ...]
    source: str

    @property
    def version(self) -> str:
        """The name of the rule in the log, such as `meta.phone.2020-01-01.sha256`."""
        return f"{self.platform}.{self.kind}.{self.valid_from}.{self.hashes[0]}"


@dataclass(frozen=True)
class Platform:
    """A platform with the form of its files; `rules` are all versions, in the order of the file.

    `recipients` are the values of `recipient` in crm.consents that mean the platform.
    """

    code: str
    en: str
    zh: str
    minimum: int
    form: str
    max_rows: int
    is_zipped: bool
    max_days: int | None
    recipients: tuple[str, ...]
    rules: tuple[Rule, ...]

    def valid(self, day: date) -> dict[str, Rule]:
        """The newest rule of each kind of identifier that is valid on the day."""
        started = sorted((r for r in self.rules if r.valid_from <= day), key=lambda r: r.valid_from)
        return {rule.kind: rule for rule in started}


def _content() -> dict[str, Any]:
    text = Path(__file__).with_name("platforms.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def _platform(code: str, spec: Mapping[str, Any]) -> Platform:
    rules = [
        Rule(
            code,
            rule["kind"],
            rule["column"],
            rule["valid_from"],
            tuple(rule["steps"]),
            tuple(rule["hash"]),
            rule["source"],
        )
        for rule in spec["rules"]
    ]
    file = spec["file"]
    return Platform(
        code=code,
        en=spec["en"],
        zh=spec["zh"],
        minimum=spec["minimum"],
        form=file["form"],
        max_rows=file["max_rows"],
        is_zipped=file.get("zip", False),
        max_days=spec.get("max_days"),
        recipients=tuple(spec.get("recipients", [code])),
        rules=tuple(rules),
    )


@cache
def platforms() -> dict[str, Platform]:
    """Every platform by its code."""
    return {code: _platform(code, spec) for code, spec in _content()["platforms"].items()}


@cache
def virtual_prefixes() -> tuple[str, ...]:
    """The first digits of numbers of virtual operators, with country code."""
    return tuple(_content()["virtual_prefixes"])


def chosen(platform: Platform, recipient: Recipient, day: date) -> dict[str, Rule]:
    """The rules of an export, by kind. Raises AudienceNotSetUp where shop.yml must choose and does not."""
    found = {}
    for kind, rule in platform.valid(day).items():
        if kind == "phone" and recipient.phone:
            form = {"e164": ("e164",), "no_plus": ("e164", "no_plus")}
            rule = replace(rule, steps=form.get(recipient.phone, (recipient.phone,)))
        if recipient.hash:
            rule = replace(rule, hashes=_hash(platform, rule, recipient.hash))
        if not rule.steps or not rule.hashes:
            raise AudienceNotSetUp(
                f"{platform.code} documents in public neither how phones are written nor how they are hashed "
                f"({rule.source}). State both in shop.yml, for example "
                f"audience: {{recipients: {{{platform.code}: {{phone: china_mobile, hash: sha256}}}}}}."
            )
        found[kind] = rule
    return found


def _hash(platform: Platform, rule: Rule, wanted: str) -> tuple[str, ...]:
    if rule.hashes and wanted not in rule.hashes:
        raise AudienceNotSetUp(
            f"audience.recipients.{platform.code}.hash: {wanted} is not accepted by this platform; "
            f"expected {' or '.join(rule.hashes)}."
        )
    return (wanted,)
