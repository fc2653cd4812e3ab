"""Text to the contract's types, as SQL: guarded, never a bare try_cast.

A bare cast takes '3.7' for 4 and drops the offset of a timestamp. Every function
here returns an expression that is NULL where the text is not what the type needs. The first branch
of each is the common, fast one.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from orchestration.landing.read.currency_words import MARKS
from orchestration.system.sql import among, quoted
from orchestration.system.zones import fixed_offset

_WIDE, _NARROW = "０１２３４５６７８９．，－＋％￥−﹣　", "0123456789.,-+%¥-- "
_MONEY = (
    rf"(?i)^([+-]?) ?(?:{MARKS})? ?([+-]?)([0-9]{{1,15}}|[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,4}})"
    rf"([.][0-9]*)? ?(%|万元|亿元|万|亿|{MARKS})?$"
)
_PLAIN, _WHOLE = "[+-]?([0-9]{1,18}([.][0-9]*)?|[.][0-9]+)", "[+-]?[0-9]{1,19}([.]0*)?"
_POWER = "[+-]?([0-9]{1,18}([.][0-9]*)?|[.][0-9]+)[eE][+-]?[0-9]{1,2}"
_MULTIPLES = {"万": "10000", "万元": "10000", "亿": "100000000", "亿元": "100000000"}

_DATE = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_CLOCK = "[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
_OFFSET = " ?(Z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)"
_SERIAL = "[1-9][0-9]{4}([.][0-9]+)?"
"""A day of a spreadsheet, from 1927 to 2173, with the time of day as its fraction."""
ZERO_DATE = "000[01][-/.]?(00|01)[-/.]?(00|01)([ T]00:00(:00([.]0+)?)?)?"
_DATES = ("%Y年%m月%d日", "%Y.%m.%d", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y")
_DIGITS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_TIMES = (
    "%Y-%m-%d %H",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日%H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日%H时%M分%S秒",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    *_DATES,
)
_TRUE = ("1", "true", "t", "yes", "y", "是", "有", "真", "√", "on")
_FALSE = ("0", "false", "f", "no", "n", "否", "无", "假", "×", "off")
SCIENTIFIC_ID = "[0-9]([.][0-9]+)?[eE][+][0-9]{1,3}"


def has_text(text: str) -> str:
    """Whether text has a letter or a digit of any script; `has_text` of macros/portable.sql is its twin."""
    signs = "0-9A-Za-zÀ-῿⺀-⿟぀-퟿豈-﷿０-９Ａ-Ｚａ-ｚｦ-ￜ𐀀-🿿"
    return f"(ascii({text}) between 48 and 57 or regexp_matches({text}, '[{signs}]'))"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {quoted(pattern)})"


def number(text: str, data_type: str, scale: Decimal | None = None) -> str:
    """Decimal, bigint or double; `scale` is the unit factor of the mapping.

    Understands thousands commas, full-width digits, currency signs, %, 万, 亿 and exponents. More decimals
    than the type holds are rounded half away from zero; a bigint must be whole.
    """
    if scale is None:
        plain = _WHOLE if data_type == "bigint" else _PLAIN
        fast = f"try_cast({text} as {data_type})"
        slow = _checked(_spelled_out(text), data_type)
        return f"case when {_matches(text, plain)} then {fast} else {slow} end"
    # Casting text to a decimal of more than 18 digits takes 40 µs, of up to 18 a tenth of one.
    exact = (
        f"case when {_matches(text, '[+-]?[0-9]{1,12}([.][0-9]{0,6})?')} "
        f"then cast(try_cast({text} as decimal(18, 6)) as decimal(24, 8)) "
        f"when {_matches(text, '[+-]?[0-9]{1,16}')} then cast(try_cast({text} as bigint) as decimal(24, 8)) "
        f"else cast({_spelled_out(text, percent='1')} as decimal(24, 8)) end"
    )
    return _checked(f"try({exact} * {_factor(scale)})", data_type)


_SIGNLESS = "[^0-9.,]*"
_COMMA_ONLY = rf"{_SIGNLESS}([0-9]+,([0-9]{{1,2}}|[0-9]{{4,}})|[0-9]{{1,3}}([.][0-9]{{3}})+,[0-9]+){_SIGNLESS}"
_DOUBTFUL = rf"{_SIGNLESS}[0-9]{{1,3}}([.][0-9]{{3}}|(,[0-9]{{3}})+){_SIGNLESS}"
_GROUPING = ". '’\xa0\u202f"
_COMMA_DECIMAL = (
    rf"{_SIGNLESS}([0-9]+|[0-9]{{1,3}}([{_GROUPING}][0-9]{{3}})+)?(,[0-9]+)?{_SIGNLESS}"
)


def has_decimal_comma(text: str) -> str:
    """Whether a number can only be read with a comma before its decimals."""
    return _matches(text, _COMMA_ONLY)


def unambiguous(text: str) -> str:
    """The number, NULL where 3.000 or 3,000 means another number with a decimal comma than with a point."""
    return f"case when not {_matches(text, _DOUBTFUL)} then {text} end"


def with_point(text: str, is_typed: bool) -> str:
    """A number with a decimal comma, such as 1.234,56, in the spelling that `number` reads.

    `is_typed`: numbers of the source were no text and have a point; only what has a comma is changed,
    and 3.000 is refused.
    """
    bare = f"replace(translate({text}, {quoted(_GROUPING)}, ''), ',', '.')"
    commas = f"case when {_matches(text, _COMMA_DECIMAL)} then {bare} end"
    if is_typed:
        return f"case when contains({text}, ',') then {commas} else {unambiguous(text)} end"
    return commas


def _factor(scale: Decimal) -> str:
    digits = f"{scale:f}"
    places = len(digits.partition(".")[2])
    width = max(len(digits.replace(".", "").lstrip("-")), places + 1)
    return f"cast({digits} as decimal({width}, {places}))"


def _checked(exact: str, data_type: str) -> str:
    if data_type != "bigint":
        return f"try_cast({exact} as {data_type})"
    return f"list_transform([{exact}], lambda n: case when n = trunc(n) then try_cast(n as bigint) end)[1]"


def _spelled_out(text: str, percent: str = "0.01") -> str:
    """A number with anything around its digits, as decimal(38, 14).

    `percent` is what a % sign means: nothing more where the unit says percent already.
    """
    narrow = f"translate({text}, {quoted(_WIDE)}, {quoted(_NARROW)})"
    names = "['outer', 'inner', 'whole', 'rest', 'unit']"
    part = f"regexp_extract({narrow}, {quoted(_MONEY)}, {names})"
    digits = "m.outer || m.inner || replace(m.whole, ',', '') || m.rest"
    multiple = " ".join(f"when '{unit}' then {value}" for unit, value in _MULTIPLES.items())
    value = (
        "case when length(m.whole) < 13 and length(m.rest) < 8 "
        f"then cast(try_cast({digits} as decimal(18, 6)) as decimal(28, 12)) "
        f"else try_cast({digits} as decimal(28, 12)) end"
    )
    spelled = (
        f"list_transform([{part}], lambda m: case when m.whole <> '' and length(m.outer || m.inner) < 2 "
        f"then {value} * cast(case m.unit when '%' then {percent} {multiple} else 1 end "
        "as decimal(11, 2)) end)[1]"
    )
    powered = f"cast(try_cast({text} as decimal(28, 12)) as decimal(38, 14))"
    return f"case when {_matches(text, _POWER)} then {powered} else {spelled} end"


def date(text: str, formats: Sequence[str], zone: str, iso: bool, shop_zone: str = "") -> str:
    """A shop-local date. Day and month in doubtful order are refused unless a format is given.

    With a `shop_zone` the text states hours of the zone of the export, which are cut into the shop's days.
    """
    clocked = f"cast({_local(timestamp(text, formats, zone, iso), shop_zone or zone)} as date)"
    if shop_zone:
        return clocked
    if formats and not iso:
        return clocked
    dashed = f"replace({text}, '/', '-')"
    return (
        f"case when {_matches(text, _DATE)} then try_cast({text} as date) "
        f"when {_matches(dashed, _DATE)} then try_cast({dashed} as date) else {clocked} end"
    )


def timestamp(text: str, formats: Sequence[str], zone: str, iso: bool = True) -> str:
    """A UTC timestamp; naive text is in the zone, offsets are honoured.

    `iso`: ISO text is understood beside the given formats, as typed sources deliver it.
    """
    given = [_formatted(text, fmt, zone) for fmt in formats]
    if formats and not iso:
        return f"coalesce({', '.join(given)})" if len(given) > 1 else given[0]
    dashed = f"replace({text}, '/', '-')"
    offset = f"regexp_replace({dashed}, ' ?(Z|UTC|GMT)$', '+00:00')"
    offset = f"regexp_replace({offset}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})?$', '\\1:\\2')"
    offset = f"regexp_replace({offset}, ':$', ':00')"
    digits = " ".join(
        f"when {n} then {_utc(f'try_strptime({text}, {quoted(fmt)})', zone)}"
        for n, fmt in _DIGITS.items()
    )
    rest = _utc(f"try_strptime({_dated(text)}, [{', '.join(map(quoted, _TIMES))}])", zone)
    naive = f"{_DATE}([ T]{_CLOCK})?"
    default = (
        f"case when {_matches(text, naive)} then {_utc(f'try_cast({text} as timestamp)', zone)} "
        f"when {_matches(dashed, naive)} "
        f"then {_utc(f'try_cast({dashed} as timestamp)', zone)} "
        f"when {_matches(dashed, f'{_DATE}[ T]{_CLOCK}{_OFFSET}')} "
        f"then timezone('UTC', try_cast({offset} as timestamptz)) "
        f"when {_matches(text, '[0-9]+')} then case length({text}) {digits} end "
        f"else {rest} end"
    )
    return f"coalesce({', '.join([*given, default])})" if given else default


def _dated(text: str) -> str:
    """The text unless it is one of the words that strptime takes for a date."""
    digit = f"ascii({text}) between 48 and 57 or regexp_matches({text}, '[0-9]')"
    return f"case when {digit} then {text} end"


def _formatted(text: str, fmt: str, zone: str) -> str:
    if fmt == "epoch_us":
        micros = f"case when {_matches(text, '[0-9]{15,17}')} then try_cast({text} as bigint) end"
        return f"make_timestamp({micros})"
    if fmt in ("epoch_s", "epoch_ms"):
        places, micros = (6, 1_000_000) if fmt == "epoch_s" else (3, 1_000)
        exact = f"cast(try_cast({text} as decimal(18, {places})) as decimal(25, {places}))"
        guarded = f"case when {_matches(text, '[0-9]{9,14}([.][0-9]+)?')} then {exact} end"
        return f"make_timestamp(cast({guarded} * cast({micros} as decimal(7, 0)) as bigint))"
    if fmt == "excel":
        serial = f"try_cast(case when {_matches(text, _SERIAL)} then {text} end as double)"
        seconds = f"cast(round({serial} * 86400) as bigint)"
        return _utc(f"timestamp '1899-12-30' + to_seconds({seconds})", zone)
    parsed = f"try_strptime({_dated(text)}, {quoted(fmt)})"
    if re.fullmatch("(%[YmdHMS])+", fmt):
        width = fmt.count("%") * 2 + fmt.count("%Y") * 2
        parsed = f"case when length({text}) = {width} then {parsed} end"
    return f"timezone('UTC', {parsed})" if "%z" in fmt.lower() else _utc(parsed, zone)


def _utc(local: str, zone: str) -> str:
    """Wall-clock time to UTC. Zones without clock changes are arithmetic, which is ten times faster."""
    if zone in ("UTC", "Etc/UTC"):
        return local
    exact = f"timezone('UTC', timezone({quoted(zone)}, {local}))"
    if not (fixed := fixed_offset(zone)):
        return exact
    minutes, since = fixed
    return f"case when {local} >= timestamp '{since}' then {local} - to_minutes({minutes}) else {exact} end"


def utc_time(local: str, zone: str) -> str:
    """UTC of a wall-clock time of the zone."""
    return _utc(local, zone)


def local_time(utc: str, zone: str) -> str:
    """Wall-clock time of the zone."""
    return _local(utc, zone)


def _local(utc: str, zone: str) -> str:
    return (
        utc if zone in ("UTC", "Etc/UTC") else f"timezone({quoted(zone)}, timezone('UTC', {utc}))"
    )


def has_clock(text: str, formats: Sequence[str], zone: str, iso: bool) -> str:
    """Whether text is a time of the day other than midnight, which exports write into days, too."""
    local = _local(timestamp(text, formats, zone, iso), zone)
    return f"coalesce({local} <> date_trunc('day', {local}), false)"


def boolean(text: str) -> str:
    """1/0, true/false, yes/no, 是/否 and the like."""
    word = f"lower({text})"
    return f"case when {among(word, _TRUE)} then true when {among(word, _FALSE)} then false end"


def vocabulary(text: str, values: Sequence[str]) -> str:
    """A word of the contract's list, whatever its case."""
    lowered = f"case when {among(f'lower({text})', values)} then lower({text}) end"
    return f"case when {among(text, values)} then {text} else {lowered} end"
