"""A small shop of people who decided differently about advertising, and a segment that holds them all."""

import hashlib
from pathlib import Path

import duckdb
import yaml
from landing_kit import SHOP, csv_of
from shops import Shop

EXPORTER = "li.na"
_AT = "2024-01-05 10:00:00"
_LATER = "2024-02-05 10:00:00"

PHONES = {
    "granted": "13911110001",
    "undecided": "13911110002",
    "mail_only": "13911110003",
    "merged_refused": "13911110004",
    "merged_granted": "13911110005",
    "shared": "13911110006",
    "relayed": "13911110007-4321",
    "operator": "17011110008",
    "masked": "139****0009",
    "placeholder": "13800138000",
    "hub": "13911110010",
    "abroad": "+1 415 555 2671",
    "nowhere": "4155552672",
    "record_wide": "13911110011",
    "google_only": "13911110012",
    "withdrawn": "13911110013",
}
MAILS = {
    "mail_only": "Mei.Li+Shop@Gmail.com",
    "record_wide": "wide@mail.cn",
    "role": "info@mail.cn",
}

_PEOPLE = {
    "granted": ("王小明", "granted", "", "K01", "中国"),
    "undecided": ("赵二花", "undecided", "", "K02", "中国"),
    "mail_only": ("李美丽", "mail_only", "mail_only", "K03", "中国"),
    "merged_a": ("周大海", "merged_refused", "", "K04", "中国"),
    "merged_b": ("周大海", "merged_granted", "", "K04", "中国"),
    "sharer_a": ("吴一帆", "shared", "", "K05", "中国"),
    "sharer_b": ("郑双双", "shared", "", "K06", "中国"),
    "relayed": ("冯三泰", "relayed", "", "K07", "中国"),
    "operator": ("陈四喜", "operator", "", "K08", "中国"),
    "masked": ("褚五味", "masked", "", "K09", "中国"),
    "placeholder": ("卫六顺", "placeholder", "", "K10", "中国"),
    "abroad": ("Ann Miller", "abroad", "", "K11", "美国"),
    "nowhere": ("Bob Stone", "nowhere", "", "K12", "Atlantis"),
    "record_wide": ("蒋七巧", "record_wide", "record_wide", "K13", ""),
    "google_only": ("沈八方", "google_only", "", "K14", "中国"),
    "withdrawn": ("韩九州", "withdrawn", "", "K15", "中国"),
    "unreachable": ("杨十全", "", "", "K16", "中国"),
    "hub_1": ("朱百川", "hub", "", "K21", "中国"),
    "hub_2": ("秦千里", "hub", "", "K22", "中国"),
    "hub_3": ("尤万山", "hub", "", "K23", "中国"),
    "hub_4": ("许亿年", "hub", "", "K24", "中国"),
}
"""Record id without `CU_`: name, phone, e-mail, card, country."""

_DECISIONS = [
    ("granted", "phone", "granted", "", True, _AT),
    ("mail_only", "email", "mail_only", "", True, _AT),
    ("merged_a", "phone", "merged_refused", "", True, _AT),
    ("merged_a", "phone", "merged_refused", "", False, _LATER),
    ("merged_b", "phone", "merged_granted", "", True, _AT),
    ("sharer_a", "phone", "shared", "", False, _AT),
    ("sharer_b", "phone", "shared", "", True, _LATER),
    *[
        (who, "", "", "", True, _AT)
        for who in (
            *("relayed", "operator", "masked", "placeholder", "abroad", "nowhere", "record_wide"),
            *("withdrawn", "unreachable", "hub_1", "hub_2", "hub_3", "hub_4"),
        )
    ],
    ("google_only", "phone", "google_only", "google", True, _AT),
]
"""Record, kind and name of an identifier or none, recipient, decision, time."""


def _config() -> dict[str, object]:
    people = {
        "customer_id": "id", "full_name": "name", "phone": "phone", "email": "email",
        "member_card_no": "card", "country": "country", "registered_at": "at",
    }  # fmt: skip
    consents = {
        "customer_id": "id", "channel": "channel", "purpose": "purpose", "id_type": "kind",
        "id_value": "value", "recipient": "recipient", "is_granted": "yes", "decided_at": "at",
    }  # fmt: skip
    return {
        "shop": SHOP,
        "feeds": {
            "crm.customers": [{"files": "people*", "source_system": "crm", "columns": people}],
            "crm.consents": [{"files": "consents*", "source_system": "crm", "columns": consents}],
        },
        "audience": {
            "exporters": [EXPORTER],
            "recipients": {
                "meta": {"minimum": 1},
                "google": {"minimum": 1},
                "tiktok": True,
                "tencent": {"minimum": 1},
                "csv": {"consent": "named", "code": "mailer"},
            },
        },
    }


def make(folder: Path) -> Shop:
    """Write the exports, run the shop and release it with a segment `everyone`."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    people = [
        (f"CU_{who}", name, PHONES.get(phone, ""), MAILS.get(mail, ""), card, country, _AT)
        for who, (name, phone, mail, card, country) in _PEOPLE.items()
    ]
    header = ("id", "name", "phone", "email", "card", "country", "at")
    (inbox / "people.csv").write_text(csv_of(header, *people), encoding="utf-8")
    decisions = [
        (f"CU_{who}", "ads", "advertising", kind, PHONES.get(value, "") if kind == "phone" else MAILS.get(value, ""),
         recipient, str(yes).lower(), at)
        for who, kind, value, recipient, yes, at in _DECISIONS
    ]  # fmt: skip
    header = ("id", "channel", "purpose", "kind", "value", "recipient", "yes", "at")
    (inbox / "consents.csv").write_text(csv_of(header, *decisions), encoding="utf-8")
    config = folder / "shop.yml"
    config.write_text(yaml.safe_dump(_config(), allow_unicode=True), encoding="utf-8")
    shop = Shop(folder / "home", config, inbox)
    shop.run()
    release_segment(shop, "everyone", customers(shop))
    return shop


def customers(shop: Shop) -> dict[str, str]:
    """Customer id by record."""
    return dict(
        shop.ask_warehouse(
            "select record_id[4:], customer_id from intermediate.int_identity__customer_map "
            "where record_type = 'crm'"
        )
    )


def release_segment(shop: Shop, code: str, members: dict[str, str], *left: str) -> None:
    """Put a segment into the release; the records in `left` are of members who left."""
    shop.released.chmod(0o600)
    with duckdb.connect(str(shop.released)) as con:
        con.execute(
            "create or replace table marts.segment_members "
            "(segment_code varchar, customer_id varchar, entered_on date, left_on date)"
        )
        rows = [
            (code, customer, "2024-03-01", "2024-04-01" if who in left else None)
            for who, customer in members.items()
        ]
        con.executemany("insert into marts.segment_members values (?, ?, ?, ?)", rows)


def sha256(text: str) -> str:
    """The hash that a platform computes of its own users."""
    return hashlib.sha256(text.encode()).hexdigest()
