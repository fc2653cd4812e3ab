"""The page as one HTML file: styles, scripts and data inside, and a policy that allows nothing else.

The browser draws the blocks from the data. The file also has the eight figures as HTML, for readers and programs
that run no scripts.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from orchestration.page.numbers import figure_text

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    "prelude", "texts", "numbers", "page", "cards", "attention", "trend", "shops", "tables",
    "promotions", "stock", "sources", "start",
)  # fmt: skip
"""The scripts of the page in the order in which they run, as one."""


def page_html(data: Mapping[str, Any], language: str, colours: str) -> str:
    """The file: `language` is what readers see first, `colours` what colours state (`page` of shop.yml)."""
    style = (ASSETS / "page.css").read_text(encoding="utf-8")
    charts = (ASSETS / "echarts.min.js").read_text(encoding="utf-8")
    parts = [(ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS]
    script = '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(charts)} {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    settings = {"language": language, "colours": colours}
    return "".join(
        (
            f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f"<title>{escape(data['shop'][language])} {escape(data['shop']['data_until_on'])}</title>\n",
            f"<style>{style}</style>\n</head>\n<body>\n",
            f'<div class="bar-top"><header>{_head(data, language)}</header></div>\n',
            f"<main>{_figures(data, language)}</main>\n",
            f'<script id="settings" type="application/json">{_json(settings)}</script>\n',
            f'<script id="data" type="application/json">{_json(data)}</script>\n',
            f"<script>{charts}</script>\n<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(value: Any) -> str:
    """JSON that no script element can end and no parser of HTML can misread."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _head(data: Mapping[str, Any], language: str) -> str:
    until, zone = data["shop"]["data_until_on"], data["shop"]["timezone"]
    words = f"数据截至 {until} 24:00" if language == "zh" else f"Data until {until} 24:00"
    return f'<h1>{escape(data["shop"][language])}</h1><p class="stamp">{words} ({escape(zone)})</p>'


def _figures(data: Mapping[str, Any], language: str) -> str:
    """The eight figures of the last day, or why one is unknown."""
    shown = data["latest"]["complete"]["day"].get("all", {})
    cells = []
    for kpi in data["cards"]:
        about, found = data["kpis"][kpi], shown.get(kpi, {})
        text = figure_text(
            found.get("value"), about["unit"], language, str(data["shop"]["currency"])
        )
        reason = data["texts"][found["reason"]][language == "en"] if "reason" in found else ""
        cells.append(
            f'<article class="kpi"><h3>{escape(about[language])}</h3><div class="value">{escape(text)}</div>'
            f'<p class="note">{escape(reason)}</p></article>'
        )
    return f'<div class="kpis">{"".join(cells)}</div>'
