"""Orders, lines and refunds of random shops in the shop's currency, by the definitions of the KPI book."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from random_world import Line, Order, Refund
from shop_rates import ZERO


@dataclass
class GivenBack:
    """A successful refund in yuan: of the goods, and of everything."""

    refund_id: str
    on: date
    amount: Decimal
    goods: Decimal = ZERO
    line_id: str = ""
    quantity: Decimal | None = None
    is_returned: bool = True


@dataclass
class Part:
    """A line in yuan."""

    line: Line
    listed: Decimal
    merchant: Decimal
    platform: Decimal
    goods: Decimal
    other: Decimal
    unit_cost: Decimal | None
    refunded: Decimal = ZERO
    returned: Decimal = ZERO
    """Units that came back."""
    cost: Decimal | None = None
    subsidy: Decimal = ZERO
    fee: Decimal | None = None


@dataclass
class Settled:
    """An order in yuan; without a rate, or unpaid, only what is known of it."""

    order: Order
    reason: str | None
    """Why it is no sale."""
    is_paid: bool
    ordered_on: date
    paid_on: date
    parts: list[Part] = field(default_factory=list)
    refunds: list[GivenBack] = field(default_factory=list)
    listed: Decimal = ZERO
    merchant: Decimal = ZERO
    platform: Decimal = ZERO
    goods: Decimal | None = None
    shipping: Decimal = ZERO
    tax: Decimal = ZERO
    other: Decimal = ZERO
    paid: Decimal = ZERO
    fee: Decimal | None = None
    is_shared: bool = False
    """Whether the header says more than its lines, so that cents of lines depend on how they are shared."""
    loose: Decimal = ZERO
    """Refunds beyond what is left of any line: of the order, and of no line in particular."""

    @property
    def is_sale(self) -> bool:
        """Whether it counts as a sale."""
        return self.reason is None

    @property
    def refunded(self) -> Decimal:
        """What was given back so far."""
        return sum((back.amount for back in self.refunds), ZERO)

    @property
    def goods_refunded(self) -> Decimal:
        """The part of it that gives back goods."""
        return sum((back.goods for back in self.refunds), ZERO)

    @property
    def net(self) -> Decimal:
        """Goods less goods given back; nothing of what is no sale."""
        return self.goods - self.goods_refunded if self.is_sale and self.goods is not None else ZERO

    @property
    def cost(self) -> Decimal | None:
        """What the units that buyers kept cost, None where one cost is unknown."""
        costs = [part.cost for part in self.parts]
        return (
            None if not costs or None in costs else sum((c for c in costs if c is not None), ZERO)
        )

    @property
    def margin(self) -> Decimal | None:
        """Net sales, and what the platform pays of them, less the cost of the units that buyers kept."""
        subsidy = sum((part.subsidy for part in self.parts), ZERO) if self.parts else self.platform
        return None if self.cost is None else self.net + subsidy - self.cost

    @property
    def contribution(self) -> Decimal | None:
        """Margin less fees."""
        return None if self.margin is None or self.fee is None else self.margin - self.fee

    @property
    def customer(self) -> str | None:
        """The buyer, None where the export names none."""
        return (
            f"{self.order.shop.shop_id}/{self.order.customer_id}"
            if self.order.customer_id
            else None
        )

    @property
    def units(self) -> Decimal:
        """Units of goods, gifts left out."""
        kept = (p.line for p in self.parts if p.line.kind == "goods" and not p.line.is_gift)
        return sum((line.quantity for line in kept), ZERO)


@dataclass
class CreditNote:
    """A successful refund without an order, on its own day."""

    refund: Refund
    on: date | None
    amount: Decimal | None
