"""Audiences of a small shop, exported by the command: who is in the list, who is not, and what is remembered."""

import csv
import json
import re
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import md5
from pathlib import Path

import audience_shop
import duckdb
import pytest
import yaml
from audience_shop import EXPORTER, MAILS, PHONES, customers, release_segment, sha256
from shops import Shop

_SECRETS = [
    re.sub("[^0-9]", "", phone)[-11:] for phone in PHONES.values() if "*" not in phone
] + list(MAILS.values())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return audience_shop.make(tmp_path_factory.mktemp("audience"))


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Iterator[Shop]:
    yield made.copy(tmp_path / "home")


def _export(
    shop: Shop, platform: str = "meta", *more: str, name: str = EXPORTER
) -> subprocess.CompletedProcess[str]:
    return shop.cli("audience", "everyone", "--for", platform, "--as", name, "--json", *more)


def _facts(done: subprocess.CompletedProcess[str], code: int = 0) -> dict:
    assert done.returncode == code, done.stderr[-2000:]
    return json.loads(done.stdout)


def _rows(facts: dict, kind: str = "upload") -> set[str]:
    """The hashes of the files of one kind."""
    found = set()
    for one in facts["files"]:
        path = Path(one["path"])
        if one["list"] != kind:
            continue
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                found |= set(packed.read(packed.namelist()[0]).decode().split())
        else:
            with path.open(newline="") as file:
                found |= {cell for row in list(csv.reader(file))[1:] for cell in row if cell}
    return found


def _meta(*phones: str, mails: tuple[str, ...] = ()) -> set[str]:
    numbers = [re.sub("[^0-9]", "", PHONES[name]) for name in phones]
    full = [n if n.startswith("1415") else f"86{n}" for n in numbers]
    return {sha256(n) for n in full} | {sha256(MAILS[name].lower()) for name in mails}


def _decide(shop: Shop, who: str, at: str, granted: bool, recipient: str = "") -> None:
    """A later decision about all identifiers of a record lands."""
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb")) as con:
        con.execute(
            """insert into raw.crm_consents by name select 'crm' as source_system, shop_id, customer_id,
            'ads' as channel, 'advertising' as purpose, '' as id_type, '' as id_value,
            $recipient as recipient, $granted as is_granted, $at::timestamp as decided_at
            from raw.crm_customers where customer_id = $who""",
            {"who": f"CU_{who}", "at": at, "granted": granted, "recipient": recipient},
        )


def test_only_granted_identifiers_are_exported(shop: Shop) -> None:
    facts = _facts(_export(shop))
    assert _rows(facts) == _meta(
        *("granted", "merged_granted", "abroad", "record_wide", "withdrawn"),
        mails=("mail_only", "record_wide"),
    )
    assert (facts["members"], facts["exported_members"]) == (20, 6)
    assert facts["members_left_out"] == {
        "refused": 2, "no_consent": 2, "hub": 4, "virtual": 2, "masked": 1, "placeholder": 1,
        "unknown_country": 1, "no_identifier": 1,
    }  # fmt: skip
    assert sum(facts["members_left_out"].values()) + facts["exported_members"] == 20


def test_consent_to_one_recipient_is_for_it_alone(shop: Shop) -> None:
    google = _rows(_facts(_export(shop, "google")))
    assert sha256(f"+86{PHONES['google_only']}") in google
    assert sha256(f"+86{PHONES['granted']}") in google
    # A later refusal of all recipients ends it, a later grant for another one does not.
    _decide(shop, "google_only", "2024-06-01", False)
    _decide(shop, "google_only", "2024-07-01", True, "tiktok")
    facts = _facts(_export(shop, "google"))
    assert _rows(facts, "remove") == {sha256(f"+86{PHONES['google_only']}")}


def test_named_recipients_need_a_decision_that_names_them(shop: Shop) -> None:
    assert _facts(_export(shop, "csv"), 1)["exported_members"] == 0
    _decide(shop, "granted", "2024-06-01", True, "mailer")
    facts = _facts(_export(shop, "csv"))
    assert _rows(facts) == {sha256(f"+86{PHONES['granted']}")}


