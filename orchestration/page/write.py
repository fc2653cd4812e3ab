"""Writes the page into the folder of a release and checks it; a page that fails its check is not released.

The database is then released without a page, and `page_problem.txt` has the reason.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.config.shop_config import Page
from orchestration.page.data import page_data
from orchestration.page.figures import CARDS
from orchestration.page.html import page_html
from orchestration.system.files import sync
from orchestration.system.masking import masked

NAME = "page.html"
_PROBLEM = "page_problem.txt"
_MOST_BYTES = 1_500_000
# Shops on the page; fewer where the file would be too large.
_SHOPS = (12, 6, 2)
_REQUEST = re.compile(
    r"<(?:link|img|iframe|object|embed|source)\b|<script[^>]*\ssrc|@import|url\(", re.I
)


class PageProblem(RuntimeError):
    """The page is wrong; the text says what."""


def write_page(released: Path, folder: Path, generation: str, page: Page) -> None:
    """Write the page of a finished release into its folder, or the reason why it has none."""
    try:
        html = checked_page(released, generation, datetime.now(UTC), page)
    except (PageProblem, duckdb.Error, LookupError, ValueError) as error:
        problem = str(error).strip().splitlines()[0] if str(error).strip() else ""
        _write(folder / _PROBLEM, f"{type(error).__name__}: {problem}\n")
        return
    _write(folder / NAME, html)


def problem(folder: Path) -> str | None:
    """Why the release in this folder has no page; None where it has one."""
    if (folder / NAME).exists():
        return None
    path = folder / _PROBLEM
    text = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    return text or "the release is older than the page"


def copy_page(page: Path, folder: Path) -> Path:
    """Write a copy of a released page into a folder, named after the shop and its last day; returns the copy."""
    with duckdb.connect(str(page.with_name("shop360.duckdb")), read_only=True) as con:
        [(shop, until)] = con.execute("select shop_id, data_until_on from meta.shop").fetchall()
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]", "_", shop)
    copy = folder / f"{name}-{until}.html"
    copy.write_bytes(page.read_bytes())
    return copy


def checked_page(released: Path, generation: str, released_at: datetime, page: Page) -> str:
    """The HTML of a release; raises PageProblem where it fails its check."""
    for most in _SHOPS:
        data = page_data(released, generation, released_at, most)
        html = page_html(data, page.language, page.colours)
        if len(html.encode()) <= _MOST_BYTES:
            break
    _check(html, data, released)
    return html


def _check(html: str, data: dict[str, Any], released: Path) -> None:
    if (size := len(html.encode())) > _MOST_BYTES:
        raise PageProblem(f"the page has {size:,} bytes, more than {_MOST_BYTES:,}")
    if found := _REQUEST.search(html.partition("<script id=")[0]):
        raise PageProblem(f"the page would request a file: {found[0]}")
    for place, text in _texts(data, ""):
        if masked(text) != text:
            raise PageProblem(f"{place} looks like personal data")
    with duckdb.connect(str(released), read_only=True) as con:
        for kpi in CARDS:
            _check_card(con, data, kpi)


def _check_card(con: duckdb.DuckDBPyConnection, data: dict[str, Any], kpi: str) -> None:
    """The card of the last day states the value of the mart."""
    shown = data["latest"]["complete"]["day"].get("all", {}).get(kpi, {}).get("value")
    until = data["shop"]["data_until_on"]
    row = con.execute(
        """select value from marts.kpi_values
           where kpi_code = ? and period = 'day' and period_start_on = ? and shop_id = 'all' and dimension = 'all'""",
        [kpi, until],
    ).fetchone()
    value = row[0] if row else None
    is_equal = value is None if shown is None else value is not None and _is_close(shown, value)
    if not is_equal:
        raise PageProblem(f"{kpi} of {until} is {value} in marts.kpi_values, {shown} on the page")


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))


def _texts(value: Any, place: str) -> list[tuple[str, str]]:
    """All texts of a document with their places."""
    if isinstance(value, str):
        return [(place, value)]
    if isinstance(value, dict):
        return [text for name, part in value.items() for text in _texts(part, f"{place}.{name}")]
    if isinstance(value, list | tuple):
        return [
            text for number, part in enumerate(value) for text in _texts(part, f"{place}[{number}]")
        ]
    return []


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o444)
    sync(path)
