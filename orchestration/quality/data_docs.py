"""The Data Docs of Great Expectations as pages that ask the internet for nothing.

Great Expectations writes pages that load their style and scripts from other hosts, and an index
that is empty without them. Here both go: the pages get one style sheet of ours, the index is a table.
"""

import html
import re
from collections.abc import Mapping
from pathlib import Path

_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
_FOOTER = re.compile(r"<footer\b.*?</footer>", re.DOTALL | re.IGNORECASE)
_REMOTE_LINK = re.compile(r"""<link\b[^>]*href=["']?(?:https?:)?//[^>]*>""", re.IGNORECASE)
_REMOTE_IMAGE = re.compile(r"""<img\b[^>]*src=["']?(?:https?:)?//[^>]*>""", re.IGNORECASE)
_REMOTE_URL = re.compile(r"""url\(\s*["']?(?:https?:)?//[^)]*\)""", re.IGNORECASE)
_TRACKER = re.compile(r'"//[a-z0-9]+\.cloudfront\.net/[^"]*"')

_HEAD = """\
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
* { box-sizing: border-box }
body { margin: 0; color: #222; background: #fff; font: 14px/1.5 system-ui, sans-serif }
a { color: #0b5cad; text-decoration: none } a:hover { text-decoration: underline }
nav ol, nav ul { list-style: none; margin: 0; padding: 0 } nav ol li { display: inline }
nav ol li + li::before { content: " / " } .navbar { padding: 12px 24px }
.container-fluid > .row { display: flex; gap: 24px; padding: 0 24px; flex-wrap: wrap }
.col-lg-2 { flex: 0 0 200px } .col-lg-10 { flex: 1; min-width: 300px }
.row .row, .ge-section .row { display: block; padding: 0 }
.alert { padding: 8px 12px; margin: 16px 0 8px; background: #eef1f4; border-radius: 4px }
h4, h5, h6 { margin: 0; font-size: 15px } .h6 { font-weight: 600 } p { margin: 4px 0 }
table { border-collapse: collapse; width: 100%; margin: 8px 0 }
th, td { padding: 6px 10px; border: 1px solid #d5dadf; text-align: left; vertical-align: top }
th { background: #f6f7f9 } td { overflow-wrap: anywhere }
.code-snippet { padding: 8px; background: #f2f2f2 } .badge { padding: 0 6px; background: #dde6f0 }
.fa-check-circle::before { content: "✓"; color: #12803c }
.fa-times::before { content: "✗"; color: #c0271d }
.fa-exclamation-triangle::before { content: "!"; color: #b36b00 }
i[class^="fa"], i[class*=" fa"] { font-style: normal; font-weight: 700 }
[data-toggle="collapse"], .modal, .btn, .btn-group, .card.mb-3, .cooltip .top { display: none !important }
</style>
"""


def make_self_contained(folder: Path, passed: Mapping[str, bool]) -> None:
    """Rewrite every page below the folder, and the index; `passed` says how each feed ended."""
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if _HEAD not in page:
            path.write_text(_self_contained(page), encoding="utf-8")
    (folder / "index.html").write_text(_index(folder, passed), encoding="utf-8")


def without_tracker(folder: Path) -> None:
    """Take the address of dbt's tracker out of the pages of `dbt docs generate`."""
    for path in folder.glob("*index.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(_TRACKER.sub('"data:,"', page), encoding="utf-8")


def _self_contained(page: str) -> str:
    for gone in (_SCRIPT, _FOOTER, _REMOTE_LINK):
        page = gone.sub("", page)
    page = _REMOTE_IMAGE.sub("Data Docs", page)
    page = _REMOTE_URL.sub("none", page)
    return page.replace("</head>", f"{_HEAD}</head>", 1)


def _index(folder: Path, passed: Mapping[str, bool]) -> str:
    rows = []
    for feed, is_passed in passed.items():
        system, _, name = feed.partition(".")
        results = sorted((folder / "validations" / system / name).rglob("*.html"))
        suite = f"expectations/{system}/{name}.html"
        icon = "fa-check-circle" if is_passed else "fa-times"
        word = "passed" if is_passed else "failed"
        last = results[-1].relative_to(folder).as_posix() if results else suite
        rows.append(
            f'<tr><td>{html.escape(feed)}</td><td><i class="fas {icon}"></i> {word}</td>'
            f'<td><a href="{html.escape(last)}">results</a></td>'
            f'<td><a href="{suite}">expectations</a></td></tr>'
        )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8">'
        f"<title>shop360: checks of raw</title>\n{_HEAD}</head>\n"
        '<body><div class="navbar"><h4>Checks of the raw feeds, last run</h4>\n'
        "<table><tr><th>feed</th><th>status</th><th>last results</th><th>suite</th></tr>\n"
        + "\n".join(rows)
        + "</table></div></body></html>\n"
    )
