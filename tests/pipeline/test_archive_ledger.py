"""The archive's ledger on its own: what is written is read, and a torn or damaged line stops nothing."""

from pathlib import Path

import pytest

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.landing.record import archive
from orchestration.landing.record.archive import Landed


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, tmp_path / "shop.yml", tmp_path / "inbox")


def _landed(file_hash: str, batch: str = "b1") -> Landed:
    place = archive.place_of(file_hash, ".csv")
    at = "2024-01-05 10:00:00"
    scope = ("erp.orders", "taobao", None)
    return Landed(batch, at, *scope, "orders.csv", None, file_hash, 3, at, "m", place, at)


def test_what_is_written_is_read(settings: Settings) -> None:
    archive.append_landed(settings, [_landed("aa11"), _landed("bb22")])
    archive.append_batch(settings, "b1", "2024-01-05 10:00:01")
    ledger = archive.read(settings)
    assert ledger.landed == [_landed("aa11"), _landed("bb22")]
    assert ledger.finished == {"b1": "2024-01-05 10:00:01"}
    assert ledger.files() == {"aa/aa11.csv": "aa11", "bb/bb22.csv": "bb22"}
    assert ledger.damaged == []


def test_the_torn_line_of_a_killed_writer_is_cut_off(settings: Settings) -> None:
    archive.append_landed(settings, [_landed("aa11")])
    with archive.path_of(settings).open("ab") as handle:
        handle.write('{"kind": "landed", "file_name": "订'.encode()[:-1])
    assert archive.read(settings).damaged == [2]
    archive.append_landed(settings, [_landed("bb22")])
    ledger = archive.read(settings)
    assert [entry.file_hash for entry in ledger.landed] == ["aa11", "bb22"]
    assert ledger.damaged == []


def test_a_damaged_line_is_listed_and_the_others_are_read(settings: Settings) -> None:
    archive.append_landed(settings, [_landed("aa11"), _landed("bb22"), _landed("cc33")])
    lines = archive.path_of(settings).read_bytes().split(b"\n")
    lines[1] = b"\xff\x00 [] "
    archive.path_of(settings).write_bytes(b"\n".join(lines))
    ledger = archive.read(settings)
    assert [entry.file_hash for entry in ledger.landed] == ["aa11", "cc33"]
    assert ledger.damaged == [2]


def test_replaced_content_is_known_by_its_old_hash(settings: Settings) -> None:
    archive.append_landed(settings, [_landed("aa11"), _landed("bb22")])
    for old, new in (("aa11", "dd44"), ("dd44", "ee55")):
        place = archive.place_of(new, ".csv")
        archive.append_replaced(settings, old, new, place, 2, "a person was removed")
    ledger = archive.read(settings)
    first, second = ledger.landed
    assert (first.file_hash, first.archived_as, first.size_bytes) == ("ee55", "ee/ee55.csv", 2)
    assert first.redacted_from == "aa11"
    assert first.key == _landed("aa11").key
    assert second == _landed("bb22")
    assert [archive.last_step(ledger, old).new_hash for old in ("aa11", "dd44")] == ["ee55"] * 2
    assert archive.last_step(ledger, "bb22") is None
    assert ledger.present_hash("aa11") == ledger.present_hash("dd44") == "ee55"


def test_a_rewrite_changes_lines_and_drops_none_silently(settings: Settings) -> None:
    archive.append_landed(settings, [_landed("aa11"), _landed("bb22")])
    archive.rewrite(settings, lambda line: {**line, "file_name": "removed"})
    assert [entry.file_name for entry in archive.read(settings).landed] == ["removed"] * 2


@pytest.mark.parametrize("config", ["shop.yml", "examples/crm_erp/shop.yml"])
def test_kept_mappings_are_the_mappings_of_shop_yml(settings: Settings, config: str) -> None:
    mappings = load_shop_config(Path(__file__).parents[2] / config).mappings
    name = archive.keep_mappings(settings, mappings)
    assert archive.load_mappings(settings, name) == list(mappings)
    assert archive.load_mappings(settings, "none") is None
