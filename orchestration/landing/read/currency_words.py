"""How exports name currencies: codes, signs, and the header that names one."""

import re
import unicodedata
from collections.abc import Sequence

_ISO = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
CODES = tuple(_ISO.split())
# Codes that are also words of headers (all, top, try …) count only in brackets.
_WORDS = ("ALL", "TOP", "TRY", "SOS", "GEL", "COP", "CUP", "PEN", "BOB", "LAK", "MOP", "NAD", "MAD", "RON", "AMD")  # fmt: skip
SIGNS = {
    "RMB": "CNY", "CNH": "CNY", "CN¥": "CNY", "人民币": "CNY", "JP¥": "JPY", "日元": "JPY", "円": "JPY",
    "US$": "USD", "美元": "USD", "美金": "USD", "HK$": "HKD", "港币": "HKD", "港元": "HKD", "NT$": "TWD",
    "新台币": "TWD", "台币": "TWD", "新币": "SGD", "S$": "SGD", "A$": "AUD", "AU$": "AUD", "澳元": "AUD",
    "C$": "CAD", "CA$": "CAD", "加元": "CAD", "NZ$": "NZD", "R$": "BRL", "MX$": "MXN", "€": "EUR",
    "欧元": "EUR", "英镑": "GBP", "₩": "KRW", "韩元": "KRW", "₹": "INR", "₽": "RUB", "卢布": "RUB",
    "฿": "THB", "泰铢": "THB", "₫": "VND", "₱": "PHP", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₦": "NGN",
    "ZŁ": "PLN", "KČ": "CZK", "RP": "IDR", "RM": "MYR",
}  # fmt: skip
"""Signs of one currency, in upper case."""
VAGUE_SIGNS = {
    "$": ("USD", "CAD", "AUD", "HKD", "TWD", "SGD", "NZD", "MXN", "ARS", "CLP", "COP", "BRL", "MOP"),
    "¥": ("CNY", "JPY"),
    "元": ("CNY", "HKD", "TWD", "MOP", "SGD"),
    "£": ("GBP", "EGP", "GIP", "FKP", "SHP", "LBP", "SYP"),
    "KR": ("SEK", "NOK", "DKK", "ISK"),
}  # fmt: skip
"""Signs that several currencies share."""
DEFAULTS = {"£": "GBP"}
"""What a shared sign alone means, unless the shop has another of its currencies."""


def _alternatives(words: Sequence[str]) -> str:
    longest = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(word.replace("$", "[$]") for word in longest)


MARKS = _alternatives([*CODES, *SIGNS, *VAGUE_SIGNS])
"""A pattern of everything that names a currency, for text in upper case."""
_UNIT = r"(?:(?:单位|币种|货币|UNIT|CURRENCY|IN)[:：]? ?)?"
_BRACKETED = re.compile(rf"[(\[] *{_UNIT}(?:万|亿)?({MARKS}) *[)\]]$")
_LOOSE = _alternatives([*(set(CODES) - set(_WORDS)), "RMB", "US$", *VAGUE_SIGNS])
_SIGN_ENDS = _alternatives(
    [sign for sign in [*SIGNS, "$", "¥", "£"] if not (sign.isascii() and sign.isalpha())]
)
_LAST = re.compile(rf"(?:[ _,./-]+({_LOOSE})|({_SIGN_ENDS}))$")
_FIRST = re.compile(rf"^({_LOOSE})[ _]")


def of_header(header: str) -> str | None:
    """The code or sign that a header names: `Amount spent (USD)`, `花费（美元）`, `price_usd`."""
    form = unicodedata.normalize("NFKC", header).upper().strip()
    found = _BRACKETED.search(form) or _LAST.search(form) or _FIRST.search(form)
    return next(filter(None, found.groups())) if found else None
