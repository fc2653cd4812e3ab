"""The start page of a home: its links lead to files, its pictures show every model and every reading."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from page_reader import View, chromium
from shops import Shop

from orchestration.config.settings import load_settings
from orchestration.reports.lineage import Room, _places, picture, rooms


@pytest.fixture(scope="module")
def drawn(demo_shop: Shop) -> tuple[dict, list[Room]]:
    path = load_settings(home=demo_shop.home).dbt_target / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest, rooms(manifest)


def test_every_model_is_in_the_picture_of_its_room(drawn: tuple[dict, list[Room]]) -> None:
    manifest, found = drawn
    models = {
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["original_file_path"].startswith("models/intermediate/")
    }
    assert len(models) > 200
    assert sorted(key for room in found for key in room.models) == sorted(models)
    for room in found:
        svg = picture(room)
        assert svg.count("<rect") == len(room.models | room.inputs | room.marts)
        assert svg.count("<path") == len(room.edges)


def test_boxes_do_not_overlap_and_readings_go_right(drawn: tuple[dict, list[Room]]) -> None:
    for room in drawn[1]:
        places, sizes, width, height = _places(room)
        for one, other in combinations(places, 2):
            (x, y), (u, v) = places[one], places[other]
            apart = x + sizes[one] <= u or u + sizes[other] <= x or abs(y - v) >= 22
            assert apart, (room.name, one, other)
        for parent, child in room.edges:
            assert places[parent][0] + sizes[parent] < places[child][0], (room.name, parent, child)
        assert max(x + sizes[key] for key, (x, _) in places.items()) <= width
        assert max(y for _, y in places.values()) + 22 <= height


def test_the_start_page_leads_to_every_page(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "home")
    written = shop.cli("docs")
    assert written.returncode == 0, written.stdout + written.stderr
    index = shop.home / "private" / "index.html"
    assert str(index) in written.stdout.replace("\n", "")
    links = re.findall(r'<a href="([^"]+)"', index.read_text(encoding="utf-8"))
    assert len(links) == 3
    assert [link for link in links if not (index.parent / link).exists()] == []
    site = index.parent / next(link for link in links if "static_index" in link)
    assert "Where to start" in site.read_text(encoding="utf-8")
    with chromium() as browser:
        view = View(browser, index)
        view.page.click("#kpi-visits summary")
        assert view.page.locator("#kpi-visits svg").is_visible()
        assert view.problems == [] and view.page.evaluate("violations") == []
        assert view.requests == [index.resolve().as_uri()]
        view.close()
