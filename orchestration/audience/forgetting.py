"""Removed persons: their hashes leave every list of the home, and the log states that a removal is due.

What a platform received stays there until the audience is replaced: the next list of the segment does so.
"""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.audience import files, log
from orchestration.audience.phones import Refused, countries, e164
from orchestration.audience.platforms import platforms
from orchestration.audience.steps import HASHES, hashed, normalised
from orchestration.config.settings import Settings

_FORMS = (("e164",), ("e164", "no_plus"), ("china_mobile",))


@dataclass
class Cleaned:
    """Number of changed files, removals due by segment and platform, and folders outside of the home."""

    files: int = 0
    due: dict[tuple[str, str], int] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)

    @property
    def notes(self) -> list[str]:
        """What the operator must do, for the proof."""
        found = [
            f"{count} identifiers were given to {platform} with the segment {segment}: export it again and "
            "replace the audience there."
            for (segment, platform), count in sorted(self.due.items())
        ]
        found += [
            f"{place}: lists were exported to this folder, which is not a part of this home; delete them there."
            for place in sorted(self.outside)
        ]
        return found


def digests_of(values: Iterable[str]) -> set[str]:
    """Every hash that a list may hold of phones and e-mails, whatever the platform, version and country."""
    steps: dict[str, set[tuple[str, ...]]] = {"phone": set(_FORMS), "email": set()}
    for platform in platforms().values():
        for rule in platform.rules:
            if rule.steps:
                steps[rule.kind].add(rule.steps)
    found = set()
    for value in values:
        kind = "email" if "@" in value else "phone"
        for plain in [value] if kind == "email" else _numbers(value):
            for form in steps[kind]:
                try:
                    text = normalised(plain, form)
                except Refused:
                    continue
                found |= {hashed(text, algorithm) for algorithm in HASHES}
    return found


def _numbers(value: str) -> Iterator[str]:
    """The number in international form, for every country that it may be of."""
    digits = "".join(c for c in value if c in "+0123456789")
    if digits.startswith("+") or len(digits) < 6 or not digits:
        yield from [digits] if digits.startswith("+") else []
        return
    for country in {country.code for country in countries().values()}:
        try:
            yield e164(digits, [country])
        except Refused:
            continue


def clean(settings: Settings, values: Iterable[str]) -> Cleaned:
    """Remove the persons with these values from every list of the home."""
    cleaned, digests = Cleaned(), digests_of(values)
    for place in sorted(files.root(settings).glob("*/*/")):
        segment, platform = place.parent.name, place.name
        held = files.read_uploaded(place)
        left = {kind: found - digests for kind, found in held.items()}
        count = sum(map(len, held.values())) - sum(map(len, left.values()))
        if count:
            log.append(
                settings, "removal_due", segment=segment, platform=platform, identifiers=count
            )
            cleaned.due[segment, platform] = count
            files.write_uploaded(place, left)
            cleaned.outside |= _outside(settings, segment, platform)
        cleaned.files += sum(_without(path, digests) for path in sorted(place.iterdir()))
    return cleaned


def _outside(settings: Settings, segment: str, platform: str) -> set[str]:
    """Folders outside of the home to which the segment was exported for the platform."""
    found = set()
    for entry in log.read(settings):
        if (entry["segment"], entry["platform"]) == (segment, platform):
            paths = [Path(one["path"]) for one in entry.get("files", [])]
            found |= {str(path.parent) for path in paths if path.is_absolute()}
    return found


def _without(path: Path, digests: set[str]) -> bool:
    """Write a list again without lines that hold one of the hashes; whether it held one."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            [name] = packed.namelist()
            text = packed.read(name).decode()
    elif path.suffix in (".csv", ".txt"):
        name, text = path.name, path.read_text(encoding="utf-8")
    else:
        return False
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if digests.isdisjoint(line.strip().split(","))]
    if len(kept) == len(lines):
        return False
    data = "".join(kept).encode()
    files.write_private(path, files.zipped(name, data) if path.suffix == ".zip" else data)
    return True
