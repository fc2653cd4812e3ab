"""Do the pages that shop360 writes ask the internet for anything?"""

import re
from pathlib import Path

import pytest
from shops import Shop

from orchestration.quality.data_docs import make_self_contained, without_tracker

_REQUESTS = re.compile(
    r"""<(?:link|script|img|iframe|source)\b[^>]*?(?:href|src)=["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|url\(\s*["']?((?:https?:)?//[^"')]+)|@import\s+["']((?:https?:)?//[^"']+)"""
    r"""|\.src\s*=\s*["']((?:https?:)?//[^"']+)""",
    re.IGNORECASE,
)


def _requests(page: Path) -> list[str]:
    return ["".join(found) for found in _REQUESTS.findall(page.read_text(encoding="utf-8"))]


def test_data_docs_request_nothing_and_name_every_feed(demo_shop: Shop) -> None:
    folder = demo_shop.home / "private" / "data_docs"
    pages = list(folder.rglob("*.html"))
    assert len(pages) > 20
    assert {page.name: found for page in pages if (found := _requests(page))} == {}
    index = (folder / "index.html").read_text()
    assert "erp.orders" in index
    linked = re.findall(r'href="([^"]+)"', index)
    assert len(linked) > 20 and [link for link in linked if not (folder / link).exists()] == []


@pytest.mark.parametrize(
    "request_",
    [
        '<link rel="stylesheet" href="https://cdn.example/a.css">',
        "<link href='//cdn.example/a.css' rel=stylesheet>",
        '<script src="https://cdn.example/a.js"></script>',
        "<SCRIPT>document.body.src = 'https://cdn.example/a.png'</SCRIPT>",
        '<img class="x" src="https://cdn.example/logo.png?d=1" alt="logo" />',
        "<style>a { background: url('https://cdn.example/a.png') no-repeat }</style>",
    ],
)
def test_a_page_loses_every_way_to_ask_for_more(tmp_path: Path, request_: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<html><head>{request_}</head><body>{request_}<p>kept</p></body></html>")
    assert _requests(page)
    make_self_contained(tmp_path, {"erp.orders": False})
    assert _requests(page) == [] and "<p>kept</p>" in page.read_text()
    assert "Content-Security-Policy" in page.read_text()
    assert "failed" in (tmp_path / "index.html").read_text()


def test_the_dbt_docs_request_nothing(tmp_path: Path) -> None:
    from dbt.task.docs import DOCS_INDEX_FILE_PATH

    page = tmp_path / "static_index.html"
    page.write_bytes(Path(DOCS_INDEX_FILE_PATH).read_bytes())
    assert _requests(page)
    without_tracker(tmp_path)
    assert _requests(page) == []
