"""Every row of the identity policy is effective, bad identifiers merge no records, and the operator's lists count."""

import csv
from collections.abc import Iterator

import pytest
from identity_lab import Lab
from shops import REPO

POLICY = list(csv.DictReader((REPO / "seeds" / "identity_policy.csv").open(encoding="utf-8")))
OPERATORS = {"operator_link", "operator_block", "fuzzy_match"}
# Kinds that records carry in columns of their own; all others are listed by the CRM.
COLUMNS = {
    "crm_customer_id",
    "erp_customer_id",
    "member_card_no",
    "wx_unionid",
    "phone",
    "email",
    "phone_and_name",
    "email_and_name",
    "full_name",
    "birth_year",
}
LISTED = [row for row in POLICY if row["id_type"] not in OPERATORS | COLUMNS]


def _value(kind: str, number: int) -> str:
    """A usable value of a kind."""
    if kind == "phone":
        return f"1371{number:07d}"
    if kind == "email":
        return f"tea{number}@mail.example"
    return f"{kind}-{number}"


def _crm(number: str, **values: object) -> dict[str, object]:
    return {
        "source_system": "crm",
        "shop_id": "brand",
        "customer_id": number,
        "registered_at": "2026-01-01",
        **values,
    }


def _listed(owner: str, kind: str, value: str, scope: str = "") -> dict[str, object]:
    return {
        "source_system": "crm",
        "shop_id": "brand",
        "customer_id": owner,
        "id_type": kind,
        "id_scope": scope,
        "id_value": value,
        "is_verified": True,
    }


def _order(number: str, **values: object) -> dict[str, object]:
    return {
        "source_system": "erp",
        "shop_id": "s",
        "order_id": number,
        "status": "paid",
        "ordered_at": "2026-01-05",
        **values,
    }


def _policy_rows() -> Iterator[dict[str, object]]:
    """For each listed kind: two records that share a value, and as many as are one too many."""
    for number, row in enumerate(LISTED):
        kind = row["id_type"]
        for name in "ab":
            yield _listed(f"pair-{kind}-{name}", kind, _value(kind, number), "scope")
        # The same value in another shop's scope means another person.
        yield _listed(f"other-{kind}", kind, _value(kind, number), "elsewhere")
        limit = int(row["max_customers_per_id"] or 0)
        for person in range(limit + 1):
            yield _listed(f"hub-{kind}-{person}", kind, _value(kind, 900 + number), "scope")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """All cases side by side in one build, each with values of its own."""
    lab = Lab(tmp_path_factory.mktemp("policy") / "home")
    lab.land("crm.identifiers", _policy_rows(), "2026-02-01 00:00:00")
    lab.land("crm.customers", _people(), "2026-02-01 00:00:01")
    lab.land("erp.customers", _buyers(), "2026-02-01 00:00:02")
    lab.land("erp.orders", _orders(), "2026-02-01 00:00:03")
    lab.land("crm.matches", _matches(), "2026-02-01 00:00:04")
    lab.build()
    return lab


def _people() -> Iterator[dict[str, object]]:
    yield _crm("card-1", member_card_no="card", phone="13611110001")
    yield _crm("card-2", member_card_no="card", phone="13611110002")
    yield _crm("couple-1", member_card_no="k1", phone="13611110003", full_name="王芳")
    yield _crm("couple-2", member_card_no="k2", phone="13611110003", full_name="李雷")
    yield _crm("chain-1", member_card_no="k3", phone="13611110004")
    yield _crm("chain-2", member_card_no="k4", email="chain@mail.example")
    yield _crm("union-1", wechat_unionid="u1", member_card_no="k5")
    yield _crm("union-2", wechat_unionid="u2", member_card_no="k5")
    yield _crm("quoted", phone="13611110006")
    yield _crm("spelt", phone="１３６ １１１１ ０００７")
    for case, born in _FAMILIES.items():
        for number, birth in enumerate(born, 1):
            yield _crm(
                f"{case}-{number}", full_name="John Smith", phone=_phone(case), birth_on=birth
            )
    yield _crm("typed-1", full_name="Ann Reed", birth_on="1970-06-18")
    yield _crm("typed-2", full_name="Ann Reed", birth_on="1907-06-18")
    yield _crm("typed-3", full_name="Anne Reed")
    for person in range(12):
        yield _crm(f"same-{person}", phone="13612340000", email="all@mail.example")
        yield _crm(f"card-of-all-{person}", member_card_no="VIP")
        yield _crm(f"shared-{person}", phone="13800138000", email="info@shop.example")
        yield _crm(f"masked-{person}", phone="136****0009", full_name="王*")
        yield _crm(f"empty-{person}")


