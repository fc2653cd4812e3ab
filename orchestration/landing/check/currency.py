"""In which currency a row's money is: what its headers, its cells and its currency column say.

A code or an unmistakable sign decides. A sign of several currencies ($, ¥) means the currency that the
row or the shop has; where it cannot mean that, the row is refused, as is a row of two currencies.
"""

from orchestration.config.contract import Feed
from orchestration.landing.check.cells import Cells
from orchestration.landing.read.currency_words import DEFAULTS, MARKS, SIGNS, VAGUE_SIGNS, of_header
from orchestration.system.sql import among, quoted

COLUMN = "currency"
TWO, VAGUE = "two_currencies", "ambiguous_currency"


def money_columns(feed: Feed, cells: Cells) -> list[str]:
    """The columns of a file that hold money as text."""
    return [
        name
        for name, spec in cells.mapping.columns.items()
        if feed.columns[name].unit == "currency" and spec.headers
    ]


def layers(feed: Feed, cells: Cells, before: str) -> list[str]:
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
        for sign, currency in DEFAULTS.items()
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


def reasons(cells: Cells) -> dict[str, str]:
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


def _named_by_header(cells: Cells, name: str) -> str | None:
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
