"""Numbers as text, for the page without scripts; `assets/numbers.js` is the same for the browser."""

from decimal import ROUND_HALF_UP, Decimal

_UNITS = {
    "zh": ((1e8, 1e8, "亿", 2), (1e4, 1e4, "万", 2)),
    "en": ((1e9, 1e9, "B", 2), (1e6, 1e6, "M", 2), (1e4, 1e3, "K", 1)),
}
"""From which size, of how many, name, digits."""
_SYMBOLS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩", "INR": "₹"}
NONE = "—"


def figure_text(value: float | None, unit: str, language: str, currency: str) -> str:
    """The value of a KPI in its unit; a dash where it is unknown."""
    if value is None:
        return NONE
    match unit:
        case "rate":
            return _signed(value, f"{_digits(abs(value) * 100, 1)}%")
        case "currency":
            size = abs(value)
            text = _digits(size, 2) if size < 1e3 else _short(size, language)
            return _signed(value, _SYMBOLS.get(currency, currency) + text)
        case "count":
            return _signed(value, _short(abs(value), language))
        case _:
            return _signed(value, _digits(abs(value), 2))


def _short(size: float, language: str) -> str:
    for least, unit, name, digits in _UNITS[language]:
        if size >= least:
            return _digits(size / unit, digits) + name
    return _digits(size, 0)


def _digits(size: float, count: int) -> str:
    """A number with so many digits; a half of its shortest decimal form is rounded up, as browsers do."""
    return f"{Decimal(repr(float(size))).quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP):,}"


def _signed(value: float, text: str) -> str:
    return f"\N{MINUS SIGN}{text}" if value < 0 else text
