"""Which identifiers of the members may be exported, hashed as the platform wants them, and why others may not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orchestration.audience import reasons
from orchestration.audience.phones import Refused, e164
from orchestration.audience.platforms import Rule, virtual_prefixes
from orchestration.audience.steps import hashed, normalised

Digests = dict[str, set[str]]
"""Hashes by kind of identifier."""


@dataclass(frozen=True)
class Carried:
    """One identifier of a member, and what is known of it."""

    customer_id: str
    kind: str
    value: str = field(repr=False)
    is_built: bool
    excluded_reason: str | None
    is_hub: bool
    countries: tuple[str, ...]
    is_granted: bool | None


@dataclass
class Selection:
    """Hashes to export, and how many members and identifiers are left out, by reason."""

    digests: Digests
    members: int = 0
    exported: int = 0
    members_left_out: Counter[str] = field(default_factory=Counter)
    identifiers_left_out: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> dict[str, int]:
        """Number of hashes by kind."""
        return {kind: len(found) for kind, found in self.digests.items()}


def digest(kind: str, value: str, countries: Iterable[str], country: str | None, rule: Rule) -> str:
    """The hash of an identifier in its normal form. Raises Refused where the platform takes no such value."""
    if kind == "phone":
        value = e164(value, countries, country)
        if value.startswith(virtual_prefixes()):
            raise Refused("virtual")
    elif value.endswith("@forgotten.invalid"):
        raise Refused("malformed")
    return hashed(normalised(value, rule.steps), rule.hashes[0])


def select(
    members: Iterable[str],
    carried: Iterable[Carried],
    refused: Iterable[tuple[str, str]],
    rules: Mapping[str, Rule],
    country: str | None,
) -> Selection:
    """Judge every identifier of the members.

    `refused` are kind and value of identifiers that were refused, also those of other customers: two spellings
    with one hash are one identifier for the platform. `country` is that of records that state none.
    """
    selection = Selection({kind: set() for kind in rules})
    barred = _barred(refused, rules, country)
    found: dict[str, set[str]] = {member: set() for member in members}
    exported = set()
    for one in carried:
        if one.kind not in rules:
            continue
        try:
            code = _judge(one, barred, rules[one.kind], country)
        except Refused as refusal:
            found[one.customer_id].add(refusal.reason)
            selection.identifiers_left_out[refusal.reason] += 1
        else:
            selection.digests[one.kind].add(code)
            exported.add(one.customer_id)
    selection.members, selection.exported = len(found), len(exported)
    selection.members_left_out.update(
        reasons.first(why) for member, why in found.items() if member not in exported
    )
    return selection


def _judge(one: Carried, barred: set[str], rule: Rule, country: str | None) -> str:
    """The hash of an identifier that may be exported. Raises Refused with the reason otherwise."""
    if not one.is_built:
        raise Refused("not_built")
    if one.excluded_reason:
        raise Refused(reasons.OF_IDENTITY.get(one.excluded_reason, "malformed"))
    if one.is_granted is False:
        raise Refused("refused")
    if one.is_hub:
        raise Refused("hub")
    if one.is_granted is None:
        raise Refused("no_consent")
    code = digest(one.kind, one.value, one.countries, country, rule)
    if code in barred:
        raise Refused("refused")
    return code


def _barred(
    refused: Iterable[tuple[str, str]], rules: Mapping[str, Rule], country: str | None
) -> set[str]:
    found = set()
    for kind, value in refused:
        if kind in rules:
            try:
                found.add(digest(kind, value, (), country, rules[kind]))
            except Refused:
                continue
    return found
