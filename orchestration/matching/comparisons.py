"""How two records are compared: per field the levels of agreement, from best to none.

Every level has three shares. `m`: of pairs of one person, a rounded estimate; where training starts,
and what remains where data are too thin to learn from. `u`, of chance pairs, is always learned. `h`: of
pairs of two people of one household; only fields that tell its members apart have it, and it is never
learned, because no source states who lives together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NAMES = ("given", "family", "city")
"""Columns whose values are so unevenly common that the value itself counts as evidence."""


@dataclass(frozen=True)
class Level:
    """One degree of agreement: its words in the evidence, its SQL over `_l` and `_r`, its shares.

    `agrees` levels corroborate a name; the others cannot, however rare they are.
    """

    name: str
    sql: str
    m: float
    h: float | None = None
    agrees: bool = True
    tf: str | None = None
    least_u: float | None = None


@dataclass(frozen=True)
class Comparison:
    """A field, the columns that it needs, and when it cannot be compared.

    `most_wrong` bounds m of the last level, whatever training says: a shop full of families must not
    teach that one person has two given names.
    """

    name: str
    columns: tuple[str, ...]
    missing: str
    levels: tuple[Level, ...]
    most_wrong: float = 0.5

    @property
    def column(self) -> str:
        """The name as a column."""
        return self.name.replace(" ", "_")


def _absent(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


def _near(column: str, similarity: float) -> str:
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"jaro_winkler_similarity({left}, {right}) >= {similarity} "
        f"or (length({left}) > 3 and {_one_edit(column, 2)})"
    )


def _one_edit(column: str, untouched: int) -> str:
    """At most one typing error, which leaves the start or the end alone: comparing those is cheap."""
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"(left({left}, {untouched}) = left({right}, {untouched}) "
        f"or right({left}, {untouched}) = right({right}, {untouched})) "
        f"and damerau_levenshtein({left}, {right}) <= 1"
    )


def _similar(column: str) -> str:
    """A short form, an initial, or a Chinese name that shares one of its two characters."""
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"jaro_winkler_similarity({left}, {right}) >= 0.8 or starts_with({left}, {right}) "
        f"or starts_with({right}, {left}) "
        f"or (length({left}) = 2 and length({right}) = 2 and levenshtein({left}, {right}) = 1)"
    )


_CROSSED = (
    "jaro_winkler_similarity(first_l, last_r) >= 0.9",
    "jaro_winkler_similarity(last_l, first_r) >= 0.9",
)
# One of the four may be unknown.
_SWAPPED = f"coalesce({_CROSSED[0]}, {_CROSSED[1]}) and coalesce({_CROSSED[1]}, {_CROSSED[0]})"
# Swapped names are one piece of evidence, which the given name counts.
_COUNTED = f"given_l is not null and given_r is not null and family_l <> family_r and {_SWAPPED}"
_DAY_AND_MONTH = "left(birth_r, 4) || right(birth_r, 2) || substr(birth_r, 5, 2)"
_PARTS = (
    "cast(left(birth_l, 4) = left(birth_r, 4) as int) "
    "+ cast(substr(birth_l, 5, 2) = substr(birth_r, 5, 2) as int) "
    "+ cast(right(birth_l, 2) = right(birth_r, 2) as int)"
)
_OVERLAP = (
    "2 * len(list_intersect(tokens_l, tokens_r)) >= 0.6 * (len(tokens_l) + len(tokens_r)) "
    "or jaro_winkler_similarity(address_l, address_r) >= 0.92"
)
# A mailbox made of the name says what the name says, and a domain of many says nothing.
_BY_NAME = "is_named_mail_l and is_named_mail_r"
_ALIKE_BOX = (
    "jaro_winkler_similarity(mailbox_l, mailbox_r) >= 0.85 "
    "and 8 * damerau_levenshtein(mailbox_l, mailbox_r) <= length(mailbox_l)"
)
_ALIKE_MAIL = (
    "jaro_winkler_similarity(email_l, email_r) >= 0.85 "
    "and 8 * damerau_levenshtein(email_l, email_r) <= length(email_l)"
)
_SAYS_NO_MORE = (
    f"{_absent('email')} or (email_l <> email_r and {_BY_NAME} "
    "and jaro_winkler_similarity(mailbox_l, mailbox_r) >= 0.85)"
)
_NOWHERE = " and ".join(f"({_absent(name)})" for name in ("address", "postcode", "city"))

COMPARISONS = (
    Comparison(
        "given",
        ("given",),
        _absent("given"),
        (
            Level("exact", "given_l = given_r", 0.80, 0.003, tf="given", least_u=1e-4),
            Level("swapped", _SWAPPED, 0.02, 0.001),
            Level("near", _near("given", 0.9), 0.09, 0.01),
            Level("similar", _similar("given"), 0.05, 0.05),
            Level("differs", "else", 0.04, 0.936, agrees=False),
        ),
        most_wrong=0.1,
    ),
    Comparison(
        "family",
        ("family",),
        f"{_absent('family')} or ({_COUNTED})",
        (
            Level("exact", "family_l = family_r", 0.85, tf="family", least_u=1e-4),
            Level("swapped", _SWAPPED, 0.02),
            Level("near", _near("family", 0.9), 0.07),
            Level("similar", _similar("family"), 0.03),
            Level("differs", "else", 0.03, agrees=False),
        ),
        most_wrong=0.2,
    ),
    Comparison(
        "birth",
        ("birth",),
        _absent("birth"),
        (
            Level("exact", "birth_l = birth_r", 0.85, 0.005, least_u=3e-5),
            Level(
                "near",
                f"({_PARTS} >= 1 and damerau_levenshtein(birth_l, birth_r) <= 1) "
                f"or birth_l = {_DAY_AND_MONTH}",
                0.08,
                0.005,
            ),
            Level(
                "similar",
                f"{_PARTS} >= 2 or ({_PARTS} >= 1 and damerau_levenshtein(birth_l, birth_r) <= 2)",
                0.03,
                0.03,
            ),
            Level("within a year", "abs(birth_day_l - birth_day_r) <= 366", 0.01, 0.07),
            Level("differs", "else", 0.03, 0.89, agrees=False),
        ),
        most_wrong=0.15,
    ),
    Comparison(
        "gender",
        ("gender",),
        _absent("gender"),
        (
            Level("exact", "gender_l = gender_r", 0.97, 0.4, agrees=False),
            Level("differs", "else", 0.03, 0.6, agrees=False),
        ),
        most_wrong=0.1,
    ),
    Comparison(
        "phone",
        ("phone_ends",),
        _absent("phone_ends"),
        (
            Level("exact", "phone_l = phone_r", 0.60, least_u=1e-6),
            Level("masked alike", f"({_absent('phone')}) and phone_ends_l = phone_ends_r", 0.05),
            Level("near", _one_edit("phone", 5), 0.05),
            Level("differs", "else", 0.30, agrees=False),
        ),
    ),
    Comparison(
        "email",
        ("email",),
        _SAYS_NO_MORE,
        (
            Level("exact", "email_l = email_r", 0.60, 0.20, least_u=1e-6),
            # Mailboxes are made of names: of namesakes many are near.
            Level(
                "same mailbox",
                "mailbox_l = mailbox_r and length(mailbox_l) > 4",
                0.08,
                0.01,
                least_u=1e-3,
            ),
            Level(
                "near",
                f"case when domain_l = domain_r and is_many_domain_l then {_ALIKE_BOX} else {_ALIKE_MAIL} end",
                0.10,
                0.03,
                least_u=1e-3,
            ),
            Level("differs", "else", 0.22, 0.76, agrees=False),
        ),
    ),
    Comparison(
        "place",
        ("address", "postcode", "city"),
        _NOWHERE,
        (
            Level("same address", "address_l = address_r", 0.35, least_u=1e-6),
            Level("near address", _OVERLAP, 0.25),
            Level("same postcode", "postcode_l = postcode_r", 0.10),
            Level("same city", "city_l = city_r", 0.12, agrees=False, tf="city"),
            Level("near city", _near("city", 0.88), 0.05, agrees=False),
            Level("differs", "else", 0.13, agrees=False),
        ),
    ),
    Comparison(
        "national id",
        ("national",),
        _absent("national"),
        (
            Level("exact", "national_l = national_r", 0.88, 0.0005, least_u=1e-7),
            Level("near", "damerau_levenshtein(national_l, national_r) <= 2", 0.09, 0.005),
            Level("differs", "else", 0.03, 0.9945, agrees=False),
        ),
        most_wrong=0.1,
    ),
)

Shares = Mapping[str, Mapping[str, tuple[float, float | None]]]
"""m and u by comparison and level."""


def splink_settings(shares: Shares, prior: float, *, names_count: bool) -> dict[str, Any]:
    """The comparisons named in `shares`, in Splink's words; `names_count`: by how common they are."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "rid",
        "probability_two_random_records_match": prior,
        "comparisons": [
            _splink_comparison(comparison, shares[comparison.name], names_count)
            for comparison in COMPARISONS
            if comparison.name in shares
        ],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "max_iterations": 10,
    }


def _splink_comparison(
    comparison: Comparison, shares: Mapping[str, tuple[float, float | None]], names_count: bool
) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    for level in comparison.levels:
        m, u = shares[level.name]
        words: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.name}
        words["m_probability"] = m
        if u is not None:
            words["u_probability"] = u
        if names_count and level.tf:
            words["tf_adjustment_column"] = level.tf
        levels.append(words)
    return {"output_column_name": comparison.column, "comparison_levels": levels}


def default_shares(names: set[str]) -> dict[str, dict[str, tuple[float, float | None]]]:
    """What is known before training: m of the comparisons named."""
    return {
        comparison.name: {level.name: (level.m, None) for level in comparison.levels}
        for comparison in COMPARISONS
        if comparison.name in names
    }
