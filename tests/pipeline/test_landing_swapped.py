"""Dates whose day and month a spreadsheet exchanged."""

import random
from datetime import date, datetime, timedelta

import pytest
from landing_kit import HEADER, LandingShop, csv_of, order, orders

from orchestration.config.shop_config import ShopConfigError


def exchanged(day: date) -> date:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def put(shop: LandingShop, days: list[date], wrong: set[int], numbers: list[int]) -> None:
    rows = [
        order(f"T{number:05}", at=f"{exchanged(day) if i in wrong else day} 00:30:00")
        for i, (day, number) in enumerate(zip(days, numbers, strict=True))
    ]
    shop.put("orders.csv", csv_of(HEADER, *rows))


def land(shop: LandingShop) -> list[str]:
    [file] = shop.land().files
    assert (file.status, file.error) == ("landed", None)
    return [text for text in file.warnings if "day and month" in text]


def days_of(first: date, count: int, per_day: int = 1) -> list[date]:
    return [first + timedelta(days=n // per_day) for n in range(count * per_day)]


MARCH = days_of(date(2024, 3, 1), 31, 2)
YEAR = days_of(date(2023, 1, 1), 365)


def small(days: list[date]) -> set[int]:
    """Rows that a spreadsheet would exchange, and that are other days then."""
    return {i for i, day in enumerate(days) if day.day <= 12 and day.day != day.month}


@pytest.mark.parametrize("days", [MARCH, MARCH[::-1], YEAR], ids=["march", "backwards", "year"])
def test_exchanged_days_are_named_and_swapped_back(tmp_path, days):
    numbers = list(range(len(days)))
    shop = LandingShop(tmp_path)
    put(shop, days, small(days), numbers)
    [warning] = land(shop)
    rows = [i + 2 for i in sorted(small(days))]
    assert f"rows {', '.join(map(str, rows[:5]))} and {len(rows) - 5:,} more" in warning
    assert "swapped_days: [ordered_at]" in warning
    shop.configure({"erp.orders": [orders(swapped_days=["ordered_at"])]})
    assert len(land(shop)) == 1
    found = [row["ordered_at"] + timedelta(hours=8) for row in shop.raw()]
    assert found == [datetime(day.year, day.month, day.day, 0, 30) for day in days]
    repairs = shop.query("select row_number, rule from meta.repairs order by 1")
    assert [row for row, _ in repairs] == rows
    assert {rule.split(":")[0] for _, rule in repairs} == {"swapped_days"}


def test_swapped_dates_are_found_by_order_numbers(tmp_path):
    order_of = sorted(range(len(YEAR)), key=lambda i: exchanged(YEAR[i]))
    shop = LandingShop(tmp_path)
    days = [YEAR[i] for i in order_of]
    put(shop, days, small(days), order_of)
    assert len(land(shop)) == 1
    shop.configure({"erp.orders": [orders(swapped_days=["ordered_at"])]})
    land(shop)
    found = [(row["ordered_at"] + timedelta(hours=8)).date() for row in shop.raw()]
    assert found == YEAR


def test_part_of_the_rows_is_exchanged(tmp_path):
    wrong = {i for i in small(MARCH) if i % 2}
    shop = LandingShop(tmp_path, {"erp.orders": [orders(swapped_days=["ordered_at"])]})
    put(shop, MARCH, wrong, list(range(len(MARCH))))
    land(shop)
    assert [(r["ordered_at"] + timedelta(hours=8)).date() for r in shop.raw()] == MARCH


@pytest.mark.parametrize("kind", ["sorted", "shuffled", "sparse", "two months"])
def test_right_dates_are_left_alone(tmp_path, kind):
    chance = random.Random(7)
    days = list(YEAR)
    if kind == "shuffled":
        chance.shuffle(days)
    if kind == "sparse":
        days = days[::17]
    if kind == "two months":
        days = days_of(date(2024, 2, 1), 60, 3)
        chance.shuffle(days)
    numbers = list(range(len(days)))
    if kind != "sparse":
        chance.shuffle(numbers)
    shop = LandingShop(tmp_path, {"erp.orders": [orders(swapped_days=["ordered_at"])]})
    put(shop, days, set(), numbers)
    assert land(shop) == []
    assert shop.query("select count(*) from meta.repairs") == [(0,)]


def test_swapped_days_names_a_mapped_date(tmp_path):
    shop = LandingShop(tmp_path, {"erp.orders": [orders(swapped_days=["paid_amount"])]})
    with pytest.raises(ShopConfigError, match="no mapped date 'paid_amount'"):
        _ = shop.config
