"""5,000 damaged exports of all profiles: each file lands or is refused with a reason, and no row is lost silently."""

import csv
import io
import json
import random
from typing import Any

import pytest
from landing_kit import LandingShop
from profile_fixtures import Export, fixture, profiles
from profile_fuzzing import damaged

from orchestration.config.mapping_check import PROFILES
from orchestration.config.yaml_file import read_yaml
from orchestration.landing.record.report import FileResult

pytestmark = pytest.mark.thorough
BATCHES, FILES = 25, 200


def _files(batch: int) -> list[tuple[str, Export, bytes, list[str]]]:
    """The files of a batch: a name, the export that it was, its bytes, and what was done to it."""
    rng, names = random.Random(batch), profiles()
    found = []
    for number in range(FILES):
        export = fixture(names[(batch * FILES + number) % len(names)]).export
        content, damage = damaged(export, rng)
        found.append((f"f{number:03}-{export.name}", export, content, damage))
    return found


def _shop(folder: Any, files: list[tuple[str, Export, bytes, list[str]]]) -> LandingShop:
    feeds: dict[str, list[dict[str, Any]]] = {}
    for name, export, _, _ in files:
        mapping = {"files": name, "profile": export.profile, "shop_id": name[:4]}
        feeds.setdefault(export.feed, []).append(mapping | dict(fixture(export.profile).mapping))
    shop = LandingShop(folder, feeds)
    for name, _, content, _ in files:
        shop.put(name, content)
    return shop


@pytest.mark.parametrize("batch", range(BATCHES))
def test_damaged_exports_lose_no_row_silently(tmp_path, batch):
    files = _files(batch)
    shop = _shop(tmp_path, files)
    results = {file.file: file for file in shop.land().files}
    assert set(results) == {name for name, *_ in files}
    raw = _raw_rows(shop, {export.feed for _, export, _, _ in files})
    refused = dict(shop.query("select file_name, count(*) from meta.quarantine group by all"))
    read = {
        n: (e, d) for n, e, d in shop.query("select file_name, encoding, delimiter from meta.files")
    }
    wrong = []
    for name, export, content, damage in files:
        file = results[name]
        if file.status == "rejected":
            assert file.error and name in file.error, (name, damage, file.error)
            continue
        counts = file.counts
        found = {
            "raw": raw.get(name[:4], 0),
            "quarantine": refused.get(name, 0),
            "read": counts.read + counts.left_out,
        }
        expected = {
            "raw": counts.accepted,
            "quarantine": counts.quarantined,
            "read": _records(export, content, file, *read[name]),
        }
        if found != expected:
            wrong.append((name, damage, found, expected))
    assert wrong == []


def _raw_rows(shop: LandingShop, feeds: set[str]) -> dict[str, int]:
    tables = [f"raw.{feed.replace('.', '_')}" for feed in sorted(feeds)]
    parts = " union all ".join(f"select shop_id from {table}" for table in tables)
    return dict(shop.query(f"select shop_id, count(*) from ({parts}) group by all"))


def _records(
    export: Export, content: bytes, file: FileResult, encoding: str, delimiter: str | None
) -> int:
    """Records below the header, counted apart from landing."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        if content.startswith(mark):
            content = content[len(mark) :] if mark[0] == 0xEF else content
    text = content.decode(encoding, "replace")
    if export.is_json:
        return sum(_objects(export, line) for line in text.split("\n") if line.strip(" \t\r\v\f"))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ","))
    known = {header.strip() for header in export.headers()}
    hits = [len(known & {cell.strip(" \t\"'=") for cell in row}) for row in rows]
    header = hits.index(max(hits))
    return sum(any(cell for cell in row) for row in rows[header + 1 :])


def _objects(export: Export, line: str) -> int:
    """Rows of a line of a JSON file: one, or one for each element of the list that the profile names."""
    each = read_yaml(PROFILES / f"{export.profile}.yml").get("each")
    try:
        found = json.loads(line)
    except ValueError:
        return 1
    if not isinstance(found, dict) or not each:
        return 1
    for part in each.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return len(found) if isinstance(found, list) else 0
