"""Whether proposed mappings land: the files go through a landing that keeps nothing."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.discovery.block import Block
from orchestration.discovery.block_text import text_of
from orchestration.landing.land import land
from orchestration.landing.read.inbox import Delivery
from orchestration.landing.record.report import LandingReport

_SHOP = "shop: {{id: trial, name: {{en: Trial, zh: 试}}, timezone: {zone}, currency: {currency}}}\n"


def try_landing(
    blocks: Sequence[Block], deliveries: Sequence[Delivery], zone: str, currency: str
) -> LandingReport:
    """The report of a landing of the files by the mappings, in a folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="shop360-trial-") as name:
        folder = Path(name)
        for path, target in {d.path: folder / "inbox" / d.name for d in deliveries}.items():
            place = _place(target, path)
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                _linked(path, place)
        config = folder / "shop.yml"
        config.write_text(
            _SHOP.format(zone=zone, currency=currency) + text_of(blocks), encoding="utf-8"
        )
        settings = Settings(folder / "home", config, folder / "inbox")
        return land(settings, load_shop_config(config), dry_run=True)


def _place(target: Path, path: Path) -> Path:
    """Where a file lies in the inbox; the members of an archive are named below it."""
    while target.name != path.name and target.parent != target:
        target = target.parent
    return target


def _linked(path: Path, place: Path) -> None:
    """The same file under another name; a copy where the file systems differ."""
    try:
        os.link(path, place)
    except OSError:
        shutil.copy2(path, place)