def test_a_refusal_at_the_same_moment_counts(shop: Shop) -> None:
    _decide(shop, "granted", "2024-01-05 10:00:00", False)
    assert not _meta("granted") & _rows(_facts(_export(shop)))


def test_leavers_and_withdrawn_consents_are_to_be_removed(shop: Shop) -> None:
    first = _facts(_export(shop))
    assert first["removed_identifiers"] == 0 and _rows(first, "remove") == set()
    release_segment(shop, "everyone", customers(shop), "granted")
    _decide(shop, "withdrawn", "2024-06-01", False)
    second = _facts(_export(shop))
    assert _rows(second, "remove") == _meta("granted", "withdrawn")
    assert _rows(second) == _rows(first) - _meta("granted", "withdrawn")
    third = _facts(_export(shop))
    assert _rows(third) == _rows(second) and _rows(third, "remove") == set()


def test_a_dropped_segment_is_removed_from_the_platform(shop: Shop) -> None:
    first = _facts(_export(shop))
    release_segment(shop, "other", customers(shop))
    facts = _facts(_export(shop), 1)
    assert facts["members"] == 0 and _rows(facts) == set()
    assert _rows(facts, "remove") == _rows(first)
    again = _export(shop)
    assert again.returncode == 1 and "There is no segment 'everyone'" in again.stderr


def test_a_small_list_is_refused_but_not_its_removals(shop: Shop) -> None:
    first = _facts(_export(shop, "tencent"))
    assert sha256(PHONES["granted"]) in _rows(first)
    config = yaml.safe_load(shop.config.read_text(encoding="utf-8"))
    config["audience"]["recipients"]["tencent"] = True
    path = shop.home / "small.yml"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    small = replace(shop, config=path)
    _decide(small, "withdrawn", "2024-06-01", False)
    done = _export(small, "tencent")
    facts = _facts(done, 1)
    assert (facts["is_below_minimum"], facts["minimum"]) == (True, 2000)
    assert facts["members_left_out"]["below_minimum"] == 3
    assert _rows(facts) == set()
    assert _rows(facts, "remove") == {sha256(PHONES["withdrawn"])}
    assert "--allow-small" in done.stdout
    again = _facts(_export(small, "tencent", "--allow-small"))
    assert _rows(again) == _rows(first) - {sha256(PHONES["withdrawn"])}


def test_only_named_exporters_and_recipients_are_served(shop: Shop) -> None:
    other = _export(shop, name="intruder")
    assert other.returncode == 1 and "intruder is no exporter" in other.stderr
    recipient = _export(shop, "oceanengine")
    assert recipient.returncode == 2 and "does not list oceanengine" in recipient.stderr
    config = yaml.safe_load(shop.config.read_text(encoding="utf-8"))
    del config["audience"]
    path = shop.home / "off.yml"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    off = _export(replace(shop, config=path))
    assert off.returncode == 2 and "names no exporter" in off.stderr
    assert not (shop.home / "private" / "audiences").exists()


def test_segment_platform_and_folder_are_checked(shop: Shop) -> None:
    unknown = shop.cli("audience", "everyones", "--for", "meta", "--as", EXPORTER)
    assert unknown.returncode == 1 and "did you mean everyone?" in unknown.stderr
    platform = _export(shop, "metta")
    assert platform.returncode == 1 and "did you mean meta?" in platform.stderr
    public = _export(shop, "meta", "--to", str(shop.home / "serving"))
    assert public.returncode == 1 and "readers of the release" in public.stderr


def test_a_dry_run_writes_nothing(shop: Shop) -> None:
    facts = _facts(_export(shop, "meta", "--dry-run"))
    assert facts["exported_members"] == 6 and facts["files"] == []
    assert not (shop.home / "private" / "audiences").exists()


