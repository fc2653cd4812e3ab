"""Damage to the state of a home is found by checksum, and named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from landing_kit import HEADER, LandingShop, csv_of, order

from orchestration.config.settings import Settings
from orchestration.landing.record import archive
from orchestration.reports.verify import Finding, verify
from orchestration.system import checksums
from orchestration.terminal.json_output import print_json


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home in which two files have landed, and a generation is released."""
    shop = LandingShop(tmp_path)
    shop.put("orders_1.csv", csv_of(HEADER, order(1)))
    shop.put("orders_2.csv", csv_of(HEADER, order(2)))
    shop.land()
    generation = shop.settings.serving / "gen-1"
    generation.mkdir(parents=True)
    (generation / "shop360.duckdb").write_bytes(shop.settings.warehouse.read_bytes())
    checksums.write(generation)
    (shop.settings.serving / "current").symlink_to("gen-1")
    return shop.settings


def _first(settings: Settings) -> Path:
    return settings.archive / archive.read(settings).landed[0].archived_as


def _flip_byte(path: Path, place: int = -1) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def _extra(settings: Settings) -> None:
    (settings.archive / "ab").mkdir(exist_ok=True)
    (settings.archive / "ab" / "abcd.csv").write_text("x")


def _drop_line(settings: Settings) -> None:
    path = archive.path_of(settings)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))


def _damage_line(settings: Settings) -> None:
    path = archive.path_of(settings)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, b"{]\n"]))


def _drop_mappings(settings: Settings) -> None:
    for path in (settings.archive / "mappings").iterdir():
        path.unlink()


def _damage_kept(settings: Settings) -> None:
    settings.kept.mkdir()
    (settings.kept / "intermediate.ids.parquet").write_bytes(b"PAR1")


def _whole(settings: Settings) -> None:
    return None


_DEEDS: dict[str, tuple[Callable[[Settings], object], set[tuple[str, str]]]] = {
    "nothing": (_whole, set()),
    "archived file lost": (lambda s: _first(s).unlink(), {("archive", "missing")}),
    "archived file changed": (lambda s: _flip_byte(_first(s)), {("archive", "changed")}),
    "archived file emptied": (lambda s: _first(s).write_bytes(b""), {("archive", "changed")}),
    "unknown file": (_extra, {("archive", "not in the ledger")}),
    "line of the ledger lost": (
        _drop_line,
        {
            ("archive", "not in the ledger"),
            ("ledger", "is in the warehouse, but not in the ledger"),
        },
    ),
    "line of the ledger damaged": (_damage_line, {("ledger", "cannot be read")}),
    "ledger lost": (lambda s: archive.path_of(s).unlink(), {("ledger", "missing")}),
    "mappings lost": (_drop_mappings, {("ledger", "missing or damaged")}),
    "warehouse lost": (lambda s: s.warehouse.unlink(), {("warehouse", "missing")}),
    "warehouse emptied": (
        lambda s: s.warehouse.write_bytes(b""),
        {("warehouse", "cannot be read")},
    ),
    "warehouse cut": (
        lambda s: s.warehouse.write_bytes(s.warehouse.read_bytes()[:5000]),
        {("warehouse", "cannot be read")},
    ),
    "warehouse header": (lambda s: _flip_byte(s.warehouse, 9), {("warehouse", "cannot be read")}),
    "kept ids damaged": (_damage_kept, {("kept", "cannot be read")}),
    "release changed": (
        lambda s: _flip_byte(s.serving / "gen-1" / "shop360.duckdb"),
        {("release", "changed")},
    ),
    "released file lost": (
        lambda s: (s.serving / "gen-1" / "shop360.duckdb").unlink(),
        {("release", "missing"), ("release", "leads to nothing")},
    ),
    "release without sums": (lambda s: (s.serving / "gen-1" / checksums.NAME).unlink(), set()),
}


@pytest.mark.parametrize("deed", _DEEDS)
def test_damage_is_found(settings: Settings, deed: str) -> None:
    change, expected = _DEEDS[deed]
    change(settings)
    findings = verify(settings).findings
    assert {(f.place, _kind(f)) for f in findings} == expected, findings
    assert all(finding.advice for finding in findings)


def _kind(finding: Finding) -> str:
    return finding.problem.partition(" (")[0]


def test_the_verdict_is_json(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    _first(settings).unlink()
    print_json(verify(settings).facts())
    shown = json.loads(capsys.readouterr().out)
    assert shown["is_whole"] is False
    assert shown["findings"][0]["problem"] == "missing"
    assert set(shown["checked"]) == {"archive", "ledger", "warehouse", "kept", "release"}


def test_sums_are_those_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("abc")
    checksums.write(tmp_path)
    assert (tmp_path / checksums.NAME).read_text() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n"
    )
    assert checksums.wrong(tmp_path) == {}
