"""`make release VERSION=1.2.0`: dates the changelog's Unreleased section, sets the version, commits and tags.

Refuses a version that is not newer, an empty Unreleased section, and a checkout with changes.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

PROJECT = Path(__file__).resolve().parents[1]
_GROUPS = ("Breaking", "Added", "Changed", "Fixed")
_VERSION = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)


class NotReleasable(Exception):
    """The release cannot be cut; the text says why."""


def cut(root: Path, version: str, today: str) -> None:
    """Write the changelog and the version of a release dated `today` (YYYY-MM-DD)."""
    project, changelog = root / "pyproject.toml", root / "CHANGELOG.md"
    text = project.read_text(encoding="utf-8")
    found = _VERSION.search(text)
    if found is None:
        raise NotReleasable(f'{project} has no line `version = "…"`.')
    try:
        is_newer = Version(version) > Version(found[1])
    except InvalidVersion as error:
        raise NotReleasable(f"{version!r} is no version; write it as 1.2.0.") from error
    if not is_newer:
        raise NotReleasable(f"Version {version} is not newer than {found[1]}.")
    history = changelog.read_text(encoding="utf-8")
    released = dated(history, version, today)
    changelog.write_text(released, encoding="utf-8")
    project.write_text(_VERSION.sub(f'version = "{version}"', text, count=1), encoding="utf-8")


def dated(history: str, version: str, today: str) -> str:
    """The changelog with its Unreleased section under the version, and an empty one above it."""
    parts = re.split(r"^## Unreleased\n", history, maxsplit=1, flags=re.MULTILINE)
    if len(parts) != 2:
        raise NotReleasable("CHANGELOG.md has no section `## Unreleased`.")
    section = parts[1].split("\n## ")[0]
    groups = re.findall(r"^### (.+)$", section, flags=re.MULTILINE)
    if not re.search(r"^- ", section, flags=re.MULTILINE):
        raise NotReleasable("The section `## Unreleased` of CHANGELOG.md lists nothing.")
    if unknown := sorted(set(groups) - set(_GROUPS)):
        raise NotReleasable(f"Unknown groups in CHANGELOG.md: {unknown}; use {', '.join(_GROUPS)}.")
    return f"{parts[0]}## Unreleased\n\n## {version} - {today}\n{parts[1]}"


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotReleasable(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def main(argv: list[str]) -> int:
    """Cut the release of the version named, commit it and tag it `v<version>`."""
    if len(argv) != 1:
        print("Type `make release VERSION=1.2.0`.", file=sys.stderr)
        return 2
    try:
        if changes := _git("status", "--porcelain"):
            raise NotReleasable(f"Commit or remove these changes first:\n{changes.rstrip()}")
        cut(PROJECT, argv[0], datetime.now(UTC).date().isoformat())
        _git("commit", "--all", "--message", f"Release {argv[0]}")
        _git("tag", "--annotate", f"v{argv[0]}", "--message", f"Release {argv[0]}")
    except NotReleasable as problem:
        print(f"✗ {problem}", file=sys.stderr)
        return 1
    print(f"✓ Released {argv[0]} as the tag v{argv[0]}. Publish it with `git push --follow-tags`.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
