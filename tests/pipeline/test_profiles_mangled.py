"""Exports of every profile with the faults that exports get: each is a clear error or a counted finding.

A profile's copies land together, each for a shop of its own.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from landing_kit import LandingShop
from profile_fixtures import fixture, profiles
from profile_mangling import KINDS, Mangled

from orchestration.config.contract import load_contract
from orchestration.landing.record.report import FileResult

_SWAPPED = "seem to be exchanged"
_JSON = {name for name in profiles() if fixture(name).export.is_json}
_BY_FILE_NAME = {"wangdiantong_stock"}
_OF_THE_SHOP = {
    "ga4_traffic_day",
    "jd_shop_day",
    "jd_source_day",
    "sycm_shop_day",
    "wanxiang_scene_spend",
}
_ALL_REQUIRED = {"wecom_identifiers"}
_EPOCHS = {
    "ga4_events",
    "kuaishou_orders",
    "weixin_shop_lines",
    "weixin_shop_orders",
}
_NO_DATES = {
    "douyin_lines",
    "jd_lines",
    "jushuitan_lines",
    "kingdee_lines",
    "kuaimai_lines",
    "kuaishou_lines",
    "pdd_lines",
    "shopify_customers",
    "shopify_lines",
    "taobao_lines",
    "wangdiantong_lines",
    "wecom_customers",
    "wecom_identifiers",
    "xiaohongshu_lines",
    "yonyou_lines",
}
NOT_APPLICABLE: Mapping[str, Mapping[str, str]] = {
    "missing_header": {},
    "renamed_header": dict.fromkeys(_ALL_REQUIRED, "every column is required"),
    "totals_row": dict.fromkeys(_JSON, "objects of an API have no totals among them"),
    "torn_bytes": {},
    "scientific_id": dict.fromkeys(_OF_THE_SHOP, "the report has no ids"),
    "swapped_days": {
        **dict.fromkeys(_BY_FILE_NAME, "the day is in the name of the file"),
        **dict.fromkeys(_EPOCHS, "times are numbers"),
        **dict.fromkeys(_NO_DATES, "the export has no date that the feed needs"),
    },
}
"""Copies that an export cannot have, with the reason."""


@cache
def _landed(profile: str) -> dict[str, tuple[FileResult, list[tuple[str, ...]]]]:
    """What became of the fixture (`whole`) and of each copy: the result, and its keys in raw."""
    given, feed = fixture(profile), load_contract()[fixture(profile).export.feed]
    copies = {"whole": Mangled(given.export.content())}
    copies |= {kind: made for kind, mangle in KINDS.items() if (made := mangle(given))}
    mappings = [
        {"files": f"{kind}-*", "profile": profile, "shop_id": kind, **given.mapping}
        for kind in copies
    ]
    with TemporaryDirectory() as folder:
        shop = LandingShop(Path(folder), {feed.code: mappings}, timezone=given.timezone)
        for kind, mangled in copies.items():
            shop.put(f"{kind}-{given.export.name}", mangled.content)
        files = {file.file.split("-")[0]: file for file in shop.land().files}
        keys = ", ".join(key for key in feed.key if key != "shop_id")
        rows = shop.query(f"select shop_id, {keys} from raw.{feed.table} order by all")
    return {
        kind: (file, [row[1:] for row in rows if row[0] == kind]) for kind, file in files.items()
    }


def _reasons(file: FileResult) -> dict[str, int]:
    found: dict[str, int] = {}
    for reason in file.reasons:
        found[reason.reason_code] = found.get(reason.reason_code, 0) + reason.count
    return found


def _new(file: FileResult, whole: FileResult) -> tuple[dict[str, int], list[str]]:
    """Refused rows by reason, and warnings, that the export itself does not have."""
    before = _reasons(whole)
    reasons = {code: count - before.get(code, 0) for code, count in _reasons(file).items()}
    warnings = [text for text in file.warnings if text not in whole.warnings]
    return {code: count for code, count in reasons.items() if count}, warnings


@pytest.mark.parametrize("kind", KINDS)
def test_copies_that_make_no_sense_are_listed(kind):
    without = {name for name in profiles() if KINDS[kind](fixture(name)) is None}
    assert without == set(NOT_APPLICABLE[kind])


@pytest.mark.parametrize("profile", profiles())
def test_a_missing_required_header_refuses_the_file(profile):
    file, rows = _landed(profile)["missing_header"]
    header = KINDS["missing_header"](fixture(profile)).header
    assert (file.status, rows) == ("rejected", [])
    assert file.file in file.error and repr(header) in file.error


@pytest.mark.parametrize("profile", sorted({*profiles()} - NOT_APPLICABLE["renamed_header"].keys()))
def test_a_renamed_header_is_named(profile):
    file, _ = _landed(profile)["renamed_header"]
    header = KINDS["renamed_header"](fixture(profile)).header
    texts = [file.error or "", *file.warnings]
    assert any(repr(header) in text for text in texts), texts
    if file.status == "landed":
        assert any("is not in the file" in text for text in file.warnings)


@pytest.mark.parametrize("profile", sorted({*profiles()} - NOT_APPLICABLE["totals_row"].keys()))
def test_rows_of_totals_are_no_records(profile):
    (whole, records), (file, rows) = (_landed(profile)[kind] for kind in ("whole", "totals_row"))
    reasons, _ = _new(file, whole)
    left_out = file.counts.left_out - whole.counts.left_out
    assert (file.status, rows) == ("landed", records)
    assert reasons.get("total_row", 0) + left_out == 2, (reasons, left_out)
    assert set(reasons) <= {"total_row"}


@pytest.mark.parametrize("profile", profiles())
def test_torn_bytes_are_found(profile):
    (whole, _), (file, _) = (_landed(profile)[kind] for kind in ("whole", "torn_bytes"))
    if file.status == "rejected":
        assert file.file in file.error and "byte" in file.error
    else:
        assert any(_new(file, whole)), "torn bytes landed without a finding"


@pytest.mark.parametrize("profile", sorted({*profiles()} - NOT_APPLICABLE["scientific_id"].keys()))
def test_an_id_in_powers_of_ten_is_refused(profile):
    (whole, _), (file, rows) = (_landed(profile)[kind] for kind in ("whole", "scientific_id"))
    reasons, _ = _new(file, whole)
    assert file.status == "landed"
    assert reasons.get("scientific_id", 0) == 1, (reasons, file.warnings)
    assert not [row for row in rows if any("e+" in str(cell).lower() for cell in row)]


@pytest.mark.parametrize("profile", sorted({*profiles()} - NOT_APPLICABLE["swapped_days"].keys()))
def test_exchanged_days_and_months_are_found(profile):
    file, _ = _landed(profile)["swapped_days"]
    found = [text for text in file.warnings if _SWAPPED in text]
    refused = sum(_reasons(file).values())
    assert found or refused, (file.counts, file.warnings)
