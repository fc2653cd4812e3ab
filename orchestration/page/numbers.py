"""Numbers as text, for the page as it stands without scripts; `assets/numbers.js` is the same for the browser."""

_UNITS = {
    "zh": ((1e8, "亿", 2), (1e4, "万", 2)),
    "en": ((1e9, "B", 2), (1e6, "M", 2), (1e4, "K", 1)),
}
_SYMBOLS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩", "INR": "₹"}
NONE = "—"


def figure_text(value: float | None, unit: str, language: str, currency: str) -> str:
    """The value of a KPI in its unit; a dash where it is unknown."""
    if value is None:
        return NONE
    match unit:
        case "rate":
            return _signed(value, f"{abs(value) * 100:,.1f}%")
        case "currency":
            size = abs(value)
            text = f"{size:,.2f}" if size < 1e3 else _short(size, language)
            return _signed(value, _SYMBOLS.get(currency, currency) + text)
        case "count":
            return _signed(value, _short(abs(value), language))
        case _:
            return _signed(value, f"{abs(value):,.2f}")


def _short(size: float, language: str) -> str:
    for least, name, digits in _UNITS[language]:
        if size >= least:
            return f"{size / least:,.{digits}f}{name}"
    return f"{size:,.0f}"


def _signed(value: float, text: str) -> str:
    return f"\N{MINUS SIGN}{text}" if value < 0 else text
