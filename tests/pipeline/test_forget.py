"""A removed person leaves no trace in any file; figures stay; nothing that arrives later brings the person back."""

import gzip
import io
import json
import zipfile
from collections.abc import Generator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from landing_kit import LandingShop, csv_of

from orchestration.engines.warehouse import connect
from orchestration.forget import removal as removals
from orchestration.forget.search import Search
from orchestration.landing.record import archive
from orchestration.landing.redact import tokens
from orchestration.quality import check_results, failed_checks

PHONE, SHARED, MAIL, CARD, OUID = (
    "13812345670",
    "13900001111",
    "Li.Na@mail.cn",
    "M0000777",
    "OU778899AA",
)
NAME, CUSTOMER, BUYER, COOKIE = "李娜娜", "CU000777", "EC000777", "cookie-7788"
SECRETS = (PHONE, MAIL, CARD, OUID, NAME, CUSTOMER, BUYER, COOKIE, "莲花路七号", "138-1234-5670")

_CUSTOMER = {"customer_id": "编号", "full_name": "姓名", "phone": "手机", "email": "邮箱"}
_CUSTOMER |= {"member_card_no": "卡号", "city": "城市", "registered_at": "注册"}
_ORDER = {"order_id": "单号", "status": "状态", "ordered_at": "下单", "paid_amount": "实付"}
_ORDER |= {
    "customer_id": "客户",
    "crm_customer_id": "会员",
    "phone": "电话",
    "receiver_name": "收货人",
}
_ORDER |= {"platform_buyer_id": "买家", "member_card_no": "卡号"}


def _mapping(files: str | list[str], columns: dict[str, str], system: str) -> dict[str, object]:
    return {"files": files, "source_system": system, "columns": columns}


_UNIT = {"experiment_id": "test", "unit_id": "unit"}
FEEDS = {
    "crm.customers": [_mapping("crm*", _CUSTOMER, "crm")],
    "crm.identifiers": [
        _mapping(
            "ids*",
            {"customer_id": "who", "id_type": "kind", "id_scope": "scope", "id_value": "v.value"},
            "crm",
        )
    ],
    "crm.consents": [
        _mapping(
            "consents*",
            {"customer_id": "who", "channel": "channel", "is_granted": "yes", "decided_at": "at"}
            | {"purpose": "why", "id_type": "kind", "id_value": "value"},
            "crm",
        )
    ],
    "crm.reviews": [
        _mapping(
            "reviews*",
            {"review_id": "id", "customer_id": "who", "body": "text", "reviewed_at": "at"},
            "crm",
        )
    ],
    "erp.customers": [
        _mapping(
            "erp*",
            {
                "customer_id": "id",
                "full_name": "name",
                "phone": "phone",
                "platform_buyer_id": "buyer",
            },
            "erp",
        )
    ],
    "erp.orders": [_mapping(["orders*", "packed.zip/*.csv"], _ORDER, "erp")],
    "web.events": [
        _mapping(
            "events*",
            {"event_id": "id", "event_at": "at", "event_name": "name", "visitor_id": "cookie"}
            | {"crm_customer_id": "user", "page_url": "url"},
            "web",
        )
    ],
    "erp.coupon_redemptions": [
        _mapping(
            "coupons*",
            {"redemption_id": "id", "coupon_id": "batch", "order_id": "order", "redeemed_at": "at"}
            | {"customer_id": "who"},
            "erp",
        )
    ],
    "crm.leads": [
        _mapping(
            "leads*",
            {"lead_id": "id", "customer_id": "who", "full_name": "name", "phone": "phone"}
            | {"owner": "owner", "stage": "stage", "created_at": "at"},
            "crm",
        )
    ],
    "web.experiment_assignments": [
        _mapping("groups*", {**_UNIT, "variant": "group", "assigned_at": "at"}, "tool")
    ],
    "web.experiment_outcomes": [
        _mapping("values*", {**_UNIT, "metric": "metric", "numerator": "value"}, "results")
    ],
}
ME = "c1111aaaa2222bbbb"
_AT = "2024-01-05 10:00:00"