# Birth dates of records of one name on one phone.
_FAMILIES = {
    "father": ("1970-08-08", "1998-05-17"),
    "three": ("1950-02-01", "1980-03-02", None),
    "default": ("1970-01-01", "1998-05-17"),
    "undated": ("1950-02-01", None, None),
    "mistyped": ("1980-03-02", "1980-03-20"),
}


def _phone(case: str) -> str:
    return f"1368888{list(_FAMILIES).index(case):04d}"


def _matches() -> Iterator[dict[str, object]]:
    """As the matcher would hold them: nothing differs in what both records have."""
    for a, b in (
        ("three-1", "three-3"),
        ("three-2", "three-3"),
        ("typed-1", "typed-2"),
        ("typed-1", "typed-3"),
        ("typed-2", "typed-3"),
    ):
        yield {
            "source_system": "m",
            "shop_id": "brand",
            "record_id_a": a,
            "record_id_b": b,
            "probability": 0.99,
            **{
                f"{name}_{side}": value
                for side in "ab"
                for name, value in (
                    ("record_type", "crm"),
                    ("source_system", "crm"),
                    ("shop_id", "brand"),
                )
            },
        }


def _buyers() -> Iterator[dict[str, object]]:
    for name in ("a", "b"):
        yield {
            "source_system": "erp",
            "shop_id": name,
            "customer_id": "7",
            "phone": f"1361111001{name == 'a':d}",
        }


def _orders() -> Iterator[dict[str, object]]:
    yield _order("couple", phone="13611110003", receiver_name="李 雷")
    yield _order("couple-either", phone="13611110003")
    yield _order("chain", phone="13611110004", email="CHAIN@mail.example")
    yield _order("quotes", crm_customer_id="quoted", shop_id="t")
    yield _order("spells", phone="+86 136-1111-0007")
    for number in range(60):
        yield _order(f"guest-{number}", customer_id="0", phone=f"1361222{number:04d}")


def _groups(lab: Lab, prefix: str) -> list[set[str]]:
    groups: dict[str, set[str]] = {}
    for record, customer in lab.customers().items():
        if record[3].startswith(prefix):
            groups.setdefault(customer, set()).add(record[3])
    return sorted(groups.values(), key=lambda group: sorted(group))


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["id_type"])
def test_a_row_of_the_policy_does_what_it_says(lab: Lab, row: dict[str, str]) -> None:
    kind = row["id_type"]
    pair = {f"pair-{kind}-a", f"pair-{kind}-b"}
    if row["is_edge"] == "false":
        assert _groups(lab, f"pair-{kind}") == [{name} for name in sorted(pair)]
        return
    assert _groups(lab, f"pair-{kind}-") == [pair]
    stranger = lab.customers()["crm", "crm", "brand", f"other-{kind}"]
    shares = stranger == lab.customers()["crm", "crm", "brand", f"pair-{kind}-a"]
    assert shares == (row["scope"] == "brand")
    if row["max_customers_per_id"]:
        hub = _groups(lab, f"hub-{kind}-")
        assert len(hub) == int(row["max_customers_per_id"]) + 1, "a hub has merged people"


def test_a_card_ties_and_two_cards_on_a_phone_do_not(lab: Lab) -> None:
    assert (
        _groups(lab, "card-1")[0]
        and lab.customers()["crm", "crm", "brand", "card-1"]
        == (lab.customers()["crm", "crm", "brand", "card-2"])
    )
    assert _groups(lab, "couple") == [{"couple", "couple-2"}, {"couple-1"}, {"couple-either"}]


def test_father_and_son_of_one_name_on_one_phone_stay_apart(lab: Lab) -> None:
    assert _groups(lab, "father-") == [{"father-1"}, {"father-2"}]


