"""Hours of a report in the zone of its account are cut into the days of the shop."""

from pathlib import Path
from typing import Any

from landing_kit import LandingShop

HEAD = "advertiser_id,campaign_id,{},impressions,clicks,spend,conversion,total_purchase_value\n"


def _days(tmp_path: Path, header: str, *times: str, **mapping: Any) -> list[tuple[str, float]]:
    tiktok = {"files": "tiktok*", "profile": "tiktok_campaign", "timezone": "UTC", **mapping}
    shop = LandingShop(tmp_path, {"ads.daily_spend": [tiktok]}, timezone="America/New_York")
    rows = "".join(f"9,1,{time},1,1,{i}.00,0,0\n" for i, time in enumerate(times, start=1))
    shop.put("tiktok.csv", HEAD.format(header) + rows)
    shop.land()
    found = shop.query("select spend_on, spend_amount from raw.ads_daily_spend order by 2")
    return [(str(day), float(amount)) for day, amount in found]


def test_hours_are_cut_into_the_days_of_the_shop(tmp_path: Path) -> None:
    found = _days(tmp_path, "stat_time_hour", "2024-05-11 01:00:00", "2024-05-11 12:00:00")
    assert found == [("2024-05-10", 1.0), ("2024-05-11", 2.0)]


def test_a_file_of_the_first_hour_alone_is_a_report_of_hours(tmp_path: Path) -> None:
    assert _days(tmp_path, "stat_time_hour", "2024-05-11 00:00:00") == [("2024-05-10", 1.0)]


def test_days_stay_the_days_of_the_account(tmp_path: Path) -> None:
    found = _days(tmp_path, "stat_time_day", "2024-05-11 00:00:00", "2024-05-12")
    assert found == [("2024-05-11", 1.0), ("2024-05-12", 2.0)]


def test_midnight_is_an_hour_among_hours(tmp_path: Path) -> None:
    found = _days(tmp_path, "stat_time_day", "2024-05-11T00:00:00Z", "2024-05-11T13:00:00+08:00")
    assert found == [("2024-05-10", 1.0), ("2024-05-11", 2.0)]


def test_hours_of_a_format_of_its_own_are_cut(tmp_path: Path) -> None:
    columns = {"spend_on": {"from": "when", "format": "%d/%m/%Y %H:%M"}}
    found = _days(tmp_path, "when", "11/05/2024 01:00", "11/05/2024 12:00", columns=columns)
    assert found == [("2024-05-10", 1.0), ("2024-05-11", 2.0)]


def _warnings(tmp_path: Path, *times: str, zone: str = "Europe/Berlin") -> list[str]:
    shop = LandingShop(tmp_path, timezone=zone)
    rows = "".join(f"{i},交易成功,{time},1.00,\n" for i, time in enumerate(times))
    shop.put("orders.csv", f"订单编号,订单状态,下单时间,实付金额,手机\n{rows}")
    [file] = shop.land().files
    return list(file.warnings)


def test_an_hour_that_comes_twice_is_noted_with_its_count(tmp_path: Path) -> None:
    [warning] = _warnings(
        tmp_path,
        "2024-10-27 02:30:00", "2024-10-27 02:59:59", "2024-10-27 03:00:00", "2024-10-27 01:59:59",
    )  # fmt: skip
    assert warning.startswith(
        "ordered_at: 2 local times of Europe/Berlin, the first 2024-10-27 02:30, come twice"
    )


def test_an_hour_that_the_clock_skips_is_noted_with_its_count(tmp_path: Path) -> None:
    [warning] = _warnings(tmp_path, "2024-03-31 02:10", "2024-03-31 03:10", "2024-06-01 12:00")
    assert "1 local times of Europe/Berlin, the first 2024-03-31 02:10, are skipped" in warning


def test_times_without_clock_changes_are_not_noted(tmp_path: Path) -> None:
    assert _warnings(tmp_path / "a", "2024-10-27T02:30:00+02:00", "2024-10-27 00:30:00Z") == []
    assert _warnings(tmp_path / "b", "2024-10-27 02:30:00", zone="Asia/Shanghai") == []


def test_a_negative_quantity_says_where_returns_belong(tmp_path: Path) -> None:
    lines = {
        "files": "lines*",
        "source_system": "wdt",
        "columns": {"order_id": "order", "line_id": "line", "product_id": "sku", "quantity": "n"},
    }
    shop = LandingShop(tmp_path, {"erp.order_lines": [lines]})
    shop.put("lines.csv", "order,line,sku,n\nW1,1,P,2\nW1,1-R,P,-1\n")
    shop.land()
    [(reason,)] = shop.query("select reason from meta.quarantine")
    assert "below 0" in reason and "erp.refunds" in reason and "docs/shop-yml.md" in reason
