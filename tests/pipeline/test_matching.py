"""Matching: who is one person, who only lives together, and what a next run does."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from matching_kit import (
    PEOPLE,
    MatchingShop,
    accepted,
    people,
    quality,
    records,
    true_pairs,
)

from orchestration.matching import model as trained_model
from orchestration.matching import run, scoring
from orchestration.matching.comparisons import COMPARISONS
from orchestration.matching.model import FEWEST_HOUSEHOLDS, Model
from orchestration.matching.policy import MatchingError, load_policy
from orchestration.matching.run import train

PERSONS = people(900, seed=7)
ROWS = records(PERSONS, seed=8)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> MatchingShop:
    """Families and singles, a third of them with a second record, matched once."""
    shop = MatchingShop(tmp_path_factory.mktemp("matching"), PEOPLE)
    shop.deliver("people.csv", ROWS)
    report = shop.match()
    assert (report.skipped, report.records, report.fresh) == ("", len(ROWS), len(ROWS))
    return shop


def _person_of(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["customer_id"]: row["person"] for row in rows}


def test_families_that_share_phone_address_and_name_stay_apart(shop: MatchingShop) -> None:
    truth = true_pairs(_person_of(ROWS))
    precision, recall, _ = quality(accepted(shop.settings), truth)
    assert precision >= 0.99
    assert recall >= 0.95


def test_pairs_are_in_the_ledger_and_say_why_without_values(shop: MatchingShop) -> None:
    [(system, accepted_rows)] = shop.query(
        "select source_system, rows_accepted from meta.row_ledger where feed = 'crm.matches'"
    )
    assert (system, accepted_rows) == ("shop360", len(shop.pairs()))
    texts = [text for (text,) in shop.query("select evidence from raw.crm_matches")]
    assert all("given: " in text or "birth: " in text for text in texts)
    assert not any(character.isdigit() for text in texts for character in text)
    assert shop.query("select count(*) from meta.files where archived_as is null") == [(0,)]


def test_the_model_is_kept_without_personal_values(
    shop: MatchingShop,
) -> None:
    [path] = (shop.settings.home / "private" / "matching").glob("model-*.json")
    model = json.loads(path.read_text())
    assert model["record_count"] == len(ROWS)
    assert model["splink_version"].startswith("5.")
    assert model["training_pairs"]
    assert set(model["shares"]) == {"given", "family", "birth", "gender", "phone", "email", "place"}
    full = {row["full_name"] for row in ROWS}
    assert not full & {name for names in model["names"].values() for name in names}


def test_a_second_run_scores_nothing_and_changes_nothing(shop: MatchingShop) -> None:
    before = shop.query("select * from raw.crm_matches order by all")
    ledger = shop.query("select count(*) from meta.row_ledger")
    assert shop.match().skipped == "no record is new"
    assert shop.query("select * from raw.crm_matches order by all") == before
    assert shop.query("select count(*) from meta.row_ledger") == ledger


def test_only_new_and_changed_records_are_compared(
    tmp_path: Path,
) -> None:
    shop = MatchingShop(tmp_path, PEOPLE)
    shop.deliver("people_1.csv", ROWS)
    shop.match()
    before, [model] = (
        shop.pairs(),
        list((shop.settings.home / "private" / "matching").glob("model-*.json")),
    )
    single = next(row for row in ROWS if row["customer_id"] == "c1-a")
    pair = next(pair for pair in sorted(before) if pair[0].startswith("c3-"))
    other = {**PERSONS[500], "customer_id": pair[0], "person": "500"}
    shop.deliver("people_2.csv", [{**single, "customer_id": "again"}, other])
    report = shop.match()
    assert (report.fresh, report.records) == (2, len(ROWS) + 1)
    assert report.pairs < 2 * len(ROWS)
    assert ("again", "c1-a") in shop.pairs(0.95)
    assert pair not in shop.pairs(0.01)
    assert pair in shop.pairs()
    untouched = {p for p in before if pair[0] not in p}
    assert untouched <= shop.pairs(0.8)
    assert list((shop.settings.home / "private" / "matching").glob("model-*.json")) == [model]


def test_training_anew_keeps_the_old_model_and_scores_all_again(shop: MatchingShop) -> None:
    before = shop.pairs(0.8)
    old = trained_model.load(shop.settings)
    new = train(shop.settings)
    assert old and not isinstance(new, str)
    assert (new.shares, new.prior, new.names) == (old.shares, old.prior, old.names)
    assert len(list((shop.settings.home / "private" / "matching").glob("model-*.json"))) == 2
    report = shop.match()
    assert report.fresh == len(ROWS)
    assert shop.pairs(0.8) == before


def test_two_member_cards_are_two_people(tmp_path: Path) -> None:
    rows = [
        {**row, "member_card_no": card}
        for row in ROWS
        for card in [
            f"card-{row['person']}" if row["person"] < "5" else f"card-{row['customer_id']}"
        ]
    ]
    shop = MatchingShop(tmp_path, PEOPLE)
    shop.deliver("people.csv", rows)
    assert shop.match().pairs == 0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "0 records are described, and a model needs 100"),
        (ROWS[:20], "20 records are described, and a model needs 100"),
        (
            [{"customer_id": str(n)} for n in range(200)],
            "records need a name, and a birth date, phone, e-mail or place beside it; they have nothing",
        ),
        (
            [{"customer_id": str(n), "full_name": "王伟", "gender": "male"} for n in range(200)],
            "records need a name, and a birth date, phone, e-mail or place beside it; "
            "they have family, gender, given",
        ),
    ],
    ids=["empty", "tiny", "all null", "names only"],
)
def test_what_teaches_nothing_matches_nothing_and_says_so(
    tmp_path: Path, rows: list[dict[str, str]], reason: str
) -> None:
    shop = MatchingShop(tmp_path, PEOPLE)
    if rows:
        shop.deliver("people.csv", rows)
    else:
        shop.land()
    assert shop.match().skipped == reason
    assert shop.match().skipped == reason
    assert shop.pairs() == set()


def test_one_value_for_everybody_matches_nobody(tmp_path: Path) -> None:
    same = {
        "phone": "13812345555",
        "email": "a@b.cn",
        "birth_on": "1970-01-01",
        "address": "文三路1号",
        "postcode": "310000",
    }
    shop = MatchingShop(tmp_path, PEOPLE)
    shop.deliver("people.csv", [{**row, **same} for row in ROWS])
    shop.match()
    assert shop.pairs() == set()


def test_swapped_names_are_one_piece_of_evidence() -> None:
    """John Davis and David Johnson share no name twice over."""
    [family] = [comparison for comparison in COMPARISONS if comparison.name == "family"]
    for given, counts_alone in (("'john'", False), ("null", True)):
        columns = (
            f"{given} as given_l, {given} as first_l, 'smith' as family_l, 'smith' as last_l, "
            "'smith' as given_r, 'smith' as first_r, 'john' as family_r, 'john' as last_r"
        )
        [(is_skipped,)] = duckdb.sql(f"select {family.missing} from (select {columns})").fetchall()
        assert is_skipped is not counts_alone


@pytest.mark.parametrize(
    ("households", "contact", "is_doubted"),
    [(FEWEST_HOUSEHOLDS, "", False), (FEWEST_HOUSEHOLDS, "phone", True), (0.5, "", True)],
)
@pytest.mark.parametrize("found", [{"given": "differs", "birth": "exact"}, {"given": "exact"}])
def test_twins_and_fathers_are_suspected_in_a_shared_home(
    households: float, contact: str, is_doubted: bool, found: dict[str, str]
) -> None:
    levels = {"family": "exact", "place": "same address"} | found
    compared = [
        one for one in COMPARISONS if one.name in ("given", "family", "birth", "place", contact)
    ]
    shares = {one.name: {level.name: (0.5, 0.1) for level in one.levels} for one in compared}
    model = Model("v", "", "", 9, "", "", {}, 0.1, households, shares, {}, 0.1)
    flags = ("is_short_form", "is_generation_apart", "is_chinese")
    gammas = [f"false as {flag}" for flag in flags]
    for one in compared:
        names = [level.name for level in reversed(one.levels)]
        place = names.index(levels[one.name]) if one.name in levels else -1
        gammas.append(f"{place} as gamma_{one.column}")
    doubtful = scoring._doubts(model)[1]
    assert duckdb.sql(f"select {doubtful} from (select {', '.join(gammas)})").fetchall() == [
        (is_doubted,)
    ]


def test_switched_off_it_does_nothing(shop: MatchingShop, monkeypatch: pytest.MonkeyPatch) -> None:
    off = replace(load_policy(), is_enabled=False)
    monkeypatch.setattr(run, "load_policy", lambda: off)
    assert shop.match().skipped == "switched off in the list `match_policy` (`lists` in shop.yml)"


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("true,0.7,0.8,100,100", "review_probability <= accept_probability"),
        ("yes,0.95,0.8,100,100", "is_enabled"),
        ("true,0.95,0.8,1,100", "max_block_size"),
    ],
)
def test_a_policy_that_cannot_be_says_what_was_expected(
    tmp_path: Path, row: str, word: str
) -> None:
    header = "is_enabled,accept_probability,review_probability,max_block_size,min_records"
    path = tmp_path / "match_policy.csv"
    path.write_text(f"{header}\n{row}\n")
    with pytest.raises(MatchingError, match=word):
        load_policy(path)
