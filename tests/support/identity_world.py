"""A month of a small shop in which everything happens that may change who is who, day by day."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FIRST = datetime(2026, 1, 1)
Rows = list[dict[str, object]]


@dataclass
class Day:
    """What arrives on one day, by feed."""

    feeds: dict[str, Rows] = field(default_factory=dict)

    def add(self, feed: str, **row: object) -> None:
        """One more row of a feed."""
        self.feeds.setdefault(feed, []).append(row)


def phone(number: int) -> str:
    """A phone of its own for every number."""
    return f"139{number * 7919 % 100000000:08d}"


def month(people: int, days: int, seed: int, *, corrected: bool) -> list[Day]:
    """The days of a shop: orders, registrations, re-exports, shared phones, late evidence, a growing hub.

    Where it is `corrected`, some orders are exported again with another phone.
    """
    draw = random.Random(seed)
    world = [Day() for _ in range(days)]
    registered: dict[int, int] = {}
    for person in range(people):
        own = phone(person)
        # Couples share a phone; every tenth buyer uses the pick-up point's.
        shared = phone(person // 2 * 2) if person % 7 == 0 else own
        used = phone(10_000_019) if person % 10 == 3 else shared
        if draw.random() < 0.5:
            registered[person] = draw.randrange(days)
            _register(world, registered[person], person, used, draw)
        for order in range(draw.randrange(4)):
            _order(world, draw.randrange(days), person, order, used, draw, registered, corrected)
    return world


def _at(day: int, draw: random.Random) -> str:
    return str(FIRST + timedelta(days=day, seconds=draw.randrange(86_000)))


def _register(world: list[Day], day: int, person: int, used: str, draw: random.Random) -> None:
    at = _at(day, draw)
    world[day].add(
        "crm.customers", source_system="crm", shop_id="brand", customer_id=f"C{person}",
        member_card_no=f"K{person}" if person % 3 else None, phone=used,
        full_name=f"Person {person}", registered_at=at, updated_at=at,
    )  # fmt: skip
    for copy in range(person // 6 % 4 if person % 6 == 0 else 0):
        # Recorded again in the same CRM: same phone, another spelling of the name, or none.
        again = min(day + copy, len(world) - 1)
        at = _at(again, draw)
        name = (f"{person} PERSON", None, f"Persom {person}")[copy]
        world[again].add(
            "crm.customers", source_system="crm", shop_id="brand", customer_id=f"C{person}-{copy}", phone=used,
            email=f"tea{person // 3}@mail.example", full_name=name, birth_on=f"19{60 + person % 3}-01-01",
            registered_at=at, updated_at=at,
        )  # fmt: skip
        if copy == 2:
            world[min(again + 1, len(world) - 1)].add(
                "crm.matches", source_system="m", shop_id="m", record_type_a="crm", source_system_a="crm",
                shop_id_a="brand", record_id_a=f"C{person}", record_type_b="crm", source_system_b="crm",
                shop_id_b="brand", record_id_b=f"C{person}-2", probability=0.96 + person % 4 / 100,
                scored_at=_at(len(world), draw),
            )  # fmt: skip
    if person % 5 == 0:
        # A unionid that is found out later, shared with the neighbour's second record.
        late = min(day + draw.randrange(8), len(world) - 1)
        for owner in (person, person + 1):
            world[late].add(
                "crm.identifiers", source_system="crm", shop_id="brand", customer_id=f"C{owner}",
                id_type="wx_unionid", id_scope="", id_value=f"U{person}", is_verified=True, updated_at=_at(late, draw),
            )  # fmt: skip


def _order(
    world: list[Day], day: int, person: int, number: int, used: str, draw: random.Random,
    registered: dict[int, int], corrected: bool,
) -> None:  # fmt: skip
    platform = person % 4
    erp = f"E{person}-{platform}"
    at = _at(day, draw)
    row: dict[str, object] = {
        "source_system": "erp", "shop_id": f"shop{platform}", "order_id": f"O{person}-{number}", "status": "paid",
        "ordered_at": at, "updated_at": at, "receiver_name": f"Person {person}",
    }  # fmt: skip
    if platform != 3:
        row["customer_id"] = erp
        known = {
            (r["shop_id"], r["customer_id"])
            for d in world
            for r in d.feeds.get("erp.customers", [])
        }
        if (f"shop{platform}", erp) not in known:
            world[day].add(
                "erp.customers", source_system="erp", shop_id=f"shop{platform}", customer_id=erp,
                phone=used, platform_buyer_id=f"B{person}", buyer_id_type="taobao_ouid",
                buyer_id_scope=f"shop{platform}", created_at=at, updated_at=at,
            )  # fmt: skip
    if draw.random() < 0.7:
        row["phone"] = used
    if person in registered and registered[person] < day and draw.random() < 0.3:
        row["crm_customer_id"] = f"C{person}"
    world[day].add("erp.orders", **row)
    if corrected and draw.random() < 0.1 and day + 2 < len(world):
        # Exported again two days later with another phone.
        world[day + 2].add("erp.orders", **(row | {"phone": phone(20_000 + person)}))
