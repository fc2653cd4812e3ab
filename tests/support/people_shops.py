"""Customer files whose people are known, and how far the released customers are these people.

Identity is built as a run builds it: the file lands, records are matched, dbt resolves everybody. What
is judged are the customers of `marts.customer_identities`.
"""

import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from identity_lab import Lab
from matching_kit import quality, true_pairs
from shops import Shop

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.matching.run import match

Row = dict[str, str]
_GIVEN = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Charles",
    "Karen",
    "Daniel",
    "Nancy",
    "Matthew",
    "Betty",
    "Mark",
    "Margaret",
    "Steven",
    "Emily",
]
_FAMILY = [
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Lopez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Thompson",
    "White",
    "Harris",
    "Clark",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
]
_STREETS = ["Oak", "Maple", "Main", "Park", "Cedar", "Elm", "Lake", "Hill", "River", "Pine"]
_CITIES = ["London", "Seattle", "Portland", "Salem", "Burien", "Bellingham"]


@dataclass(frozen=True)
class Accuracy:
    """Pairs of customer records, as released."""

    precision: float
    recall: float
    pairs: int


class PeopleShop(Lab):
    """A home with customer files landed by a configuration, matched and resolved."""

    def __init__(self, folder: Path, config: Path, files: Sequence[Path]) -> None:
        inbox = folder / "inbox"
        inbox.mkdir()
        for file in files:
            shutil.copy(file, inbox)
        self.shop = Shop(folder / "home", config, inbox)
        for command in ("init", "land"):
            done = self.shop.cli(command)
            assert done.returncode == 0, done.stdout + done.stderr
        self.warehouse = folder / "home" / "private" / "warehouse.duckdb"
        match(Settings(folder / "home", config, inbox), load_shop_config(config).shop.id)
        self._dbt("seed")
        self.build()

    def accuracy(self, person_of: Callable[[str], str]) -> Accuracy:
        """Precision and recall over pairs of CRM records."""
        rows = self.sql(
            "select record_id, customer_id from marts.customer_identities where record_type = 'crm'"
        )
        found = true_pairs(dict(rows))
        truth = true_pairs({record: person_of(record) for record, _ in rows})
        precision, recall, _ = quality(found, truth)
        return Accuracy(precision if found else 1.0, recall if truth else 1.0, len(found))


def strangers(count: int, seed: int, doubles: float) -> list[Row]:
    """People of common names whose e-mails the shop made of the given name and a number.

    Among them twins, fathers and sons of one name, some born on the father's birthday, couples and
    siblings, each on one phone and address;
    the share `doubles` has a second record with another e-mail and a mistake, or without a birth date.
    """
    chance = random.Random(seed)
    numbers: dict[str, int] = {}
    people: list[Row] = []

    def add(**known: str) -> Row:
        born = date(1945, 1, 1) + timedelta(days=chance.randrange(14_000))
        row = {
            "given": chance.choice(_GIVEN), "family": chance.choice(_FAMILY), "gender": chance.choice("FM"),
            "birth": str(born), "phone": f"206{chance.randrange(10**7):07}", "city": chance.choice(_CITIES),
            "address": f"{chance.randrange(1, 9000)} {chance.choice(_STREETS)} St",
        } | known  # fmt: skip
        row |= {"email": _email(row["given"], numbers), "person": str(len(people))}
        people.append(row)
        return row

    while len(people) < count:
        one, kind = add(), chance.random()
        home = {name: one[name] for name in ("family", "phone", "city", "address")}
        year = int(one["birth"][:4])
        # Parents give each child a name of its own.
        other = chance.choice([name for name in _GIVEN if name != one["given"]])
        if kind < 0.02:
            add(**home, given=other, birth=one["birth"])
        elif kind < 0.04:
            day = chance.choice(["05-17", one["birth"][5:]])
            add(**home, given=one["given"], gender=one["gender"], birth=f"{year + 28}-{day}")
        elif kind < 0.16:
            add(**home, given=other)
    copies = [_copied(row, chance, numbers) for row in people if chance.random() < doubles]
    return people + copies


def _email(given: str, numbers: dict[str, int]) -> str:
    numbers[given] = numbers.get(given, 0) + 1
    return f"{given.lower()}{numbers[given]}@shop-own.com"


def _copied(row: Mapping[str, str], chance: random.Random, numbers: dict[str, int]) -> Row:
    copy = dict(row) | {"email": _email(row["given"], numbers)}
    mistake = chance.choice(["phone", "birth", "no birth", "none"])
    if mistake == "phone":
        copy["phone"] = copy["phone"][:6] + f"{chance.randrange(10_000):04}"
    if mistake == "birth":
        copy["birth"] = copy["birth"][:8] + f"{chance.randrange(1, 28):02}"
    if mistake == "no birth":
        copy["birth"] = ""
    return copy
