"""Numbers, days and lists of the digest in English and Chinese."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NONE = "—"
_UNITS = {
    "zh": ((10**8, "亿"), (10**4, "万")),
    "en": ((10**9, "B"), (10**6, "M"), (10**3, "K")),
}
_SHORT_FROM = 10_000
_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MOST_NAMES = 5


def number(value: float | None, unit: str, language: str) -> str:
    """A figure: rates in per cent, counts whole, from 10,000 in units of the language with two decimals."""
    if value is None:
        return NONE
    exact = Decimal(repr(float(value)))
    if unit == "rate":
        return f"{_rounded(exact * 100)}%"
    shown = exact.quantize(Decimal(1) if unit == "count" else Decimal("0.01"), ROUND_HALF_UP)
    if abs(shown) < _SHORT_FROM:
        return f"{shown:,}"
    units = _UNITS[language]
    for size, name in units:
        # 99,999,999 is 1.00亿 and not 10000.00万.
        if _rounded(abs(exact) / size) >= 1:
            return f"{_rounded(exact / size):,}{name}"
    return f"{shown:,}"


def change(value: float | None, language: str, *, in_points: bool) -> str:
    """A difference with its sign: in percentage points, or as a share of the earlier figure in per cent."""
    if value is None:
        return NONE
    if in_points:
        return f"{_signed(Decimal(repr(float(value))), 2)}{'百分点' if language == 'zh' else 'pp'}"
    return f"{_signed(Decimal(repr(float(value))) * 100, 1)}%"


def day(value: date, language: str) -> str:
    """`Sunday 2026-11-01`, `2026-11-01 周日`."""
    name = _WEEKDAYS[language][value.isoweekday() - 1]
    return f"{value} {name}" if language == "zh" else f"{name} {value}"


def listed(names: Sequence[str], language: str, most: int = _MOST_NAMES) -> str:
    """Names with commas, the first ones of a long list and how many more there are."""
    shown = ("、" if language == "zh" else ", ").join(names[:most])
    more = len(names) - most
    if more <= 0:
        return shown
    return f"{shown} 等 {len(names)} 个" if language == "zh" else f"{shown} and {more} more"


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _signed(value: Decimal, digits: int) -> str:
    shown = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(shown):,}" if shown == 0 else f"{shown:+,}"