def test_nothing_personal_is_printed_or_logged(shop: Shop, tmp_path: Path) -> None:
    done = [_export(shop), shop.cli("audience", "everyone", "--for", "google", "--as", EXPORTER)]
    done.append(_export(shop, "meta", "--to", str(tmp_path / "out")))
    done.append(shop.cli("audience", "--list"))
    hashes = _rows(json.loads(done[0].stdout))
    logs = [p for p in (shop.home / "private" / "logs").rglob("*") if p.is_file()]
    logs.append(shop.home / "private" / "audiences" / "log.jsonl")
    texts = [text for one in done for text in (one.stdout, one.stderr)]
    texts += [path.read_text(encoding="utf-8", errors="replace") for path in logs]
    found = [secret for secret in [*_SECRETS, *hashes] for text in texts if secret in text]
    assert found == []
    for folder in (tmp_path / "out", shop.home / "private" / "audiences"):
        for path in (folder, *folder.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path


def test_the_log_grows_by_a_line_per_export(shop: Shop) -> None:
    path = shop.home / "private" / "audiences" / "log.jsonl"
    _export(shop)
    before = path.read_bytes()
    facts = _facts(_export(shop, "google"))
    after = path.read_bytes()
    assert after.startswith(before) and after.count(b"\n") == 2
    entry = json.loads(after.splitlines()[1])
    assert (entry["operator"], entry["segment"], entry["platform"]) == (
        EXPORTER,
        "everyone",
        "google",
    )
    assert entry["rules"] == ["google.phone.2020-01-01.sha256", "google.email.2020-01-01.sha256"]
    [logged], [printed] = entry["files"], facts["files"]
    assert shop.home / logged["path"] == Path(printed["path"])
    assert logged["sha256"] == printed["sha256"] and len(logged["sha256"]) == 64
    listed = json.loads(shop.cli("audience", "--list", "--json").stdout)
    assert [(one["segment"], one["members"]) for one in listed] == [("everyone", 20)]
    assert [one["platform"] for one in listed[0]["exports"]] == ["google", "meta"]


def test_a_removed_person_leaves_the_lists(shop: Shop) -> None:
    exports = [_facts(_export(shop, platform)) for platform in ("meta", "tencent")]
    gone = _meta("granted") | {sha256(PHONES["granted"])}
    assert all(gone & _rows(facts) for facts in exports)
    done = shop.cli("forget", PHONES["granted"], "--yes", "--no-run", "--json")
    proof = json.loads(done.stdout)
    assert (done.returncode, proof["searched"]["traces"]) == (0, []), done.stderr
    assert proof["removed"]["audience files"] == 2
    assert sum("replace the audience" in note for note in proof["notes"]) == 2
    for facts in exports:
        assert not gone & _rows(facts) and len(_rows(facts)) > 2
    for path in (shop.home / "private" / "audiences").rglob("uploaded.csv"):
        assert not any(one in path.read_text() for one in gone)
    log = (shop.home / "private" / "audiences" / "log.jsonl").read_text().splitlines()
    due = [json.loads(line) for line in log if '"removal_due"' in line]
    assert [(one["platform"], one["identifiers"]) for one in due] == [("meta", 1), ("tencent", 1)]
    listed = json.loads(shop.cli("audience", "--list", "--json").stdout)
    assert [one["removals_due"] for one in listed[0]["exports"]] == [1, 1]


def _oracle(shop: Shop, recipient: str, members: set[str]) -> set[str]:
    """The mobile numbers of the members with consent, by plain loops over the rows of staging."""
    customer = {(system, record): who for system, record, who in shop.ask_warehouse(
        "select source_system, record_id, customer_id from intermediate.int_identity__customer_map "
        "where record_type = 'crm'")}  # fmt: skip
    orders = dict(shop.ask_warehouse(
        "select record_key, customer_id from intermediate.int_identity__customer_map "
        "where record_type <> 'crm' and not is_anonymous"))  # fmt: skip
    crm = shop.ask_warehouse(
        "select source_system, crm_customer_id, phone from staging.stg_crm__customers union all "
        "select source_system, crm_customer_id, id_value from staging.stg_crm__identifiers "
        "where id_type = 'phone' and is_verified"
    )
    others = shop.ask_warehouse(
        "select record_key, phone from staging.stg_erp__customers union all "
        "select order_key, phone from staging.stg_erp__orders"
    )
    carriers: dict[str, set[str]] = {}
    of_record: dict[tuple[str, str], set[str]] = {}
    for system, record, raw in crm:
        if phone := _mobile(raw):
            carriers.setdefault(phone, set()).add(customer[system, record])
            of_record.setdefault((system, record), set()).add(phone)
    for record, raw in others:
        if record in orders and (phone := _mobile(raw)):
            carriers.setdefault(phone, set()).add(orders[record])
    last: dict[tuple[str, str, bool], tuple] = {}
    for system, record, kind, value, named, granted, at in shop.ask_warehouse(
        "select source_system, crm_customer_id, id_type, id_value, recipient, is_granted, decided_at "
        f"from staging.stg_crm__consents where purpose = 'advertising' and recipient in ('', '{recipient}')"
    ):
        about = {_mobile(value)} if value else of_record.get((system, record), set())
        for phone in about if kind in ("", "phone") else ():
            key = (phone, customer[system, record], bool(named))
            last[key] = max(
                last.get(key, (at, True)), (at, granted), key=lambda d: (d[0], not d[1])
            )
    verdicts: dict[str, list[bool]] = {}
    for phone, who in {(phone, who) for phone, who, _ in last}:
        named, general = last.get((phone, who, True)), last.get((phone, who, False))
        verdict = (named or general)[1]
        if named and general and not general[1] and general[0] > named[0]:
            verdict = False
        verdicts.setdefault(phone, []).append(verdict)
    salt = (shop.home / "private" / "salt").read_text().strip()
    keys = {key for (key,) in shop.ask_warehouse("select identifier_key from intermediate.int_identity__hubs")}  # fmt: skip
    hubs = {
        phone
        for phone, found in carriers.items()
        if len(found) > 3
        or md5(f"phone||{sha256(f'{salt}phone|{phone}')}".encode()).hexdigest() in keys
    }
    granted = {phone for phone, found in verdicts.items() if all(found)} - hubs
    return {phone for phone in granted if carriers.get(phone, set()) & members}


def _mobile(raw: str | None) -> str:
    """A plausible Chinese mobile number without virtual, masked and placeholder ones; else nothing."""
    text = raw or ""
    if re.search(r"1[3-9]\d{9}\D+\d{1,6}$", text):
        return ""
    digits = re.sub(r"^(\+|00)?86(?=1[3-9]\d{9}$)", "", re.sub(r"[^0-9+*]", "", text))
    if not re.fullmatch(r"1[3-9]\d{9}", digits) or digits.startswith(
        ("162", "165", "167", "170", "171")
    ):
        return ""
    same = set(digits[-8:]) == {digits[-1]}
    return "" if same or "12345678" in digits or digits == "13800138000" else digits


def test_the_demo_shop_exports_what_plain_loops_find(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "home")
    config = yaml.safe_load(shop.config.read_text(encoding="utf-8"))
    config["audience"] = {"exporters": [EXPORTER], "recipients": {"tencent": {"minimum": 1}}}
    path = tmp_path / "shop.yml"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    shop = replace(shop, config=path)
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb")) as con:
        con.execute("delete from raw.crm_consents where purpose = 'advertising'")
        con.execute(
            """insert into raw.crm_consents by name
            select source_system, shop_id, customer_id, 'ads' as channel, 'advertising' as purpose,
                case when h % 3 = 0 then '' else 'phone' end as id_type,
                case when h % 3 = 0 then '' else phone end as id_value,
                case (h // 3) % 4 when 0 then 'tencent' when 1 then 'meta' else '' end as recipient,
                (h // 12) % 3 > 0 as is_granted,
                timestamp '2024-01-01' + to_days(cast((h // 36) % 4 as integer)) as decided_at
            from (select *, hash(customer_id, n) as h from raw.crm_customers, range(3) as draws (n))
            where h % 7 < 5 and phone is not null"""
        )
    members = {who: who for who in customers(shop).values() if who[-1] in "0123456789"}
    release_segment(shop, "everyone", members)
    wanted = _oracle(shop, "tencent", set(members))
    facts = _facts(_export(shop, "tencent"))
    assert len(wanted) > 100
    assert _rows(facts) == {sha256(phone) for phone in wanted}
    left_out = facts["members_left_out"]
    assert facts["exported_members"] + sum(left_out.values()) == facts["members"] == len(members)
    assert left_out["refused"] > 20 and left_out["no_consent"] > 20, left_out
