"""What the exports of random shops say: shops, orders, lines, refunds and ad reports, and the exchange rates."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

FIRST = datetime(2026, 1, 2, tzinfo=UTC)
DAYS = 140
FAR = datetime(2062, 5, 1, 4, tzinfo=UTC)
"""A mistyped year: after every day that the shops have."""

RATES = [
    ("USD", date(2025, 1, 1), Decimal("7.2")),
    ("USD", date(2026, 3, 1), Decimal("7.05")),
    ("EUR", date(2025, 1, 1), Decimal("7.85123459")),
    ("JPY", date(2025, 1, 1), Decimal("0.0473")),
    ("VND", date(2025, 1, 1), Decimal("0.00028")),
    ("GBP", date(2026, 3, 1), Decimal("9.1")),
]
"""From a currency's first day on; BRL has no rate, and the pound none before March."""

LAYOUTS = ("full", "bare", "stating", "heads")
"""full: header and lines state all money. bare: lines have prices, the header has none. stating: the order
export itself says what was given back. heads: no lines, and refunds are negative rows of the orders."""

KINDS = {"tip": "Tip", "gift_card": "Gift card", "insurance": "运费险", "goods": "Tea"}


@dataclass
class Line:
    """A line as the export states it; empty is None."""

    line_id: str
    product_id: str
    quantity: Decimal
    unit_price: Decimal | None
    merchant: Decimal = Decimal(0)
    platform: Decimal = Decimal(0)
    paid: Decimal | None = None
    unit_cost: Decimal | None = None
    kind: str = "goods"
    is_gift: bool = False
    refunded: Decimal | None = None


@dataclass
class Order:
    """An order as its last export states it."""

    shop: "RandomShop"
    order_id: str
    currency: str
    ordered_at: datetime
    paid_at: datetime | None
    platform: str
    sales_channel: str
    customer_id: str
    lines: list[Line] = field(default_factory=list)
    status: str = "completed"
    order_type: str = "normal"
    merchant: Decimal = Decimal(0)
    platform_off: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    paid: Decimal | None = None
    outstanding: Decimal | None = None
    fee: Decimal | None = None
    refunded: Decimal | None = None
    refunded_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass
class Refund:
    """A row of a refund export; without an order it is a credit note."""

    shop: "RandomShop"
    refund_id: str
    order_id: str
    amount: Decimal
    refunded_at: datetime | None
    line_id: str = ""
    product_id: str = ""
    platform: str = ""
    quantity: Decimal | None = None
    currency: str = ""
    status: str = "success"
    refund_type: str = ""
    requested_at: datetime | None = None


@dataclass(frozen=True)
class Spend:
    """A row of an ad report."""

    shop: "RandomShop"
    level: str
    account_id: str
    campaign_id: str
    ad_id: str
    day: date
    ad_platform: str
    currency: str
    amount: Decimal
    claimed: Decimal
    impressions: int
    clicks: int


@dataclass(eq=False)
class RandomShop:
    """One shop: what it is like, and its rows."""

    shop_id: str
    layout: str
    currency: str
    products: dict[str, tuple[str, Decimal | None, Decimal | None]] = field(default_factory=dict)
    """Of the catalogue: category, list price and cost, in the shop's currency of sale."""
    has_costs: bool = True
    orders: list[Order] = field(default_factory=list)
    earlier: list[Order] = field(default_factory=list)
    """What an earlier export said of orders that were edited since."""
    refunds: list[Refund] = field(default_factory=list)
    spend: list[Spend] = field(default_factory=list)
    orphans: list[tuple[str, Line]] = field(default_factory=list)
    """Lines of orders that no export brought."""

    @property
    def source_system(self) -> str:
        """Each layout is that of one system."""
        return f"erp_{self.layout}"


def strip(shops: list[RandomShop], lacks: tuple[str, ...]) -> list[RandomShop]:
    """The shops without what the feeds and columns of these names hold."""
    for shop in shops:
        if "erp.refunds" in lacks and shop.layout != "stating":
            shop.refunds.clear()
        if "ads.daily_spend" in lacks:
            shop.spend.clear()
        if "unit_cost" in lacks:
            shop.products = {
                name: (kind, price, None) for name, (kind, price, _) in shop.products.items()
            }
        if "erp.order_lines" in lacks:
            shop.orphans.clear()
        for order in shop.orders:
            if "erp.orders.customer_id" in lacks:
                order.customer_id = ""
            if "erp.order_lines" in lacks:
                order.lines.clear()
            for line in order.lines if "unit_cost" in lacks else []:
                line.unit_cost = None
    return shops
