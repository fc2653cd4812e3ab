"""Daily exports with overlapping periods give the same raw tables in whatever order they arrive."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from landing_kit import LandingShop

_FEEDS = {
    "erp.orders": [
        {
            "files": "orders_*.csv",
            "source_system": "erp",
            "columns": {"order_id": "id", "status": "status", "paid_amount": "paid", "ordered_at": "ordered", "updated_at": "changed"},
        }
    ],
    "erp.order_lines": [
        {
            "files": "lines_*.csv",
            "source_system": "erp",
            "columns": {"order_id": "id", "line_id": "line", "product_id": "product", "quantity": "units", "paid_amount": "paid"},
        }
    ],
    "web.daily_traffic": [
        {
            "files": "traffic_*.csv",
            "source_system": "web",
            "columns": {"traffic_on": "day", "visitors": "visitors"},
        }
    ],
}  # fmt: skip
_FIRST = dt.datetime(2024, 1, 1)
_STATES = ("paid", "shipped", "completed")


def _exports(day: int) -> dict[str, str]:
    """The exports of one day: its orders and those of the two days before in their state of that day."""
    orders, lines = ["id,status,paid,ordered,changed"], ["id,line,product,units,paid"]
    traffic = ["day,visitors"]
    for age in range(min(day, 2), -1, -1):
        placed = _FIRST + dt.timedelta(days=day - age, hours=10)
        changed = placed + dt.timedelta(days=age)
        traffic.append(f"{placed:%Y-%m-%d},{100 + 7 * (day - age) + age}")
        for number in range(3):
            order = f"{placed:%m%d}{number}"
            orders.append(f"{order},{_STATES[age]},{50 + number},{placed},{changed}")
            # The third line of an order is taken off it a day later.
            lines += [
                f"{order},{line},P{line},1,{10 + line}" for line in range(3 if age == 0 else 2)
            ]
    texts = {"orders": orders, "lines": lines, "traffic": traffic}
    return {f"{name}_{day:03}.csv": "\n".join(rows) + "\n" for name, rows in texts.items()}


def _raw(shop: LandingShop) -> dict[str, list[dict[str, object]]]:
    """The raw tables without their lineage."""
    keys = {
        "erp_orders": "order_id",
        "erp_order_lines": "order_id, line_id",
        "web_daily_traffic": "traffic_on",
    }
    return {
        table: [
            {k: v for k, v in row.items() if not k.startswith("_")}
            for row in shop.raw(table, order)
        ]
        for table, order in keys.items()
    }


def _landed(folder: Path, batches: Iterable[Sequence[int]]) -> dict[str, list[dict[str, object]]]:
    """What raw holds after the exports of some days arrived together, batch by batch."""
    shop = LandingShop(folder, _FEEDS)
    for days in batches:
        for day in days:
            for name, text in _exports(day).items():
                shop.clock = int((_FIRST + dt.timedelta(days=day, hours=23)).timestamp())
                shop.put(name, text)
        report = shop.land()
        assert [file.error for file in report.rejected] == []
        assert report.reasons == []
    return _raw(shop)


def _check(folder: Path, days: int) -> None:
    every_day = list(range(days))
    at_once = _landed(folder / "once", [every_day])
    assert len(at_once["web_daily_traffic"]) == days
    assert len(at_once["erp_orders"]) == 3 * days
    one_by_one = _landed(folder / "days", [[day] for day in every_day])
    assert one_by_one == at_once
    mixed = random.Random(22).sample(every_day, days)
    assert _landed(folder / "mixed", [[day] for day in mixed]) == at_once


def test_daily_files_land_alike_in_any_order(tmp_path: Path) -> None:
    _check(tmp_path, 24)


@pytest.mark.thorough
def test_300_daily_files_land_alike_in_any_order(tmp_path: Path) -> None:
    _check(tmp_path, 300)


def _two_versions(folder: Path, **later: str) -> tuple[LandingShop, Path]:
    shop = LandingShop(folder, _FEEDS)
    shop.put(
        "orders_001.csv",
        f"id,status,paid,ordered,changed\nA,completed,50,2024-01-01,{later['changed']}\n",
    )
    shop.land()
    old = "id,status,paid,ordered,changed\nA,paid,50,2024-01-01,2024-01-01\n"
    return shop, shop.put("orders_002.csv", old)


def test_an_older_version_of_a_row_is_named(tmp_path: Path) -> None:
    shop, _ = _two_versions(tmp_path, changed="2024-01-03")
    [file] = shop.land().landed
    assert (file.counts.unchanged, file.counts.replaced) == (1, 0)
    assert any("1 rows are older than those that landed before" in text for text in file.warnings)
    assert [row["status"] for row in shop.raw("erp_orders", "order_id")] == ["completed"]


def test_a_corrected_mapping_reads_its_files_again(tmp_path: Path) -> None:
    shop, path = _two_versions(tmp_path, changed="2024-01-03")
    path.unlink()
    changed = {**_FEEDS["erp.orders"][0], "timezone": "America/New_York"}
    before = shop.raw("erp_orders", "order_id")[0]["updated_at"]
    shop.configure({"erp.orders": [changed | {"timezone": "Asia/Tokyo"}]})
    shop.land()
    assert shop.raw("erp_orders", "order_id")[0]["updated_at"] < before
