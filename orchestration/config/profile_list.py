"""The profiles that come with the project: which export of which platform each reads, for lists and pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.config.mapping import ColumnSpec
from orchestration.config.mapping_check import DESCRIBING, PROFILES
from orchestration.config.yaml_file import read_yaml

SOURCES = {
    "exports": ("实际导出文件", "real exports"),
    "programs": ("解析该导出的程序", "programs that read the export"),
    "reference": ("官方接口文档", "the vendor's API reference"),
}
"""Where the headers of a profile come from, in both languages."""
_SEPARATOR = " · "


@dataclass(frozen=True)
class Profile:
    """One profile; texts of two languages are pairs of Chinese and English."""

    name: str
    feed: str
    source_system: str
    platform: tuple[str, str]
    export: tuple[str, str]
    usual_format: str
    usual_encoding: str
    headers_from: str
    note: str
    """The comment above the profile."""
    columns: Mapping[str, ColumnSpec]
    rules: Mapping[str, Any]
    """Its other keys."""

    @property
    def file(self) -> str:
        """Format and usual encoding, such as `csv GB18030`."""
        return f"{self.usual_format} {self.usual_encoding}".strip()


@cache
def profiles() -> tuple[Profile, ...]:
    """All profiles, by platform in the order of the platforms' names, then by name."""
    found = [_profile(path) for path in PROFILES.glob("*.yml")]
    return tuple(sorted(found, key=lambda one: (one.platform[1].lower(), one.name)))


def by_platform() -> dict[tuple[str, str], list[Profile]]:
    """The profiles of each platform."""
    grouped: dict[tuple[str, str], list[Profile]] = {}
    for profile in profiles():
        grouped.setdefault(profile.platform, []).append(profile)
    return grouped


def _profile(path: Path) -> Profile:
    content = read_yaml(path)
    described = {key: content.pop(key, "") for key in DESCRIBING}
    columns = {
        name: ColumnSpec.model_validate(spec) for name, spec in content.pop("columns").items()
    }
    return Profile(
        path.stem,
        content.pop("feed"),
        content.pop("source_system"),
        _pair(described["platform"]),
        _pair(described["description"]),
        described["usual_format"],
        described["usual_encoding"],
        described["headers_from"],
        _note(path),
        columns,
        content,
    )


def _pair(text: str) -> tuple[str, str]:
    zh, _, en = text.partition(_SEPARATOR)
    return zh, en or zh


def _note(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return " ".join(line.lstrip("# ").rstrip() for line in lines[:first])
