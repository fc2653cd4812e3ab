"""Which random shops have all that a KPI needs."""

from collections import defaultdict

from random_world import RandomShop
from shop_money import Settled


class Coverage:
    """Which shops have all that a KPI needs; a figure of all shops is one of these."""

    def __init__(
        self, shops: list[RandomShop], orders: list[Settled], needs: dict[str, str]
    ) -> None:
        sales: dict[str, list[Settled]] = defaultdict(list)
        for order in orders:
            if order.is_sale:
                sales[order.order.shop.shop_id].append(order)
        self.has = {shop.shop_id: _possessions(shop, sales[shop.shop_id]) for shop in shops}
        self.covered = {
            code: frozenset(shop for shop, has in self.has.items() if set(listed.split(";")) <= has)
            for code, listed in needs.items()
        }
        names = {frozenset(self.has): "all"}
        for code in needs:
            names.setdefault(self.covered[code], f"scope {len(names)}")
        self.scope_of = {code: names[self.covered[code]] for code in needs}
        self.scopes_of = {
            shop: [name for some, name in names.items() if shop in some] for shop in self.has
        }


def _possessions(shop: RandomShop, sales: list[Settled]) -> set[str]:
    """Feeds and columns that a shop has."""
    lines = [line for order in shop.orders for line in order.lines]
    knows = {
        "erp.orders": bool(shop.orders), "erp.refunds": bool(shop.refunds) or shop.layout == "stating",
        "erp.order_lines": bool(lines), "erp.order_lines.product_id": any(line.product_id for line in lines),
        "unit_cost": any(
            part.cost is not None and part.line.kind == "goods"
            for order in sales for part in order.parts
        ),
        "erp.orders.buyer": any(order.customer for order in sales),
    }  # fmt: skip
    knows |= {
        f"ads.daily_spend{name}": bool(shop.spend)
        for name in ("", ".clicks", ".impressions", ".claimed_amount")
    }
    return {need for need, known in knows.items() if known}
