"""Days, decimals and exchange rates of random shops."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from random_world import RATES

_ZONE = ZoneInfo("Asia/Shanghai")
_PLACES = Decimal("0.0001")
ZERO = Decimal(0)


def day(at: datetime | None) -> date | None:
    """The shop's day of a moment."""
    return at.astimezone(_ZONE).date() if at else None


def places(amount: Decimal) -> Decimal:
    """Four decimals, half away from zero."""
    return amount.quantize(_PLACES, ROUND_HALF_UP)


def rate(currency: str, on: date) -> Decimal | None:
    """What one unit is worth in yuan on a day; None where no list says so."""
    if currency in ("", "CNY"):
        return Decimal(1)
    known = [(since, value) for name, since, value in RATES if name == currency and since <= on]
    return max(known)[1] if known else None


def last_rate(currency: str) -> Decimal | None:
    """The rate of prices and costs of products: the last one."""
    return rate(currency, date(9999, 1, 1))


def convert(amount: Decimal | None, by: Decimal | None) -> Decimal | None:
    """An amount in yuan, None where it or its rate is unknown."""
    return None if amount is None or by is None else places(amount * by)
