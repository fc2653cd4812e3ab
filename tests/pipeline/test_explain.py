"""Explanations find the customer meant, show the whole chain with reasons, and show no value."""

import json
from pathlib import Path

import duckdb
import pytest
from shops import Shop


def _explained(shop: Shop, who: str) -> dict:
    done = shop.cli("explain", who, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def _trap(shop: Shop, trap: str, kind: str = "crm") -> list[str]:
    """The record ids of the first case of a trap."""
    rows = shop.ask_warehouse(
        f"""select record_id from '{shop.home}/private/truth/traps.parquet'
            where trap = '{trap}' and case_no = 1 and record_type = '{kind}' order by 1"""
    )
    return [record for (record,) in rows]


def _phone(shop: Shop, record_id: str) -> str:
    ((phone,),) = shop.ask_warehouse(
        f"select phone from raw.crm_customers where customer_id = '{record_id}'"
    )
    return phone


def test_a_chain_leads_from_the_first_record_to_every_other(demo_shop: Shop) -> None:
    members = _trap(demo_shop, "late_chain")
    found = _explained(demo_shop, members[0])
    (customer,) = found["explained"]
    records = {record["record_id"]: record for record in customer["records"]}
    assert set(members) <= records.keys() and len(members) == 3
    assert [record["number"] for record in customer["records"]] == list(range(1, len(records) + 1))
    first, *others = customer["records"]
    assert first["path"] == [1] and first["tied_by"] is None
    by_number = {record["number"]: record for record in customer["records"]}
    for record in others:
        *before, last = record["path"]
        assert last == record["number"] and by_number[before[-1]]["path"] == before
        assert record["tied_by"] and record["strength"] and len(record["identifier"]) == 12
        assert (record["evidence"] is None) == (record["tied_by"] != "fuzzy_match")
        assert record["evidence"] or record["probability"] == 1
    assert any(len(record["path"]) > 2 for record in others)


def test_a_customer_of_the_mart_is_explained_record_by_record(demo_shop: Shop) -> None:
    ((customer_id, size),) = demo_shop.ask_warehouse(
        """select customer_id, count(*) as size from marts.customer_identities
           group by customer_id order by size desc, customer_id limit 1"""
    )
    found = _explained(demo_shop, customer_id)
    assert found["found_as"] == ["customer_id"]
    (customer,) = found["explained"]
    assert len(customer["records"]) == size == found["customers"][0]["records"]
    assert all(record["tied_by"] for record in customer["records"][1:])
    assert customer["history"][0]["change"] == "born"


def test_a_household_phone_shows_what_separates_its_people(
    demo_shop: Shop,
) -> None:
    phone = _phone(demo_shop, _trap(demo_shop, "household_phone")[0])
    found = _explained(demo_shop, phone)
    assert len(found["customers"]) == 2
    (phone,) = [one for one in found["identifiers"] if one["id_type"] == "phone"]
    assert phone["reason"] == "conflict" and phone["told_by"] in ("member_card_no", "wx_unionid")
    for seed in ("identity_links", "identity_blocks"):
        lines = [line.split(",") for line in phone["paste"][seed]]
        assert len(lines) == 2 and lines[0][0] == lines[1][0] and lines[0] != lines[1]
        for _, kind, system, shop_id, record_id, _ in lines:
            assert demo_shop.ask_warehouse(
                f"""select 1 from intermediate.int_identity__customer_map
                    where (record_type, source_system, shop_id, record_id)
                        = ('{kind}', '{system}', '{shop_id}', '{record_id}')"""
            )


def test_a_phone_is_known_in_every_spelling(demo_shop: Shop) -> None:
    phone = _phone(demo_shop, _trap(demo_shop, "household_phone")[0])
    wide = phone.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    spellings = (phone, f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}", f"0086{phone}", wide)
    found = [_explained(demo_shop, spelling) for spelling in spellings]
    assert all(one == found[0] for one in found)


def test_an_identifier_that_ties_nobody_says_why(demo_shop: Shop) -> None:
    (placeholder,) = _explained(demo_shop, "13800138000")["identifiers"]
    assert (placeholder["id_type"], placeholder["reason"]) == ("phone", "placeholder")
    assert "blocked_identifiers" in placeholder["advice"] and placeholder["customers"] > 1
    hubs = demo_shop.ask_warehouse(
        "select identifier_key, people_count from intermediate.int_identity__hubs order by 1"
    )
    found = _explained(demo_shop, hubs[0][0][:12])
    (hub,) = found["identifiers"]
    assert (hub["reason"], hub["people"]) == ("hub", hubs[0][1])
    # Every customer is listed, none at length.
    assert len(found["customers"]) == hub["customers"] > 5 and found["explained"] == []
    (masked,) = demo_shop.ask_warehouse("select phone from raw.erp_orders where phone like '%*%' limit 1")  # fmt: skip
    assert {one["reason"] for one in _explained(demo_shop, masked[0])["identifiers"]} == {"masked"}


def test_every_entry_of_the_review_is_explained_by_its_key(demo_shop: Shop) -> None:
    entries = demo_shop.ask_warehouse(
        "select reason, min(review_key) from marts.identity_review group by all"
    )
    assert "conflict" in {reason for reason, _ in entries}
    for reason, review_key in entries:
        (one,) = _explained(demo_shop, review_key)["identifiers"]
        assert one["reason"] == reason and len(one["paste"]) == 2


def test_an_order_of_nobody_is_explained_by_what_it_lacks(demo_shop: Shop) -> None:
    ((order_id,),) = demo_shop.ask_warehouse(
        """select order_id from intermediate.int_identity__order_buyers
           inner join intermediate.int_identity__customer_map on order_key = record_key
           where is_anonymous and buyer_key is not null order by 1 limit 1"""
    )
    (customer,) = _explained(demo_shop, order_id)["explained"]
    assert customer["is_anonymous"] and len(customer["records"]) == 1
    assert all(one["reason"] for one in customer["left_out"])


def test_a_former_id_says_of_whom_it_is_part_since_when(demo_shop: Shop, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home")
    (shop.home / "private").mkdir(parents=True)
    (shop.home / "private" / "warehouse.duckdb").write_bytes(
        (demo_shop.home / "private" / "warehouse.duckdb").read_bytes()
    )
    ((record, now),) = demo_shop.ask_warehouse(
        "select record_key, customer_id from intermediate.int_identity__persons"
        " where customer_id is not null order by 1 limit 1"
    )
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb")) as con:
        con.execute(
            f"""insert into intermediate.int_identity__customer_ids by name
            select '{record}' as record_key, '{now}' as customer_id, 'cformer' as previous_customer_id,
                9 as generation, 'merged' as change, timestamp '2026-11-02' as learned_at"""
        )
    found = _explained(shop, "cformer")
    assert found["found_as"] == ["former_customer_id"]
    assert [customer["customer_id"] for customer in found["customers"]] == [now]
    (former,) = found["former"]
    assert (former["now"], former["change"], former["generation"]) == (now, "merged", 9)
    assert former["changed_at"] == "2026-11-02"
    shown = shop.cli("explain", "cformer").stdout
    assert "merged" in shown and "合并" in shown and now in shown


def test_an_unknown_value_is_an_error_with_the_places_searched(demo_shop: Shop) -> None:
    done = demo_shop.cli("explain", "13999999998")
    assert done.returncode == 1 and not done.stdout
    assert "order numbers" in done.stderr and "13999999998" not in done.stderr
    empty = Shop(demo_shop.home / "nowhere").cli("explain", "x")
    assert empty.returncode == 2 and "shop360 init" in empty.stderr


def test_an_explanation_names_no_phone_card_mail_or_name(demo_shop: Shop) -> None:
    values = demo_shop.ask_warehouse(
        """select distinct unnest([phone, email, member_card_no, full_name, wechat_unionid])
           from raw.crm_customers
           union select distinct unnest([phone, platform_buyer_id, receiver_name]) from raw.erp_orders"""
    )
    shown = {value for (value,) in values if value and len(value) > 1}
    ((phone, card, email),) = demo_shop.ask_warehouse(
        """select phone, member_card_no, email from raw.crm_customers
           where phone is not null and member_card_no is not null and email is not null
           order by customer_id limit 1"""
    )
    texts = []
    for typed in (phone, card, email, _phone(demo_shop, _trap(demo_shop, "household_phone")[0])):
        for options in ((), ("--json",)):
            done = demo_shop.cli("explain", typed, *options)
            assert done.returncode == 0 and typed not in done.stdout + done.stderr
            texts.append(done.stdout)
    text = "\n".join(texts)
    assert "手机号" in text and len(shown) > 3000
    assert {value for value in shown if value in text} == set()


def test_a_number_of_two_eras_says_that_it_was_silent(demo_shop: Shop) -> None:
    ((phone,),) = demo_shop.ask_warehouse(
        f"""select distinct phone from staging.stg_erp__customers
            where erp_customer_id = '{_trap(demo_shop, "recycled_by_time", "erp")[0]}'"""
    )
    found = _explained(demo_shop, phone)
    (era,) = [one for one in found["identifiers"] if one["id_type"] == "phone"]
    assert era["reason"] == "era" and era["window_days"] == 365 and len(found["customers"]) >= 2


@pytest.mark.parametrize("typed", ["hello", "", "。，", "王先生吗", "+"])
def test_text_that_normalises_to_nothing_finds_nobody(demo_shop: Shop, typed: str) -> None:
    done = demo_shop.cli("explain", typed)
    assert done.returncode == 1 and not done.stdout, done.stdout
