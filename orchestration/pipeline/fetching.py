"""Fetching before a run: once, whether the command or the asset of the job does it."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config

if TYPE_CHECKING:
    from orchestration.sources.results import FetchReport

_done: list["FetchReport"] = []


@contextmanager
def already_fetched(report: "FetchReport | None") -> Generator[None, None, None]:
    """Within the block the asset takes this report and fetches nothing: the command has fetched."""
    _done.extend([report] if report else [])
    try:
        yield
    finally:
        _done.clear()


def done() -> "FetchReport | None":
    """What the command of this process has fetched for the run."""
    return _done[0] if _done else None


def has_sources(settings: Settings) -> bool:
    """Whether something can have changed without a new file in the inbox."""
    return bool(load_shop_config(settings.config).sources)


def fetch_all(settings: Settings) -> "FetchReport | None":
    """Fetch every source of shop.yml; None where it has none."""
    config = load_shop_config(settings.config)
    if not config.sources or settings.is_rebuilding:
        return None
    from orchestration.sources.fetch import fetch

    return fetch(settings, config)