def test_no_birth_date_joins_neither_father_nor_son(lab: Lab) -> None:
    assert _groups(lab, "three-") == [{"three-1"}, {"three-2"}, {"three-3"}]
    reviews = lab.sql(
        "select reason, id_type, conflicting_id_type, id_count, customer_count, tie_count"
        " from marts.identity_review where block_lines like '%three-3%'"
    )
    assert ("conflict", "phone_and_name", "birth_year", 2, 3, 2) in reviews


def test_a_missing_default_or_mistyped_birth_date_parts_nobody(lab: Lab) -> None:
    assert _groups(lab, "default-") == [{"default-1", "default-2"}]
    assert _groups(lab, "undated-") == [{"undated-1", "undated-2", "undated-3"}]
    assert _groups(lab, "mistyped-") == [{"mistyped-1", "mistyped-2"}]


def test_a_birth_year_that_a_match_has_weighed_parts_nobody(lab: Lab) -> None:
    assert _groups(lab, "typed-") == [{"typed-1", "typed-2", "typed-3"}]


def test_two_unionids_on_a_card_wait_for_a_word(lab: Lab) -> None:
    assert len(_groups(lab, "union-")) == 2
    found = lab.sql(
        "select id_type, conflicting_id_type, customer_count from marts.identity_review"
        " where id_type in ('member_card_no', 'phone') order by all"
    )
    assert ("member_card_no", "wx_unionid", 2) in found
    assert ("phone", "member_card_no", 2) in found


def test_a_chain_that_ends_in_two_cards_is_refused_as_a_whole(lab: Lab) -> None:
    assert len(_groups(lab, "chain")) == 3
    reasons = lab.sql("select reason from marts.identity_review where id_type = 'email'")
    assert reasons == [("chain",)]


def test_a_quoted_id_means_the_only_record_of_that_id(lab: Lab) -> None:
    assert _groups(lab, "quote") == [{"quoted", "quotes"}]


def test_spelling_does_not_matter(lab: Lab) -> None:
    assert _groups(lab, "spel") == [{"spells", "spelt"}]


@pytest.mark.parametrize("prefix", ["same-", "card-of-all-", "shared-", "masked-", "empty-"])
def test_a_column_full_of_one_value_or_of_none_merges_nobody(lab: Lab, prefix: str) -> None:
    assert len(_groups(lab, prefix)) == 12


def test_an_erp_that_calls_every_guest_0_merges_nobody(lab: Lab) -> None:
    assert len(_groups(lab, "guest-")) == 60
    hubs = lab.sql(
        "select id_type, people_count from intermediate.int_identity__excluded_identifiers"
        " where excluded_reason = 'hub' and id_type = 'erp_customer_id'"
    )
    assert hubs and hubs[0][1] > 10


def test_links_and_blocks_win_and_history_follows_back(lab: Lab) -> None:
    before = lab.customers()
    one, other = ("crm", "crm", "brand", "card-1"), ("crm", "crm", "brand", "card-2")
    twin = ("crm", "crm", "brand", "couple-1")
    lab.sql(
        "insert into seeds.identity_blocks values"
        " ('apart', 'crm', 'crm', 'brand', 'card-1', ''), ('apart', 'crm', 'crm', 'brand', 'card-2', '')"
    )
    lab.sql(
        "insert into seeds.identity_links values"
        " ('one', 'crm', 'crm', 'brand', 'couple-1', ''), ('one', 'order', 'erp', 's', 'quotes', '')"
    )
    lab.build()
    split = lab.customers()
    assert split[one] != split[other]
    assert before[one] in (split[one], split[other])
    changes = lab.sql("select change, is_manual from marts.identity_changes where generation = 2")
    assert ("split", True) in changes
    waiting = lab.sql("select count(*) from marts.identity_review where id_type = 'member_card_no'")
    lab.sql("delete from seeds.identity_blocks")
    lab.sql("delete from seeds.identity_links")
    lab.build()
    assert lab.customers() == before, "the ids of before"
    assert waiting == [(1,)], "what a block has settled waits no longer"
    assert split[twin] == before[twin]
