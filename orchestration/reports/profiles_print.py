"""What `shop360 profiles` prints: the list by platform, and one profile with its columns and its use in shop.yml."""

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from orchestration.config.hints import full_command
from orchestration.config.mapping import ColumnSpec, Lookup
from orchestration.config.profile_list import SOURCES, Profile, by_platform
from orchestration.terminal.console import console
from orchestration.terminal.tables import print_table

_WIDTH = 80


def facts(profile: Profile) -> dict[str, Any]:
    """A profile for other programs."""
    return {
        "name": profile.name,
        "feed": profile.feed,
        "source_system": profile.source_system,
        "platform_zh": profile.platform[0],
        "platform_en": profile.platform[1],
        "export_zh": profile.export[0],
        "export_en": profile.export[1],
        "format": profile.usual_format,
        "encoding": profile.usual_encoding or None,
        "headers_from": profile.headers_from,
        "note": profile.note,
        "columns": {name: how(spec) for name, spec in profile.columns.items()},
    }


def print_profiles() -> None:
    """The profiles of each platform: name, feed, file, and which export it reads."""
    for (zh, en), listed in by_platform().items():
        console.print(f"[bold]{en if zh == en else f'{zh} · {en}'}[/]", soft_wrap=True)
        for one in listed:
            console.print(f"  {one.name:<26} {one.feed:<18} {one.file}".rstrip(), soft_wrap=True)
            _print_wrapped(_both(one.export), indent=4)
    command = full_command("profiles NAME")
    console.print(f"\n{command}\nshows the columns of a profile and how to use it.", soft_wrap=True)


def print_profile(profile: Profile) -> None:
    """One profile: what it reads, its columns, and the lines of shop.yml that use it."""
    _print_wrapped(_both(profile.export), indent=0)
    source = SOURCES[profile.headers_from][1]
    rows = [
        ("profile", profile.name),
        ("feed", profile.feed),
        ("platform", _both(profile.platform)),
        ("file", profile.file),
        ("headers from", source),
        *((key, _shown(value)) for key, value in profile.rules.items() if key != "repairs"),
    ]
    print_table(["", ""], rows)
    console.print()
    _print_wrapped(profile.note, indent=0)
    console.print()
    print_table(
        ["column", "header or value"], [(name, how(spec)) for name, spec in profile.columns.items()]
    )
    console.print(f"\n[bold]shop.yml[/]\n{_example(profile)}", soft_wrap=True, highlight=False)
    command = full_command("land --dry-run")
    console.print(f"{command}\nshows what would land.", soft_wrap=True)


def how(spec: ColumnSpec) -> str:
    """Where a column comes from, in a line."""
    if spec.const is not None:
        return f"always {spec.const}"
    if spec.file_name:
        return f"name of the file: {spec.file_name}"
    if spec.join:
        text = " + ".join(spec.join)
    elif spec.hash_of:
        text = f"hash of {', '.join(spec.hash_of)}"
    else:
        text = " | ".join(spec.headers)
    facts = [spec.unit or "", f"× {spec.factor}" if spec.factor is not None else ""]
    if spec.map is not None:
        facts.append("looked up" if isinstance(spec.map, Lookup) else f"{len(spec.map)} words")
    known = ", ".join(filter(None, [*facts, *spec.format]))
    return f"{text} ({known})" if known else text


def _example(profile: Profile) -> str:
    suffix = profile.usual_format
    return (
        f"feeds:\n  {profile.feed}:\n    - files: {profile.name}/*.{suffix}\n"
        f"      profile: {profile.name}"
    )


def _both(pair: tuple[str, str]) -> str:
    return pair[1] if pair[0] == pair[1] else f"{pair[0]} · {pair[1]}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(one)}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)


def _print_wrapped(text: str, indent: int) -> None:
    for line in Text(text).wrap(console, _WIDTH - indent, overflow="fold"):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)