def _crm(*more: tuple[str, ...]) -> str:
    head = ("编号", "姓名", "手机", "邮箱", "卡号", "城市", "注册", "住址")
    mine = (CUSTOMER, NAME, PHONE, MAIL, CARD, "杭州", _AT, "莲花路七号")
    other = ("CU000888", "王大明", SHARED, "", "M0000888", "上海", _AT, "备注 138-1234-5670")
    return csv_of(head, mine, other, *more, sep=";")


def _orders(numbers: range, *, bad: bool = False) -> list[tuple[str, ...]]:
    head = (
        "单号",
        "状态",
        "下单",
        "实付",
        "客户",
        "会员",
        "电话",
        "收货人",
        "买家",
        "卡号",
        "买家留言",
    )
    rows = [head]
    for n in numbers:
        mine = (BUYER, CUSTOMER, f"+86 {PHONE}", NAME, OUID, CARD, f"请打 {PHONE}")
        other = ("EC000888", "CU000888", SHARED, "王大明", "OU000888", "M0000888", f"送给 {PHONE}")
        who = mine if n % 2 else other
        rows.append((f"JY2024{n:06}", "completed", "?" if bad and n % 2 else _AT, f"{n}.50", *who))
    return rows


def _workbook(rows: list[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("订单")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def _put_everything(shop: LandingShop) -> None:
    shop.put("crm.csv", _crm(), "gb18030")
    shop.put(
        "crm_old.csv", "\ufeff" + _crm(("CU000999", "赵六六", "", "", "", "", _AT, "")), "utf-16-le"
    )
    ids = [
        {"who": CUSTOMER, "kind": kind, "scope": "", "v": {"value": value}}
        for kind, value in (("phone", PHONE), ("phone", f"+86{PHONE}"), ("member_card_no", CARD))
    ]
    shop.put("ids.jsonl", "".join(json.dumps(row) + "\n" for row in ids))
    decisions = [
        ("who", "channel", "yes", "at", "why", "kind", "value"),
        (CUSTOMER, "ads", "true", _AT, "advertising", "phone", f"+86{PHONE}"),
        (CUSTOMER, "sms", "true", _AT, "", "", ""),
        ("CU000888", "ads", "true", _AT, "advertising", "phone", SHARED),
    ]
    shop.put("consents.csv", csv_of(*decisions))
    review = {"id": "R1", "who": CUSTOMER, "text": f"打 {PHONE}，{NAME}", "at": _AT}
    shop.put("reviews.jsonl", json.dumps(review, ensure_ascii=False) + "\n\n")
    people = pa.table(
        {"id": [BUYER, "EC000888"], "name": [NAME, "王大明"], "phone": [SHARED, SHARED]}
        | {"buyer": [OUID, "OU000888"]}
    )
    pq.write_table(people, shop.inbox / "erp.parquet")
    shop.put("orders_1.xlsx", _workbook(_orders(range(1, 5))))
    shop.put("orders_2.csv.gz", gzip.compress(csv_of(*_orders(range(5, 9), bad=True)).encode()))
    used = [("id", "batch", "order", "at", "who")]
    used += [("H1", "B", "JY2024000001", _AT, BUYER), ("H2", "B", "JY2024000002", _AT, "EC000888")]
    shop.put("coupons.csv", csv_of(*used))
    leads = [("id", "who", "name", "phone", "owner", "stage", "at")]
    leads += [("L1", CUSTOMER, NAME, "", "沈岚", "converted", _AT)]
    leads += [
        ("L2", "", NAME, PHONE, "沈岚", "lost", _AT),
        ("L3", "", "王", SHARED, "沈岚", "new", _AT),
    ]
    shop.put("leads.csv", csv_of(*leads))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("九月.csv", csv_of(*_orders(range(9, 13))))
        out.writestr("readme.txt", f"Questions: {PHONE}")
    shop.put("packed.zip", packed.getvalue())
    rows = [
        {
            "id": f"E{n}",
            "at": _AT,
            "name": "page_view",
            "cookie": COOKIE,
            "user": CUSTOMER if n else None,
        }
        | {"url": f"https://shop.example/u/{PHONE}"}
        for n in range(2)
    ]
    shop.put("events.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    units = (COOKIE, CUSTOMER, "another-cookie")
    groups = [("test", unit, "control", _AT) for unit in units]
    shop.put("groups.csv", csv_of(("test", "unit", "group", "at"), *groups))
    values = [("test", unit, "spend", f"{n}.00") for n, unit in enumerate(units)]
    shop.put("values.csv", csv_of(("test", "unit", "metric", "value"), *values))


_MODELS = """
create schema if not exists intermediate; create schema if not exists seeds;
create schema if not exists marts; create schema if not exists staging;
create table seeds.blocked_identifiers (id_type varchar, pattern varchar);
create table intermediate.int_identity__customer_map as
select record_type, source_system, shop_id, record_id,
    md5(case record_type when 'order' then '' else record_type || '|' end
        || source_system || '|' || shop_id || '|' || record_id) as record_key,
    case when is_own then 'c1111aaaa2222bbbb' else 'c2' end as customer_id, false as is_anonymous
from (
    select 'crm' as record_type, source_system, shop_id, customer_id as record_id,
        customer_id = 'CU000777' as is_own from raw.crm_customers
    union select 'erp', source_system, shop_id, customer_id, customer_id = 'EC000777'
    from raw.erp_customers
    union select 'order', source_system, shop_id, order_id, customer_id = 'EC000777'
    from raw.erp_orders);
create table intermediate.int_identity__order_buyers as
select record_key as order_key, 'buyer-of-' || customer_id as buyer_key
from intermediate.int_identity__customer_map where record_type = 'order';
create table intermediate.int_identity__customer_ids as
select record_key, customer_id, null::varchar as previous_customer_id, 1::bigint as generation,
    'born' as change, null::varchar as evidence_id_type, null::varchar as evidence_identifier_key,
    now()::timestamp as learned_at
from intermediate.int_identity__customer_map where record_type <> 'order';
create table intermediate.int_identity__identifiers as
select record_key, md5(record_key) as identifier_key, sha256(record_key) as id_hash
from intermediate.int_identity__customer_map;
create table marts.customer_360 as select distinct customer_id from intermediate.int_identity__customer_map;
create table marts.orders as select order_id, 'c1111aaaa2222bbbb' as customer_id, paid_amount from raw.erp_orders;
"""
"""What a removal reads of the models, for a shop that is not built."""


def _silent(done: int, total: int, what: str) -> None: ...


def _landed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> LandingShop:
    monkeypatch.setenv("SHOP360_SALT", "salt")
    shop = LandingShop(folder, FEEDS)
    inbox = shop.settings.home / "inbox"
    shop.inbox = inbox
    inbox.mkdir(parents=True)
    shop.settings = type(shop.settings)(shop.settings.home, shop.settings.config, inbox)
    _put_everything(shop)
    report = shop.land()
    assert [(f.file, f.error) for f in report.files if f.status != "landed"] == []
    with connect(shop.settings) as con:
        con.execute(_MODELS)
    return shop


def _forget(shop: LandingShop) -> removals.Proof:
    with connect(shop.settings, read_only=True) as con:
        removal = removals.collect(con, tokens.load(shop.settings), (ME,), "salt")
    removals.begin(shop.settings, removal, [ME])
    proof = removals.remove(shop.settings, removal, _silent)
    removals.finish(shop.settings, removal, proof)
    return proof


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[LandingShop]:
    yield _landed(tmp_path, monkeypatch)


def _sums(shop: LandingShop) -> list[tuple]:
    return shop.query(
        """select order_id, paid_amount, status from raw.erp_orders union all
        select count(*)::varchar, count(distinct customer_id), count(distinct phone)::varchar
        from raw.crm_customers union all
        select count(*)::varchar, count(distinct visitor_id), 'events' from raw.web_events union all
        select reason_code, count(*), '' from meta.quarantine group by 1 order by all"""
    )


def _traces(shop: LandingShop) -> list[str]:
    return Search(SECRETS).home(shop.settings).traces


def test_no_file_of_any_format_holds_a_removed_person(shop: LandingShop) -> None:
    before = _sums(shop)
    assert len(_traces(shop)) > 15
    proof = _forget(shop)
    assert proof.traces == []
    assert _traces(shop) == []
    assert _sums(shop) == before
    others = shop.query(
        "select phone, full_name from raw.crm_customers where customer_id = 'CU000888'"
    )
    assert others == [(SHARED, "王大明")]


def test_consents_of_a_removed_person_keep_their_meaning(shop: LandingShop) -> None:
    _forget(shop)
    assert shop.query(
        "select customer_id like 'forgotten-%', purpose, id_type, "
        "case when id_value like '+999%' then 'token' else id_value end, is_granted "
        "from raw.crm_consents order by all"
    ) == [
        (False, "advertising", "phone", SHARED, True),
        (True, "advertising", "phone", "token", True),
        (True, "contact", "", "", True),
    ]


def test_units_of_experiments_stay_tied_without_the_person(shop: LandingShop) -> None:
    _forget(shop)
    rows = shop.query(
        """select unit_id, variant, numerator from raw.web_experiment_assignments
        join raw.web_experiment_outcomes using (experiment_id, unit_id) order by numerator"""
    )
    assert [(variant, int(value)) for _, variant, value in rows] == [
        ("control", 0), ("control", 1), ("control", 2),
    ]  # fmt: skip
    visitors = {visitor for (visitor,) in shop.query("select visitor_id from raw.web_events")}
    cookie, customer, other = (unit for unit, *_ in rows)
    assert {cookie} == visitors and cookie.startswith("forgotten-")
    assert customer.startswith("forgotten-") and other == "another-cookie"


def test_used_coupons_stay_without_the_person(shop: LandingShop) -> None:
    _forget(shop)
    mine, other = shop.query(
        "select customer_id, order_id from raw.erp_coupon_redemptions order by redemption_id"
    )
    assert mine[0].startswith("forgotten-") and mine[1] == "JY2024000001"
    assert other == ("EC000888", "JY2024000002")


def test_leads_stay_without_the_person(shop: LandingShop) -> None:
    """A lead is a person's by its CRM id or its phone; the employee who is responsible stays."""
    _forget(shop)
    linked, unlinked, other = shop.query(
        "select customer_id, full_name, phone, owner, stage from raw.crm_leads order by lead_id"
    )
    assert linked[0].startswith("forgotten-")
    assert NAME not in (linked[1], unlinked[1]) and unlinked[2] != PHONE
    assert (linked[3:], unlinked[3:]) == (("沈岚", "converted"), ("沈岚", "lost"))
    assert other == (None, "王", SHARED, "沈岚", "new")


def test_rows_that_checks_found_go_with_the_person(shop: LandingShop) -> None:
    rows = '[{"customer_id": "CU000888"}]'
    check_results.save(
        shop.settings,
        "dbt",
        [("r", "dbt", "a_check", False, "error", 1, "1 row", rows)],
        ["a_check"],
    )
    assert failed_checks.read(shop.settings)[0]["rows"]
    _forget(shop)
    assert shop.query("select count(*) from meta.failing_rows") == [(0,)]
    [check] = failed_checks.read(shop.settings)
    assert (check["failures"], check["rows"]) == (1, [])


def test_a_removed_person_is_one_customer_without_a_name(shop: LandingShop) -> None:
    _forget(shop)
    [(ids, buyers, cards, phones)] = shop.query(
        """select count(distinct crm_customer_id), count(distinct platform_buyer_id),
        count(distinct member_card_no), count(distinct phone)
        from raw.erp_orders where crm_customer_id like 'forgotten-%'"""
    )
    assert (ids, buyers, cards, phones) == (1, 1, 1, 1)
    assert shop.query(
        "select count(*) from raw.erp_orders semi join raw.crm_customers as crm "
        "on erp_orders.crm_customer_id = crm.customer_id where crm_customer_id like 'forgotten-%'"
    ) == [(4,)]


def test_a_run_after_a_removal_lands_nothing_anew(shop: LandingShop) -> None:
    _forget(shop)
    assert {f.status for f in shop.land().files} == {"unchanged"}


def test_delivered_again_the_person_stays_forgotten(shop: LandingShop) -> None:
    _forget(shop)
    before = _sums(shop)
    _put_everything(shop)
    # A workbook is never written twice with the same bytes, and its rows are what they were.
    for file in shop.land().files:
        assert file.counts.accepted == file.counts.replaced == 0, file
        assert file.status == "unchanged" or file.file.endswith(".xlsx"), file
    assert shop.query("select count(*) from raw.erp_orders where receiver_name like '李%'") == [
        (0,)
    ]
    assert _sums(shop) == before


def test_a_later_export_lands_and_is_archived_without_the_person(shop: LandingShop) -> None:
    _forget(shop)
    shop.put("crm_new.csv", _crm(("CU001000", "新人", "", "", "", "", _AT, "")), "utf-8")
    shop.put("orders_9.csv", csv_of(*_orders(range(1, 15))))
    report = shop.land()
    by_name = {f.file: f for f in report.files if f.status == "landed"}
    assert by_name.keys() == {"crm_new.csv", "orders_9.csv"}
    assert by_name["crm_new.csv"].counts.unchanged == 2
    assert any("removed" in warning for warning in by_name["orders_9.csv"].warnings)
    assert shop.query(
        "select count(*) from raw.erp_orders where crm_customer_id like 'forgotten-%'"
    ) == [(7,)]
    for name in ("crm_new.csv", "orders_9.csv"):
        (shop.inbox / name).unlink()
    assert _traces(shop) == []


def test_the_archive_lands_again_as_the_same_rows(shop: LandingShop, tmp_path: Path) -> None:
    _forget(shop)
    again = LandingShop(tmp_path / "again", FEEDS)
    for name, place in shop.query(
        "select file_name, archived_as from meta.files order by modified_at"
    ):
        plain = name.removesuffix(".gz").replace("packed.zip/", "orders_")
        again.put(plain, (shop.settings.archive / place).read_bytes())
    again.land()
    for table in ("crm_customers", "crm_identifiers", "erp_customers", "erp_orders", "web_events"):
        query = f"select * exclude (_batch_id, _file, _loaded_at) from raw.{table} order by all"
        assert again.query(query) == shop.query(query), table


def test_the_ledger_of_the_archive_knows_what_was_replaced(shop: LandingShop) -> None:
    old = dict(shop.query("select file_name, file_hash from meta.files"))
    _forget(shop)
    new = dict(shop.query("select file_name, file_hash from meta.files"))
    ledger = archive.read(shop.settings)
    assert ledger.present_hash(old["crm.csv"]) == new["crm.csv"] != old["crm.csv"]


def test_a_removal_killed_anywhere_is_finished_by_the_next(
    shop: LandingShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _sums(shop)
    with connect(shop.settings, read_only=True) as con:
        removal = removals.collect(con, tokens.load(shop.settings), (ME,), "salt")
    removals.begin(shop.settings, removal, [ME])
    for stop in range(1, 6):

        def killed(done: int, total: int, what: str, stop: int = stop) -> None:
            if done == stop:
                raise KeyboardInterrupt

        rest = removals.interrupted(shop.settings)
        assert rest is not None
        with pytest.raises(KeyboardInterrupt):
            removals.remove(shop.settings, rest, killed)
    rest = removals.interrupted(shop.settings)
    assert rest is not None
    proof = removals.remove(shop.settings, rest, _silent)
    removals.finish(shop.settings, rest, proof)
    assert _traces(shop) == [] and removals.interrupted(shop.settings) is None
    assert _sums(shop) == before


def test_the_list_and_the_proof_hold_no_value(shop: LandingShop) -> None:
    _forget(shop)
    folder = tokens.folder(shop.settings)
    assert {p.suffix for p in folder.iterdir()} == {"", ".csv", ".json"}
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".json"
        assert not any(secret in path.read_text() for secret in SECRETS)


def test_a_home_on_a_lake_refuses_in_one_line(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path, target="spark", lake=str(tmp_path / "lake"))
    with pytest.raises(removals.ForgetError, match="--target duckdb"):
        removals.look_up(shop.settings, ["x"])


def test_the_search_finds_what_is_packed_and_encoded(tmp_path: Path) -> None:
    shop = LandingShop(tmp_path)
    home = shop.settings.home
    (home / "deep").mkdir(parents=True)
    (home / "deep/a.gz").write_bytes(gzip.compress(f"x,{PHONE}".encode("utf-16")))
    (home / "deep/b.txt").write_bytes(NAME.encode("gb18030"))
    (home / "deep/c.xlsx").write_bytes(_workbook([(f"tel:{PHONE}",)]))
    pq.write_table(pa.table({"a": [f"+86{PHONE}"]}), home / "deep/d.parquet")
    with duckdb.connect(str(home / "deep/e.duckdb")) as con:
        con.execute("create table t as select ? as x", [MAIL])
    (home / "deep/f.txt").write_text("nothing 13812345671")
    found = {trace.split(":")[0].split("/")[1].split(" ")[0] for trace in _traces(shop)}
    assert found == {"a.gz", "b.txt", "c.xlsx", "d.parquet", "e.duckdb"}


@pytest.mark.thorough
def test_twenty_people_are_forgotten_and_no_figure_moves(tmp_path: Path) -> None:
    from shops import Shop

    shop, before = Shop(tmp_path / "demo"), tmp_path / "before.duckdb"
    assert shop.cli("demo", "--customers", 1000).returncode == 0
    shop.run()
    before.write_bytes(shop.released.read_bytes())
    drawn = shop.ask(
        "select customer_id from marts.customer_360 where not is_anonymous order by md5(customer_id) limit 20"
    )
    ids = [customer for (customer,) in drawn]
    # A number of a household, or one that another person has now, stays in the rows of the others.
    values = shop.ask_warehouse(
        f"""with own as (
                select record_id from marts.customer_identities where customer_id in {tuple(ids)}
                union all select order_id from marts.orders where customer_id in {tuple(ids)}
            ),
            carried as (
                select customer_id as record_id, phone from raw.crm_customers
                union all select customer_id, id_value from raw.crm_identifiers where id_type = 'phone'
                union all select customer_id, phone from raw.erp_customers
                union all select order_id, phone from raw.erp_orders
            )
            select phone from carried where phone is not null group by phone
            having bool_and(record_id in (select record_id from own))"""
    )
    assert len(values) >= 10
    done = shop.cli("forget", *ids, "--yes", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    texts = [*ids, *(phone.replace(" ", "") for (phone,) in values if phone)]
    found = Search(texts).home(type("Home", (), {"home": shop.home})())  # ty: ignore[invalid-argument-type]
    assert found.traces == []
    with duckdb.connect() as con:
        con.execute(
            f"attach '{before}' as old (read_only); attach '{shop.released}' as new (read_only)"
        )
        for table in (
            "kpi_values",
            "daily_sales",
            "monthly_cohorts",
            "daily_traffic",
            "daily_marketing",
        ):
            differing = con.execute(
                f"select * from (from old.marts.{table} except from new.marts.{table}) limit 5"
            ).fetchall()
            assert differing == [], table
    rebuilt = shop.cli("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    assert Search(texts).home(type("Home", (), {"home": shop.home})()).traces == []  # ty: ignore[invalid-argument-type]
    assert shop.cli("forget", ids[0], "--yes").returncode == 1
