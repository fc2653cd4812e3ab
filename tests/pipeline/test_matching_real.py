"""Matching on people that the project did not invent, through the real landing.

The pairs of the matcher alone; how well released customers are the people is in `test_identity_people.py`.
"""

from pathlib import Path

import duckdb
from matching_kit import accepted, column, matched, pairs_of, quality, true_pairs
from shops import REPO, real_data


def test_febrl_people_are_found_again(tmp_path: Path) -> None:
    file = real_data("identity") / "febrl1.csv"
    settings, report = matched(tmp_path, REPO / "examples/febrl/shop.yml", [file])
    assert report.records == 1_000
    person_of = {record: record.split("-")[1] for record in column(file, "rec_id", "rec_id")}
    truth = true_pairs(person_of)
    assert len(truth) == 500
    precision, _, f1 = quality(accepted(settings), truth)
    assert precision >= 0.99
    assert f1 >= 0.99


def test_fake_people_are_found_despite_errors(tmp_path: Path) -> None:
    file = real_data("identity") / "fake_1000.csv"
    settings, _ = matched(tmp_path, REPO / "examples/fake_people/shop.yml", [file])
    truth = true_pairs(column(file, "unique_id", "cluster"))
    assert len(truth) == 2_031
    precision, recall, _ = quality(accepted(settings), truth)
    assert precision >= 0.99
    assert recall >= 0.85


def test_no_bicycle_customer_is_matched_by_the_name_alone(tmp_path: Path) -> None:
    files = [path for path in real_data("crm_erp").iterdir() if path.suffix == ".csv"]
    settings, report = matched(tmp_path, REPO / "examples/crm_erp/shop.yml", files)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        namesakes = con.execute(
            "select sum(n) from (select count(*) as n from raw.crm_customers where full_name is not null "
            "group by lower(full_name) having count(*) > 1)"
        ).fetchone()
    assert namesakes and namesakes[0] >= 169
    assert report.records == 55_452
    assert pairs_of(settings, 0) == set()
