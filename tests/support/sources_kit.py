"""A small shop with sources: the same rows fetched from a server, and landed from csv as the reference."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from landing_kit import LandingShop

from orchestration.config import home
from orchestration.sources.fetch import fetch
from orchestration.sources.results import FetchReport

ORDER = {
    "order_id": "id",
    "status": "status",
    "ordered_at": "ordered_at",
    "paid_amount": "paid",
    "receiver_name": "note",
}
LINE = {"order_id": "order_id", "line_id": "id", "quantity": "n", "paid_amount": "paid"}
HEAD = ["id", "status", "ordered_at", "paid", "note"]
CODE = "import sys; from orchestration.commands.main import app; sys.exit(app())"


def mapping(columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A mapping of the source system `own`, in UTC."""
    return {"source_system": "own", "timezone": "UTC", "columns": columns, **more}


class SourceShop(LandingShop):
    """A shop whose feeds come from sources."""

    def __init__(
        self, folder: Path, sources: dict[str, Any], feeds: dict[str, Any] | None = None
    ) -> None:
        self.sources = sources
        feeds = feeds or {"erp.orders": [mapping(ORDER, **{"from": "db.orders"})]}
        super().__init__(folder, feeds)
        home.make(self.settings)

    def configure(self, feeds: Any, **shop: Any) -> None:
        """Write shop.yml with its sources."""
        super().configure(feeds, **shop)
        content = yaml.safe_load(self.settings.config.read_text(encoding="utf-8"))
        content["sources"] = self.sources
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        self.settings.config.write_text(text, encoding="utf-8")

    def fetch(self, *names: str, **options: Any) -> FetchReport:
        """One fetch in this process."""
        return fetch(self.settings, self.config, names, **options)

    def fetched(self, **options: Any) -> FetchReport:
        """Fetch and land; neither may fail."""
        report = self.fetch(**options)
        assert [source.error for source in report.sources if source.error] == []
        landed = self.land()
        assert [file.error for file in landed.rejected] == []
        return report

    def command(self, *words: str) -> "subprocess.Popen[str]":
        """A command of shop360 on this shop, as a process of its own."""
        places = ["--home", self.settings.home, "--config", self.settings.config]
        return subprocess.Popen(
            [sys.executable, "-c", CODE, *words, *places, "--inbox", self.inbox],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )

    def files(self) -> list[str]:
        """What lies in the inbox, drafts included."""
        paths = (path for path in self.inbox.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.inbox)) for path in paths)

    def holding(self, *secrets: str) -> list[str]:
        """Files of home and inbox that hold one of the texts."""
        paths = {*self.settings.home.rglob("*"), *self.inbox.rglob("*")}
        return [
            str(path)
            for path in sorted(paths)
            if path.is_file() and any(one.encode() in path.read_bytes() for one in secrets)
        ]


def same_as_csv(folder: Path, shop: LandingShop, rows: list[tuple[Any, ...]]) -> None:
    """Assert that raw has what it has if the present rows of the server land from a csv."""
    twin = LandingShop(folder, {"erp.orders": [mapping(ORDER, files="orders.csv")]})
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    twin.put("orders.csv", text.getvalue())
    assert [file.error for file in twin.land().rejected] == []
    found, expected = shop.raw(), twin.raw()
    assert len(found) == len(rows)
    assert found == expected
