"""Which currency a row's money is in, from headers, cells and the currency column."""

from pathlib import Path

import pytest
from landing_kit import LandingShop, orders

from orchestration.landing.read.currency_words import of_header

ADS = {
    "files": "ads*",
    "profile": "facebook_ads_ad",
}
SPEND = "select currency, spend_amount from raw.ads_daily_spend order by ad_id"
REASONS = "select reason_code, reason from meta.quarantine order by row_number"


def _ads(tmp_path: Path, text: str, currency: str = "CNY") -> LandingShop:
    shop = LandingShop(tmp_path, {"ads.daily_spend": [ADS]}, currency=currency)
    shop.put("ads.csv", text)
    shop.land()
    return shop


@pytest.mark.parametrize(
    ("header", "mark"),
    [
        ("Amount spent (USD)", "USD"),
        ("花费（美元）", "美元"),
        ("消耗(元)", "元"),
        ("金额(万元)", "元"),
        ("Cost [hk$]", "HK$"),
        ("spend_usd", "USD"),
        ("Spend, EUR", "EUR"),
        ("USD amount", "USD"),
        ("Total $", "$"),
        ("Spend (unit: JPY)", "JPY"),
        ("Long term", None),
        ("Total for all", None),
        ("Top sales", None),
        ("Amount (all)", "ALL"),
        ("ROI (%)", None),
    ],
)
def test_a_header_names_its_currency(header: str, mark: str | None) -> None:
    assert of_header(header) == mark


def test_a_currency_in_the_header_is_the_currency_of_the_row(tmp_path: Path) -> None:
    shop = _ads(
        tmp_path, "Day,Campaign name,Ad name,Amount spent (USD)\n2024-06-18,Spring,V1,100.00\n"
    )
    assert [(c, float(a)) for c, a in shop.query(SPEND)] == [("USD", 100.0)]


def test_a_currency_in_the_cell_is_the_currency_of_the_row(tmp_path: Path) -> None:
    cells = [
        '"$1,000.00"',
        "12.00 USD",
        "£3",
        "US$ 4.5",
        '"$1,200.50 USD"',
        "-",
        "7",
        "€5",
        "HKD 8",
    ]
    text = "Day,Campaign name,Ad name,Amount spent,Purchases conversion value\n"
    text += "".join(
        f"2024-06-18,S,V{i},{'0' if cell == '-' else cell},{cell}\n" for i, cell in enumerate(cells)
    )
    shop = _ads(tmp_path, text, "USD")
    assert [(c, float(a)) for c, a in shop.query(SPEND)] == [
        ("USD", 1000.0), ("USD", 12.0), ("GBP", 3.0), ("USD", 4.5), ("USD", 1200.5),
        (None, 0.0), (None, 7.0), ("EUR", 5.0), ("HKD", 8.0),
    ]  # fmt: skip


def test_a_sign_that_does_not_fit_the_shop_is_refused(tmp_path: Path) -> None:
    shop = _ads(
        tmp_path, "Day,Campaign name,Ad name,Amount spent\n2024-06-18,S,V,$5\n2024-06-18,S,W,¥6\n"
    )
    assert [(c, float(a)) for c, a in shop.query(SPEND)] == [("CNY", 6.0)]
    [(code, reason)] = shop.query(REASONS)
    assert code == "ambiguous_currency"
    assert "currency: {const: USD}" in reason


def test_a_sign_is_read_in_the_currency_of_the_mapping(tmp_path: Path) -> None:
    mapping = {**ADS, "columns": {"currency": {"const": "AUD"}}}
    shop = LandingShop(tmp_path, {"ads.daily_spend": [mapping]})
    shop.put(
        "ads.csv",
        "Day,Campaign name,Ad name,Amount spent\n2024-06-18,S,V,$5\n2024-06-18,S,W,5 USD\n",
    )
    shop.land()
    assert [(c, float(a)) for c, a in shop.query(SPEND)] == [("AUD", 5.0)]
    [(code, reason)] = shop.query(REASONS)
    assert code == "two_currencies"
    assert "AUD, USD" in reason


def test_two_currencies_of_one_row_are_refused(tmp_path: Path) -> None:
    shop = _ads(
        tmp_path,
        "Day,Campaign name,Ad name,Amount spent (USD),Purchases conversion value\n2024-06-18,S,V,5,€9\n",
    )
    assert [code for code, _ in shop.query(REASONS)] == ["two_currencies"]


def test_the_currency_column_may_hold_a_sign_or_a_name(tmp_path: Path) -> None:
    mapping = orders(columns={"currency": "币种"})
    shop = LandingShop(tmp_path, {"erp.orders": [mapping]})
    text = "订单编号,订单状态,下单时间,实付金额,联系手机,币种\n"
    for i, (amount, word) in enumerate(
        [("¥1", "人民币"), ("2", "美元"), ("3", "RMB"), ("4", "¥"), ("5", "usd"), ("¥6", "")]
    ):
        text += f"{i},交易成功,2024-06-18 10:00:00,{amount},,{word}\n"
    shop.put("orders.csv", text)
    shop.land()
    found = [c for (c,) in shop.query("select currency from raw.erp_orders order by order_id")]
    assert found == ["CNY", "USD", "CNY", "CNY", "USD", "CNY"]
