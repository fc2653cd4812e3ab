"""Customer ids after a rebuild are those of the days before it, however customers merged and split."""

import csv
import io
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from identity_lab import FEEDS, Lab
from identity_world import month
from landing_kit import SHOP

from orchestration.config.contract import load_contract
from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.engines import sync_history
from orchestration.landing.land import land
from orchestration.landing.record import archive
from orchestration.landing.replay import replay

_SCOPE = ("source_system", "shop_id")


class FileLab(Lab):
    """A lab whose rows arrive as files, one for each feed, source and day."""

    def __init__(self, home: Path) -> None:
        (home / "inbox").mkdir(parents=True)
        super().__init__(home)
        self.shop = replace(self.shop, config=home / "shop.yml")
        self.inbox = home / "inbox"
        self.settings = Settings(home, self.shop.config, self.inbox)
        self.days = 0
        self.mappings: dict[str, list[dict[str, object]]] = {}

    def land_day(self, feeds: Mapping[str, list[dict[str, object]]]) -> None:
        """Write a day's files, those of the days before are taken away, and land them."""
        for old in self.inbox.rglob("*.csv"):
            old.unlink()
        self.days += 1
        for feed in FEEDS:
            by_scope: dict[tuple[object, ...], list[dict[str, object]]] = {}
            for row in feeds.get(feed, []):
                by_scope.setdefault(tuple(row[name] for name in _SCOPE), []).append(row)
            for scope, rows in by_scope.items():
                self._write(feed, scope, rows)
        config = {"shop": {**SHOP, "timezone": "UTC"}, "feeds": self.mappings}
        self.shop.config.write_text(yaml.safe_dump(config, allow_unicode=True))
        report = land(self.settings, load_shop_config(self.shop.config))
        assert [result.error for result in report.files if result.status != "landed"] == []

    def _write(self, feed: str, scope: tuple[object, ...], rows: list[dict[str, object]]) -> None:
        name = f"{feed}.{'.'.join(map(str, scope))}"
        columns = [c for c in load_contract()[feed].columns if c not in _SCOPE]
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        path = self.inbox / f"{name}.{self.days:02d}.csv"
        path.write_text(text.getvalue())
        seconds = 1_767_225_600 + 86_400 * self.days
        os.utime(path, (seconds, seconds))
        mapping: dict[str, object] = {
            "files": f"{name}.*",
            **dict(zip(_SCOPE, scope, strict=True)),
            "columns": {column: column for column in columns},
        }
        if mapping not in self.mappings.setdefault(feed, []):
            self.mappings[feed].append(mapping)

    def rebuild(self, *, kept: bool) -> None:
        """Replay the archive into a new warehouse that takes the place of the old one, and build it."""
        if kept:
            sync_history.keep(self.settings)
        new = replace(self.settings, is_rebuilding=True)
        new.rebuilding.mkdir()
        replay(new, load_shop_config(self.shop.config))
        self.warehouse.unlink()
        new.warehouse.rename(self.warehouse)
        self._dbt("seed")
        sync_history.before_build(self.settings)
        self.build()

    def changes(self) -> list[tuple]:
        """The history of every customer, as readers see it."""
        return self.sql("select * from marts.identity_changes order by all")


@pytest.mark.parametrize(
    "days", [4, pytest.param(15, marks=pytest.mark.thorough)], ids=["days", "weeks"]
)
def test_ids_and_their_history_are_the_same_after_a_rebuild(tmp_path: Path, days: int) -> None:
    lab = FileLab(tmp_path / "home")
    for day in month(people=120, days=days, seed=days, corrected=True):
        lab.land_day(day.feeds)
        lab.build()
    before, history = lab.customers(), lab.changes()
    assert {"born", "grown", "merged"} <= {row[3] for row in history}
    assert len(archive.read(lab.settings).finished) == days
    lab.rebuild(kept=True)
    assert lab.customers() == before
    assert lab.changes() == history
