"""Shops whose customers no identifier ties, landed for real and matched by the real module."""

import csv
import random
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
from landing_kit import LandingShop

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.landing.land import land
from orchestration.matching.policy import load_policy
from orchestration.matching.run import MatchReport, match

Pair = tuple[str, str]
HEADERS = [
    "customer_id",
    "member_card_no",
    "full_name",
    "phone",
    "email",
    "gender",
    "birth_on",
    "city",
    "address",
    "postcode",
]
PEOPLE = {
    "crm.customers": [
        {
            "files": "people*.csv",
            "source_system": "crm",
            "columns": {name: name for name in HEADERS},
        }
    ]
}
_FAMILIES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_CHARACTERS = "伟芳娜敏静秀丽强磊洋艳勇军杰娟涛明超兰霞平刚桂英华玉萍红建文辉力婷宇浩欣怡子涵梓轩雨佳琪思雅晨阳博俊"


def people(count: int, seed: int) -> list[dict[str, str]]:
    """Half of them live in families that share phone, address and mostly the family name."""
    chance, found = random.Random(seed), []
    while len(found) < count:
        family = chance.choice(_FAMILIES)
        size = chance.choice([2, 3, 4]) if chance.random() < 0.3 else 1
        shared = _contact(chance)
        given: set[str] = set()
        for _ in range(size):
            while (name := "".join(chance.sample(_CHARACTERS, chance.choice([1, 2, 2])))) in given:
                pass
            given.add(name)
            own = shared if size > 1 else _contact(chance)
            found.append(
                {
                    **own,
                    "person": str(len(found)),
                    "full_name": family + name,
                    "email": f"{chance.randrange(10**7, 10**10)}@qq.com",
                    "gender": chance.choice(["female", "male"]),
                    "birth_on": str(date(1955, 1, 1) + timedelta(days=chance.randrange(18_000))),
                }
            )
    return found[:count]


def _contact(chance: random.Random) -> dict[str, str]:
    road = chance.choice(
        [
            "文三",
            "中山",
            "人民",
            "解放",
            "建设",
            "长江",
            "黄河",
            "延安",
            "和平",
            "新华",
            "学院",
            "体育",
        ]
    )
    return {
        "phone": f"13{chance.randrange(10**9):09}",
        "city": chance.choice(["杭州", "上海", "北京", "广州", "成都", "武汉"]),
        "address": f"{road}路{chance.randrange(1, 900)}号{chance.randrange(1, 30)}幢{chance.randrange(101, 2900)}室",
        "postcode": str(chance.randrange(100_000, 900_000)),
    }


def records(persons: Sequence[Mapping[str, str]], seed: int) -> list[dict[str, str]]:
    """A record of each, and a second one of every third: with a mistake, and fields that are empty."""
    chance, found = random.Random(seed), []
    for number, person in enumerate(persons):
        found.append({**person, "customer_id": f"c{number}-a"})
        if number % 3 == 0:
            found.append({**_copied(person, chance), "customer_id": f"c{number}-b"})
    return found


def _copied(person: Mapping[str, str], chance: random.Random) -> dict[str, str]:
    copy = dict(person)
    for name in ("email", "postcode", "gender"):
        if chance.random() < 0.3:
            copy[name] = ""
    wrong = chance.choice(["phone", "birth_on", "address", "none"])
    if wrong == "phone":
        place = chance.randrange(3, 11)
        copy["phone"] = (
            copy["phone"][:place] + chance.choice("0123456789") + copy["phone"][place + 1 :]
        )
    if wrong == "birth_on":
        copy["birth_on"] = copy["birth_on"][:8] + f"{chance.randrange(1, 29):02}"
    if wrong == "address":
        copy["address"] = copy["address"].replace("号", "").replace("幢", "-")
    return copy


class MatchingShop(LandingShop):
    """A shop that lands people and matches them."""

    def deliver(self, name: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Put rows into the inbox and land them."""
        lines = [HEADERS, *([row.get(column, "") for column in HEADERS] for row in rows)]
        self.put(name, "".join(",".join(line) + "\n" for line in lines))
        report = self.land()
        assert not report.rejected

    def match(self) -> MatchReport:
        """One matching."""
        return match(self.settings, "camellia")

    def pairs(self, least: float = 0.0) -> set[Pair]:
        """Pairs of customer ids from this probability on."""
        return pairs_of(self.settings, least)


def pairs_of(settings: Settings, least: float) -> set[Pair]:
    """Landed pairs of ids, each in order."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        rows = con.execute(
            "select least(record_id_a, record_id_b), greatest(record_id_a, record_id_b) "
            "from raw.crm_matches where probability >= ?",
            [least],
        ).fetchall()
    return set(rows)


def true_pairs(person_of: Mapping[str, str]) -> set[Pair]:
    """All pairs of records of one person."""
    records = defaultdict(list)
    for record, person in person_of.items():
        records[person].append(record)
    return {pair for found in records.values() for pair in combinations(sorted(found), 2)}


def clustered(pairs: Iterable[Pair]) -> set[Pair]:
    """All pairs within the connected components of the pairs."""
    home: dict[str, set[str]] = {}
    for left, right in pairs:
        both = home.get(left, {left}) | home.get(right, {right})
        home.update(dict.fromkeys(both, both))
    return {pair for found in home.values() for pair in combinations(sorted(found), 2)}


def quality(found: set[Pair], truth: set[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""
    both = len(found & truth)
    precision, recall = both / max(len(found), 1), both / max(len(truth), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def matched(folder: Path, config: Path, files: Sequence[Path]) -> tuple[Settings, MatchReport]:
    """A home with these files landed as the config says, and matched."""
    inbox = folder / "inbox"
    inbox.mkdir()
    for file in files:
        shutil.copy(file, inbox)
    settings = Settings(folder / "home", config, inbox)
    shop = load_shop_config(config)
    assert not land(settings, shop).rejected
    return settings, match(settings, shop.shop.id)


def accepted(settings: Settings) -> set[Pair]:
    """The pairs that the policy accepts, with what follows from them."""
    return clustered(pairs_of(settings, load_policy().accept_probability))


def column(file: Path, key: str, value: str) -> dict[str, Any]:
    """One column of a csv by another."""
    with file.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, skipinitialspace=True)
        return {row[key].strip(): row[value].strip() for row in rows}
