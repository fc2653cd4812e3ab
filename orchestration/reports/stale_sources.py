"""Databases and APIs whose last fetch failed: their feeds are as old as the fetch before."""

from contextlib import suppress
from typing import Any

from orchestration.config.settings import Settings
from orchestration.sources import state


def stale(settings: Settings) -> tuple[dict[str, Any], ...]:
    """By source: when the fetch failed and why, and when the oldest of its parts was fetched."""
    found = []
    # Readers of the release may not look into the private folder.
    with suppress(PermissionError):
        for path in sorted((settings.private / "sources").glob("*.json")):
            known = state.read(settings, path.stem)
            times = [part.fetched_at for part in known.parts.values() if part.fetched_at]
            if known.error:
                found.append(
                    {
                        "source": path.stem,
                        "failed_at": known.error_at,
                        "fetched_at": min(times, default=None),
                        "reason": known.error,
                    }
                )
    return tuple(found)
