"""Every profile lands an export in the layout and encoding of the platform: `tests/support/profiles/`."""

import re

import pytest
from landing_kit import LandingShop
from profile_fixtures import FIXTURES, Fixture, fixture, profiles, same

from orchestration.config import profile_list
from orchestration.config.contract import load_contract
from orchestration.config.mapping_check import PROFILES
from orchestration.config.profile_list import SOURCES
from orchestration.config.yaml_file import read_yaml
from orchestration.landing.record.report import UNMAPPED, FileResult
from tools import reference_pages

_LACKING = "is not in the file: new rows have no"


def test_every_profile_has_a_fixture():
    found = {path.stem for path in FIXTURES.glob("*.yml")}
    assert found == set(profiles())
    short = [name for name in profiles() if len(fixture(name).export.rows) < 3]
    assert short == [], "an export needs at least three rows"


def _warnings(file: FileResult) -> tuple[list[str], set[str]]:
    """The warnings that a reader has to judge, and the columns whose headers are absent."""
    others = [text for text in file.warnings if not text.startswith(UNMAPPED)]
    lacking = {
        text.split(_LACKING)[0].split(" of ")[-1].strip() for text in others if _LACKING in text
    }
    return [text for text in others if _LACKING not in text], lacking


def _check_counts(file: FileResult, given: Fixture) -> None:
    assert (file.status, file.error) == ("landed", None)
    reasons = {reason.reason_code: reason.count for reason in file.reasons}
    assert (reasons, file.counts.left_out) == (dict(given.quarantined), given.left_out)
    warnings, lacking = _warnings(file)
    assert (warnings, lacking) == (list(given.warnings), set(given.lacks))


def test_profiles_say_which_export_they_read():
    contract = load_contract()
    for one in profile_list.profiles():
        assert one.feed in contract and one.note, one.name
        assert one.headers_from in SOURCES and one.usual_format in ("csv", "xlsx", "jsonl")
        assert one.export[0] != one.export[1], f"{one.name}: description is zh · en"
        assert re.search("[\u4e00-\u9fff]", one.export[0]), one.name
    assert len(profile_list.profiles()) >= 45


def test_the_page_of_profiles_is_that_of_the_files():
    page = reference_pages.PROFILE_PAGE.read_text(encoding="utf-8")
    assert page == reference_pages.profiles_page(), "`make book` writes it again"


@pytest.mark.parametrize("profile", profiles())
def test_profile_lands_its_export(tmp_path, profile):
    given = fixture(profile)
    feed = load_contract()[given.export.feed]
    name = given.export.name
    mapping = {"files": name, "profile": profile, **given.mapping}
    shop = LandingShop(tmp_path, {feed.code: [mapping]}, timezone=given.timezone)
    shop.put(name, given.export.content())
    [file] = shop.land().files
    _check_counts(file, given)
    rows = {str(row[given.key]): row for row in shop.raw(feed.table, given.key)}
    assert sorted(rows) == sorted(map(str, given.expected))
    system = read_yaml(PROFILES / f"{profile}.yml")["source_system"]
    for key, expected in given.expected.items():
        row = rows[str(key)]
        found = {name: row[name] for name, value in expected.items() if not same(row[name], value)}
        assert found == {}, f"{key}: expected {expected}"
        assert row["source_system"] == system
