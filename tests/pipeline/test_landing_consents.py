"""Consents land with purpose, identifier and recipient; exports and homes without these columns keep their meaning."""

from pathlib import Path

import duckdb
from landing_kit import LandingShop, csv_of

_PLAIN = {"customer_id": "who", "channel": "channel", "is_granted": "yes", "decided_at": "at"}
_FULL = _PLAIN | {
    "purpose": {"from": "purpose", "map": {"广告": "advertising", "联系": "contact"}},
    "id_type": "kind",
    "id_value": "value",
    "recipient": "recipient",
}
_HEADER = ("who", "channel", "yes", "at", "purpose", "kind", "value", "recipient")
_AT = "2024-01-05 10:00:00"
_ASKED = (
    "select purpose, id_type, id_value, recipient, is_granted from raw.crm_consents order by all"
)


def _shop(folder: Path, columns: dict[str, object]) -> LandingShop:
    mapping = {"files": "consents*", "source_system": "crm", "columns": columns}
    return LandingShop(folder, {"crm.consents": [mapping]})


def test_a_decision_of_before_is_about_contact(tmp_path: Path) -> None:
    shop = _shop(tmp_path, _PLAIN)
    shop.put("consents.csv", csv_of(_HEADER[:4], ("c1", "sms", "true", _AT)))
    shop.land()
    assert shop.query(_ASKED) == [("contact", "", "", "", True)]


def test_decisions_about_two_identifiers_are_two_rows(tmp_path: Path) -> None:
    shop = _shop(tmp_path, _FULL)
    row = ("c1", "ads", "true", _AT, "广告", "phone")
    shop.put(
        "consents.csv",
        csv_of(
            _HEADER,
            (*row, "13812345670", ""),
            (*row, "13812345671", ""),
            (*row, "13812345671", "meta"),
            ("c1", "ads", "false", _AT, "", "", "", ""),
        ),
    )
    [file] = shop.land().files
    assert (file.counts.accepted, file.counts.quarantined) == (4, 0)
    assert shop.query(_ASKED) == [
        ("advertising", "phone", "13812345670", "", True),
        ("advertising", "phone", "13812345671", "", True),
        ("advertising", "phone", "13812345671", "meta", True),
        ("contact", "", "", "", False),
    ]


def test_an_unknown_purpose_is_refused(tmp_path: Path) -> None:
    shop = _shop(tmp_path, _FULL)
    unknown = ("c1", "ads", "true", _AT, "科研", "", "", "")
    shop.put("consents.csv", csv_of(_HEADER, unknown))
    shop.land()
    assert shop.query("select count(*) from raw.crm_consents") == [(0,)]
    assert shop.quarantined() == [(2, "purpose", "unknown_value")]


def test_a_home_of_before_gets_the_columns(tmp_path: Path) -> None:
    shop = _shop(tmp_path, _PLAIN)
    shop.put("consents.csv", csv_of(_HEADER[:4], ("c1", "sms", "true", _AT)))
    shop.land()
    with duckdb.connect(str(shop.settings.warehouse)) as con:
        for schema in ("raw", "history"):
            for column in ("purpose", "id_type", "id_value", "recipient"):
                con.execute(f"alter table {schema}.crm_consents drop column {column}")
    shop.put("consents_2.csv", csv_of(_HEADER[:4], ("c1", "sms", "false", "2024-01-06 10:00:00")))
    shop.land()
    assert shop.query(_ASKED) == [
        ("contact", "", "", "", False),
        ("contact", "", "", "", True),
    ]
    # The same rows, delivered again, are not new.
    shop.put("consents_3.csv", csv_of(_HEADER[:4], ("c1", "sms", "true", _AT)))
    shop.land()
    assert len(shop.query(_ASKED)) == 2
