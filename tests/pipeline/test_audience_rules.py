"""How identifiers are written for each platform: check values, versions, and rules that hold for any value."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.audience import forgetting, log
from orchestration.audience.files import folder, write_list
from orchestration.audience.phones import Refused, countries, e164
from orchestration.audience.platforms import AudienceError, AudienceNotSetUp, chosen, platforms
from orchestration.audience.reasons import OF_IDENTITY, REASONS, first
from orchestration.audience.selection import Carried, digest, select
from orchestration.audience.steps import HASHES, STEPS, hashed, normalised
from orchestration.config.audience_config import Audience, Recipient
from orchestration.config.settings import PROJECT, Settings

_TODAY = date(2026, 11, 28)
_MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
_MAILS = st.from_regex(
    r"[a-z0-9]{1,8}([.+][a-z0-9]{1,5}){0,3}@(gmail\.com|mail\.cn)", fullmatch=True
)


def _rules(platform: str, day: date = _TODAY, **recipient: str) -> dict:
    return chosen(platforms()[platform], Recipient.model_validate(recipient), day)


@pytest.mark.parametrize(
    ("platform", "begins"),
    [("meta", "f32dd5bb1e1e"), ("google", "2ebdcb1bacf1"), ("tencent", "38aed9048140")],
)
def test_a_phone_has_the_hash_of_the_platform(platform: str, begins: str) -> None:
    found = digest("phone", "13812345678", ["中国"], None, _rules(platform)["phone"])
    assert found[:12] == begins and len(found) == 64


def test_the_rule_of_tiktok_follows_its_pages() -> None:
    tiktok = platforms()["tiktok"]
    plus, none = hashed("+8613912345670", "sha256"), hashed("8613912345670", "sha256")
    for day, wanted in ((date(2025, 6, 30), plus), (date(2025, 8, 1), none), (_TODAY, none)):
        rule = chosen(tiktok, Recipient(), day)["phone"]
        assert digest("phone", "13912345670", (), "CN", rule) == wanted, rule.version


@pytest.mark.parametrize(
    ("platform", "mail", "wanted"),
    [
        ("google", " Cloudy.SanFrancisco+Shop@Gmail.com ", "cloudysanfrancisco@gmail.com"),
        ("google", "user.name+NYC@Example.com", "user.name+nyc@example.com"),
        ("meta", "John.Smith+a@Gmail.com", "john.smith+a@gmail.com"),
        ("tiktok", "first.last+tag@mail.cn", "first.last@mail.cn"),
    ],
)
def test_an_email_is_written_as_the_platform_states(platform: str, mail: str, wanted: str) -> None:
    assert normalised(mail, _rules(platform)["email"].steps) == wanted


def test_tencent_takes_chinese_numbers_and_two_hashes() -> None:
    rule = _rules("tencent", hash="md5")["phone"]
    assert rule.version == "tencent.phone.2020-01-01.md5"
    assert digest("phone", "13912345670", (), "CN", rule) == hashed("13912345670", "md5")
    with pytest.raises(Refused, match="unsupported_country"):
        digest("phone", "+14155552671", (), "CN", rule)


def test_an_undocumented_platform_needs_a_choice() -> None:
    with pytest.raises(AudienceNotSetUp, match="State both"):
        _rules("oceanengine", hash="md5")
    rule = _rules("oceanengine", hash="md5", phone="china_mobile")["phone"]
    assert digest("phone", "13912345670", (), "CN", rule) == hashed("13912345670", "md5")
    with pytest.raises(AudienceNotSetUp, match="expected sha256"):
        _rules("meta", hash="md5")


def test_every_rule_has_known_steps_and_a_source() -> None:
    for platform in platforms().values():
        assert platform.form in ("table", "lines") and platform.minimum >= 1
        for rule in platform.rules:
            assert set(rule.steps) <= STEPS.keys() and set(rule.hashes) <= HASHES.keys(), rule
            assert rule.source and rule.kind in ("phone", "email"), rule
            if rule.kind == "phone" and rule.steps:
                assert rule.steps[0] in ("e164", "china_mobile"), rule
        starts = [(rule.kind, rule.valid_from) for rule in platform.rules]
        assert len(starts) == len(set(starts)), platform.code
        assert platform.valid(_TODAY), platform.code
    assert set(OF_IDENTITY.values()) <= REASONS.keys()


def test_the_page_lists_every_rule_of_a_platform() -> None:
    lines = (PROJECT / "docs" / "audience.md").read_text(encoding="utf-8").splitlines()
    for platform in platforms().values():
        rows = [line for line in lines if line.startswith(f"| `{platform.code}` |")]
        stated = {tuple(cell.strip() for cell in line.split("|")[2:4]) for line in rows}
        assert {(r.kind, str(r.valid_from)) for r in platform.rules} <= stated, platform.code
        if platform.code != "oceanengine":
            assert all(any(r.source in line for line in rows) for r in platform.rules)
            assert any(f"{platform.minimum:,}" in line for line in rows), platform.code


@pytest.mark.parametrize(
    ("value", "stated", "default", "wanted"),
    [
        ("13912345670", ["中国"], None, "+8613912345670"),
        ("13912345670", [], "CN", "+8613912345670"),
        ("+14155552671", [], None, "+14155552671"),
        ("4155552671", ["USA"], "CN", "+14155552671"),
        ("07911123456", ["United Kingdom"], "CN", "+447911123456"),
        ("447911123456", ["GB"], "CN", "+447911123456"),
        ("91234567", ["香港"], "CN", "+85291234567"),
        ("13912345670", [], None, "unknown_country"),
        ("13912345670", ["Atlantis"], "CN", "unknown_country"),
        ("13912345670", ["中国", "美国"], "CN", "unknown_country"),
        # Of +86 139… the normal form has no country code left: it may be a Chinese number.
        ("13912345670", ["美国"], "CN", "unknown_country"),
        ("057188888888", [], "CN", "malformed"),
        ("+99912345678901", [], "CN", "unknown_country"),
        ("+12", [], "CN", "malformed"),
    ],
)
def test_a_country_is_stated_or_the_phone_refused(
    value: str, stated: list[str], default: str | None, wanted: str
) -> None:
    try:
        found = e164(value, stated, default)
    except Refused as refusal:
        found = refusal.reason
    assert found == wanted


@given(st.text(alphabet="+0123456789 *ab", max_size=16), st.sampled_from(sorted(countries())))
def test_a_phone_is_international_or_refused(value: str, country: str) -> None:
    try:
        found = e164(value, [country], "CN")
    except Refused as refusal:
        assert refusal.reason in ("unknown_country", "malformed")
    else:
        assert re.fullmatch(r"\+[1-9][0-9]{6,15}", found), found
        assert e164(found, [], None) == found


@given(_MOBILES)
def test_hashes_differ_by_the_form_of_the_platform(mobile: str) -> None:
    found = {
        platform: digest("phone", mobile, (), "CN", _rules(platform)["phone"])
        for platform in ("meta", "google", "tiktok", "tencent")
        if not mobile.startswith(("162", "165", "167", "170", "171"))
    }
    assert not found or found["meta"] == found["tiktok"]
    assert len(set(found.values())) in (0, 3)


@given(_MAILS)
def test_google_sees_one_address_of_gmail_in_any_spelling(mail: str) -> None:
    steps = _rules("google")["email"].steps
    name, domain = mail.split("@")
    other = f" {name.upper()}@{domain.upper()}"
    if domain == "gmail.com":
        other = other.replace("@", "+news@").replace(".", "", name.count("."))
    once = normalised(mail, steps)
    assert normalised(other, steps) == once
    assert normalised(once, steps) == once


@given(st.one_of(_MOBILES, _MAILS, st.from_regex(r"\+44[1-9][0-9]{9}", fullmatch=True)))
def test_forgetting_knows_every_hash_of_an_export(value: str) -> None:
    kind = "email" if "@" in value else "phone"
    known = forgetting.digests_of([value])
    for code, recipient in [(code, {}) for code in platforms() if code != "oceanengine"] + [
        ("oceanengine", {"phone": form, "hash": hashing})
        for form in ("e164", "no_plus", "china_mobile")
        for hashing in HASHES
    ]:
        for rule in [r for k, r in _rules(code, **recipient).items() if k == kind]:
            try:
                found = digest(kind, value, (), "CN", rule)
            except Refused:
                continue
            assert found in known, rule.version


def _carried(customer: str, value: str, *, granted: bool | None = True) -> Carried:
    kind = "email" if "@" in value else "phone"
    return Carried(customer, kind, value, True, None, False, (), granted)


def test_an_identifier_refused_in_another_spelling_stays_out() -> None:
    members = [_carried("c1", "annli@gmail.com"), _carried("c2", "bob@mail.cn")]
    found = select(["c1", "c2"], members, [("email", "ann.li+x@gmail.com")], _rules("google"), "CN")
    assert found.digests["email"] == {hashed("bob@mail.cn", "sha256")}
    assert (found.exported, dict(found.members_left_out)) == (1, {"refused": 1})


def test_every_member_is_counted_once() -> None:
    carried = [
        _carried("c1", "13912345670"),
        _carried("c1", "13912345671", granted=False),
        _carried("c2", "13912345672", granted=None),
        _carried("c2", "13912345673", granted=False),
    ]
    found = select(["c1", "c2", "c3"], carried, [], _rules("meta"), "CN")
    assert (found.members, found.exported) == (3, 1)
    assert dict(found.members_left_out) == {"refused": 1, "no_identifier": 1}
    assert dict(found.identifiers_left_out) == {"refused": 2, "no_consent": 1}
    assert first({"masked", "no_consent"}) == "no_consent"
    assert "13912345670" not in repr(carried)


def test_large_lists_are_split_and_archives_are_equal(tmp_path) -> None:
    platform, rules = platforms()["tencent"], _rules("tencent")
    small = type(platform)(**{**vars(platform), "max_rows": 2})
    digests = {"phone": {hashed(str(n), "sha256") for n in range(5)}}
    found = write_list(tmp_path / "a", "list", small, rules, digests)
    assert [one.rows for one in found] == [2, 2, 1]
    assert len({one.path for one in found}) == 3
    again = write_list(tmp_path / "b", "list", small, rules, digests)
    assert [one.sha256 for one in again] == [one.sha256 for one in found]


@pytest.mark.parametrize("code", ["../evil", "a/b", "", ".hidden"])
def test_the_code_of_a_segment_stays_in_the_folder(tmp_path, code: str) -> None:
    with pytest.raises(AudienceError, match="letters, digits"):
        folder(Settings(tmp_path, tmp_path / "shop.yml", tmp_path), code, "meta")


def test_the_log_finds_a_changed_line(tmp_path) -> None:
    settings = Settings(tmp_path, tmp_path / "shop.yml", tmp_path)
    for n in range(3):
        log.append(settings, "export", segment="s", platform="meta", is_written=True, n=n)
    assert log.first_broken(settings) is None
    path = log.path_of(settings)
    path.write_text(path.read_text().replace('"n": 1', '"n": 7'))
    assert log.first_broken(settings) == 3


def test_a_removal_is_due_until_the_next_list() -> None:
    def event(kind: str, platform: str = "meta", **facts: object) -> dict:
        return {"event": kind, "segment": "s", "platform": platform, **facts}

    events = [event("export", is_written=True), event("removal_due", identifiers=2)]
    events += [event("removal_due", "google", identifiers=5), event("export", is_written=False)]
    assert log.removals_due(events, "s", "meta") == 2
    events.append(event("export", is_written=True))
    assert log.removals_due(events, "s", "meta") == 0
    assert log.removals_due(events, "s", "google") == 5


def test_short_forms_of_recipients_are_read() -> None:
    read = Audience.model_validate(
        {"exporters": "li.na", "recipients": {"meta": "true", "google": "named", "csv": "false"}}
    )
    assert read.exporters == ("li.na",)
    assert {name: one.consent for name, one in read.recipients.items()} == {
        "meta": "any",
        "google": "named",
    }
