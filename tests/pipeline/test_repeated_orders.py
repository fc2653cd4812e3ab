"""Orders that an ERP and a platform both export are one sale, in whatever order the exports arrive."""

from pathlib import Path

import pytest
from shops import Shop

pytestmark = pytest.mark.thorough

_SHOP = """\
shop: {id: tea, name: {en: Tea, zh: 茶}, timezone: Asia/Shanghai, currency: CNY}
feeds:
  erp.orders:
    - files: 'erp*.csv'
      source_system: erp
      columns: {order_id: 系统单号, platform_order_id: 平台单号, status: {const: completed}, paid_amount: 实付, ordered_at: 时间, paid_at: 时间}
    - files: 'platform*.csv'
      source_system: platform
      columns: {order_id: 订单号, status: {const: completed}, paid_amount: 实付, ordered_at: 时间, paid_at: 时间}
  erp.refunds: none
"""
_ERP = """\
系统单号,平台单号,实付,时间
JY1,2506230001,100,2024-06-17 10:00:00
JY2,"2506230002,2506230003",80,2024-06-17 11:00:00
JY3,"2506230004,2506230009",70,2024-06-17 12:00:00
JY4,,5,2024-06-17 13:00:00
"""
_PLATFORM = """\
订单号,实付,时间
2506230001,100,2024-06-17 10:00:00
2506230002,30,2024-06-17 11:00:00
2506230003,50,2024-06-17 11:00:00
2506230004,40,2024-06-17 12:00:00
2506230007,9,2024-06-17 14:00:00
"""


def _sales(shop: Shop) -> dict[str, str | None]:
    return dict(shop.ask("select order_id, invalid_reason from marts.orders order by order_id"))


def test_orders_of_two_exports_are_one_sale(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (tmp_path / "shop.yml").write_text(_SHOP, encoding="utf-8")
    shop = Shop(tmp_path / "home", tmp_path / "shop.yml", inbox)
    (inbox / "erp.csv").write_text(_ERP, encoding="utf-8")
    first = shop.cli("run")
    assert first.returncode == 0, first.stderr
    assert shop.ask("select sum(net_amount) from marts.daily_sales") == [(255,)]
    (inbox / "platform.csv").write_text(_PLATFORM, encoding="utf-8")
    second = shop.cli("run")
    assert second.returncode == 0, second.stderr
    assert _sales(shop) == {
        "JY1": "same_as_platform_order",
        "JY2": "same_as_platform_order",
        "JY3": None,
        "JY4": None,
        "2506230001": None,
        "2506230002": None,
        "2506230003": None,
        "2506230004": "part_of_merged_order",
        "2506230007": None,
    }
    # 100 + 80 + 70 + 5 of the ERP, and 9 of an order that only the platform has.
    assert shop.ask("select sum(net_amount) from marts.daily_sales") == [(264,)]
    left_out = shop.ask(
        "select reason, order_count from meta.coverage_sales where not is_sale order by 1"
    )
    assert left_out == [("part_of_merged_order", 1), ("same_as_platform_order", 2)]
