"""Ad reports in the layouts of real ones, and shops with lists of their own: whole runs."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from shops import Shop, run_case

pytestmark = pytest.mark.thorough

_SPEND = """select cast(marketing_on as varchar), spend_amount, claimed_amount, spend_gap
            from marts.daily_marketing order by 1"""


def test_dollars_in_the_header_are_not_yuan(tmp_path: Path) -> None:
    shop = run_case("meta-usd-taken-as-cny", tmp_path)
    assert shop.ask(_SPEND) == [("2024-06-18", None, None, "no exchange rate: USD")]


def test_two_splits_of_one_spend_count_once(tmp_path: Path) -> None:
    shop = run_case("google-report-split-changed", tmp_path)
    assert shop.ask(_SPEND) == [("2024-06-18", Decimal(40), Decimal(60), None)]
    [(rows, amount, why)] = shop.ask(
        """select row_count, source_spend_amount, reason_en from marts.ad_reports
           where not is_counted"""
    )
    assert amount == Decimal(40) and rows in (2, 3) and why


def test_hours_of_the_account_are_days_of_the_shop(tmp_path: Path) -> None:
    shop = run_case("ad-hours-in-account-zone", tmp_path)
    assert [row[:2] for row in shop.ask(_SPEND)] == [
        ("2024-05-10", Decimal(5)),
        ("2024-05-11", Decimal(7)),
    ]


def test_two_shops_side_by_side_have_rates_of_their_own(tmp_path: Path) -> None:
    found = []
    for name, rate in (("east", "7"), ("west", "8")):
        folder = tmp_path / name
        (folder / "inbox").mkdir(parents=True)
        (folder / "inbox" / "meta.csv").write_text(
            "Day,Campaign name,Ad name,Amount spent (USD)\n2024-06-18,Spring,Video,100.00\n"
        )
        (folder / "rates.csv").write_text(
            f"from_currency,to_currency,valid_from,rate\nUSD,CNY,2024-01-01,{rate}\n"
        )
        content = {
            "shop": {
                "id": name,
                "name": {"en": name, "zh": "店"},
                "timezone": "Asia/Shanghai",
                "currency": "CNY",
            },
            "feeds": {"ads.daily_spend": [{"files": "meta.csv", "profile": "facebook_ads_ad"}]},
            "lists": {"fx_rates": "rates.csv"},
        }
        (folder / "shop.yml").write_text(yaml.safe_dump(content, allow_unicode=True))
        shop = Shop(folder / "home", folder / "shop.yml", folder / "inbox")
        assert (run := shop.cli("run")).returncode == 0, run.stdout + run.stderr
        found.append(shop.ask("select spend_amount from marts.daily_marketing"))
        assert shop.ask(
            "select code, en, zh from meta.code_labels where label_kind = 'shop' order by 1"
        ) == [
            ("all", "All shops", "全部店铺"),
            (name, name, "店"),
        ]
    assert found == [[(Decimal(700),)], [(Decimal(800),)]]
