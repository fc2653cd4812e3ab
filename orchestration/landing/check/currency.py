"""In which currency a row's money is: what its headers, its cells and its currency column say.

A code or an unmistakable sign decides. A sign of several currencies ($, ¥) means the currency that the
row or the shop has; where it cannot mean that, the row is refused, as is a row of two currencies.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestration.config.contract import Feed
from orchestration.landing.read.source import among, quoted

if TYPE_CHECKING:
    from orchestration.landing.check.cells import Cells

COLUMN = "currency"
TWO, VAGUE = "two_currencies", "ambiguous_currency"
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
"""Signs that several currencies share. £ alone is the pound sterling, unless the shop has another pound."""
_DEFAULTS = {"£": "GBP"}


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


def money_columns(feed: Feed, cells: "Cells") -> list[str]:
    """The columns of a file that hold money as text."""
    return [
        name
        for name, spec in cells.mapping.columns.items()
        if feed.columns[name].unit == "currency" and spec.headers
    ]


def layers(feed: Feed, cells: "Cells", before: str) -> list[str]:
    """CTEs, the last named `priced`, that add `_doubt` and `_codes` and fill the currency column."""
    columns = money_columns(feed, cells)
    if COLUMN not in feed.columns or not columns:
        return []
    texts = {name: f'"_t_{name}"' for name in columns}
    named = {name: _named_by_header(cells, name) for name in columns}
    plain = " and ".join(
        [f"({text} is null or {_is_bare(text)})" for text in texts.values()]
        + [
            f"({COLUMN} is null or regexp_full_match({COLUMN}, '[A-Z]{{3}}') "
            f"and not {among(COLUMN, ['RMB', 'CNH'])})"
        ]
    )
    marks = ", ".join(
        f"case when {texts[name]} is null then [] else {_listed(named[name])} "
        f"|| {_marks_of(texts[name])} end"
        for name in columns
    )
    stated = f"case when {COLUMN} is null then [] else [upper(trim({COLUMN}))] end"
    every = f"list_distinct(flatten([{stated}, {marks}]))"
    if not any(named.values()):
        every = f"case when not ({plain}) then {every} end"
    shop = quoted(cells.mapping.shop_currency)
    one = "case {0} " + " ".join(f"when {quoted(s)} then {quoted(c)}" for s, c in SIGNS.items())
    code = one.format("s") + f" else case when not {among('s', [*VAGUE_SIGNS])} then s end end"
    fits = " ".join(f"when {quoted(s)} then {among('_named', c)}" for s, c in VAGUE_SIGNS.items())
    default = " ".join(
        f"when list_contains(_marks, {quoted(sign)}) and not {among(shop, VAGUE_SIGNS[sign])} "
        f"then {quoted(currency)}"
        for sign, currency in _DEFAULTS.items()
    )
    return [
        f"marked as (select *, {every} as _marks from {before})",
        "coded as (select *, list_distinct(list_filter(list_transform(_marks, lambda s: "
        f"{code}), lambda c: c is not null)) as _codes from marked)",
        f"named as (select *, coalesce(_codes[1], case {default} else {shop} end) as _named from coded)",
        f"doubted as (select *, case when len(_codes) > 1 then '{TWO}' "
        f"when len(list_filter(_marks, lambda s: not coalesce(case s {fits} end, true))) > 0 "
        f"then '{VAGUE}' end as _doubt from named)",
        f"priced as (select * replace (case when len(_marks) > 0 then _named else {COLUMN} end "
        f"as {COLUMN}) from doubted)",
    ]


def reasons(cells: "Cells") -> dict[str, str]:
    """Per kind of doubt the SQL of its text."""
    shop = cells.mapping.shop_currency
    return {
        TWO: "'The row names several currencies: ' || array_to_string(list_sort(_codes), ', ') || "
        + quoted(
            "; headers, cells and `currency` of one row must agree. Export one currency per row, or map "
            "`currency` to the right column in shop.yml."
        ),
        VAGUE: "'The sign in ' || array_to_string(_marks, ', ') || "
        + quoted(
            f" does not fit the currency of the row or of the shop ({shop}). Say which one it is in shop.yml: "
            "`currency: {const: USD}` among the columns of this mapping."
        ),
    }


def _named_by_header(cells: "Cells", name: str) -> str | None:
    place = cells.position(cells.mapping.columns[name].headers)
    return None if place is None else of_header(cells.headers[place])


def _listed(mark: str | None) -> str:
    return f"[{quoted(mark)}]" if mark else "cast([] as varchar[])"


def _is_bare(text: str) -> str:
    """Whether a text begins and ends with a digit, as almost every amount does."""
    return f"(ascii({text}) between 48 and 57 and {text}[-1] between '0' and '9')"


def _marks_of(text: str) -> str:
    upper = f"replace(replace(upper({text}), '￥', '¥'), '＄', '$')"
    found = f"regexp_extract_all({upper}, {quoted(MARKS)})"
    return f"case when {_is_bare(text)} then [] else {found} end"
