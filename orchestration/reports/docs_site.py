"""The start page of a home's pages: the report, the tables, the checks, and a picture of each room of models.

Everything is a file below the home and opens without a network.
"""

import json
import os
from html import escape
from pathlib import Path
from typing import Any

from orchestration.config.settings import Settings
from orchestration.reports.lineage import picture, rooms
from orchestration.system.files import write_whole

NAME = "index.html"
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1100px; padding: 20px; color: #17202c; background: #f6f8fa; }
a { color: #14508f; }
h1 { margin: 0 0 4px; }
.card { background: #fff; border: 1px solid #dde3ea; border-radius: 8px; padding: 10px 16px; margin: 10px 0; }
.scroll { overflow-x: auto; }
summary { cursor: pointer; font-weight: 600; }
svg text { font: 11px ui-monospace, monospace; fill: #17202c; }
svg rect { stroke: #9aa7b5; fill: #fff; }
svg .input rect { fill: #eef2f7; }
svg .mart rect { fill: #e2f3f1; stroke: #0b6f6a; }
svg .lines path { fill: none; stroke: #b9c4d0; }
"""


def write_index(settings: Settings) -> Path:
    """Write the start page into the private folder of the home; returns its path.

    Pages that were not written yet are named with the command that writes them.
    """
    manifest = json.loads((settings.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    page = settings.private / NAME
    write_whole(page, _html(settings, manifest))
    return page


def _html(settings: Settings, manifest: dict[str, Any]) -> str:
    links = (
        (settings.page, "Report page · 经营日报", "what happened, for the people who run the shop", "shop360 run"),
        (settings.dbt_target / "static_index.html", "Tables and columns · 表与字段", "every table with its grain, columns, SQL and tests", "shop360 docs"),
        (settings.private / "data_docs" / NAME, "Checks of the exports · 数据检查", "what was expected of each feed, and what was found", "shop360 run"),
    )  # fmt: skip
    cards = "".join(
        f'<div class="card">{_link(settings, path, name, command)}<br>{escape(purpose)}</div>'
        for path, name, purpose, command in links
    )
    pictures = "".join(
        f'<details class="card" id="{escape(room.name.replace("/", "-"))}"><summary>{escape(room.name)}'
        f" ({len(room.models)})</summary>"
        f'<div class="scroll">{picture(room)}</div></details>'
        for room in rooms(manifest)
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>shop360</title>'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>shop360</h1>"
        f"{cards}<h2>Models by topic · 模型谱系</h2>"
        "<p>Grey: what a room reads. White: its models in the order of reading. Green: marts that read it.</p>"
        f"{pictures}</body></html>\n"
    )


def _link(settings: Settings, path: Path, name: str, command: str) -> str:
    if not path.exists():
        return (
            f"<b>{escape(name)}</b> <small>not written yet: <code>{escape(command)}</code></small>"
        )
    return f'<a href="{escape(os.path.relpath(path, settings.private))}"><b>{escape(name)}</b></a>'
