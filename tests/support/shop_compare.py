"""Compares what a home released with the truth of its shops: every figure is equal, or NULL with a reason that holds."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from shop_kpis import KPIS, Figure, figure, keys
from shop_rates import ZERO
from shop_truth import Key, Truth
from shops import REPO, Shop

KNOWN: dict[str, str] = {}
"""KPIs that are known to differ, with the reason; one that no longer differs has to leave this list."""


class Answer(NamedTuple):
    """A row of `kpi_values`."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: float | None
    coverage: str


class Comparison:
    """What was compared, and where the two computations part."""

    def __init__(self) -> None:
        self.equal: Counter[str] = Counter()
        self.explained: dict[str, Counter[str]] = defaultdict(Counter)
        self.parted: list[str] = []
        self.known: Counter[str] = Counter()
        """Differences of KPIs that are known to differ."""

    def figure(
        self,
        what: str,
        shown: object,
        found: Decimal | None,
        expected: Decimal | None,
        slack: Decimal = ZERO,
    ) -> None:
        """Compare one figure to four decimals, or as near as cents can move."""
        if (found is None) != (expected is None) or (
            found is not None
            and expected is not None
            and abs(found - expected) > slack + Decimal("0.00005")
        ):
            self.differ(what, f"{shown}: {found} in the marts, {expected} by its definition")
        else:
            self.equal[what] += 1

    def words(self, what: str, shown: str, found: str, expected: str) -> None:
        """Compare two words."""
        if found != expected:
            self.differ(what, f"{shown}: {found} in the marts, {expected} by its definition")
        else:
            self.equal[what] += 1

    def differ(self, what: str, text: str) -> None:
        """Keep a difference."""
        if what in KNOWN:
            self.known[what] += 1
        else:
            self.parted.append(f"{what} {text}")

    def report(self) -> str:
        """Counts, and the first differences of each kind."""
        lines = [f"{sum(self.equal.values()):,} figures equal; {len(self.parted):,} differ"]
        kinds: dict[str, list[str]] = defaultdict(list)
        for text in self.parted:
            kinds[text.split()[0]].append(text)
        for kind, texts in kinds.items():
            lines += [f"  {kind}: {len(texts)} differ", *(f"    {text}" for text in texts[:5])]
        lines += [f"  {kind}: {n} differ, {KNOWN[kind]}" for kind, n in sorted(self.known.items())]
        for kind, reasons in sorted(self.explained.items()):
            lines.append(f"  {kind}: NULL {dict(reasons)}")
        return "\n".join(lines)


def catalogue() -> dict[str, dict[str, str]]:
    """The rows of the KPI catalogue."""
    with (REPO / "seeds" / "kpi_catalogue.csv").open(encoding="utf-8", newline="") as file:
        return {row["kpi_code"]: row for row in csv.DictReader(file)}


def needs() -> dict[str, str]:
    """What each KPI needs, by the catalogue."""
    return {code: row["needs"] for code, row in catalogue().items()}


def _answers(shop: Shop, code: str) -> dict[Key, Answer]:
    rows = shop.ask(
        "select period, period_start_on, shop_id, dimension, dimension_value, numerator, denominator, value,"
        f" coverage from marts.kpi_values where kpi_code = '{code}'"
    )
    return {row[:5]: Answer(*row[5:]) for row in rows}


def _is_offered(kpi: dict[str, str], key: Key) -> bool:
    """Whether the catalogue promises a KPI for a period and slice."""
    period, _, shop, dimension, _ = key
    dimensions = ("all", *kpi["dimensions"].split(";"))
    return (
        period in kpi["periods"].split(";")
        and dimension in dimensions
        and (shop == "all" or "shop" in dimensions)
    )


def compare_kpis(shop: Shop, truth: Truth, codes: Iterable[str] = KPIS) -> Comparison:
    """Every KPI of money in every period and slice."""
    seen, listed = Comparison(), catalogue()
    for code in codes:
        answers = _answers(shop, code)
        for key in keys(truth, code) - set(answers):
            if _is_offered(listed[code], key) and figure(truth, code, key).numerator:
                seen.differ(code, f"{key}: no row, {figure(truth, code, key)} by its definition")
        for key, answer in answers.items():
            is_covered = key[2] == "all" or key[2] in truth.coverage.covered[code]
            if answer.coverage == "ok" and not is_covered:
                seen.differ(code, f"{key}: {answer} of a shop that lacks what it needs")
            else:
                _judge(seen, code, key, answer, figure(truth, code, key))
    return seen


def _judge(seen: Comparison, code: str, key: Key, answer: Answer, expected: Figure) -> None:
    """One row: both parts and the value, or a reason that holds."""
    empty = expected.denominator is not None and abs(expected.denominator) <= expected.slack
    if answer.coverage != "ok":
        if answer.value is not None or not answer.coverage:
            seen.differ(code, f"{key}: {answer} has no figure and no reason")
        if answer.coverage == "no denominator" and not empty:
            seen.differ(code, f"{key}: no denominator in the marts, {expected} by its definition")
        seen.explained[code][_reason(answer.coverage)] += 1
        return
    if expected.gap:
        seen.differ(code, f"{key}: {answer} in the marts, unknown by its definition")
        return
    seen.figure(code, (*key, "numerator"), answer.numerator, expected.numerator, expected.slack)
    if expected.denominator is None:
        seen.figure(
            code, (*key, "value"), Decimal(repr(answer.value)), expected.numerator, expected.slack
        )
        return
    seen.figure(
        code, (*key, "denominator"), answer.denominator, expected.denominator, expected.slack
    )
    factor = 1000 if code == "cpm" else 1
    share = Decimal(str(answer.numerator)) * factor / Decimal(str(answer.denominator))
    seen.figure(code, (*key, "value"), Decimal(repr(answer.value)), share)


def _reason(coverage: str) -> str:
    return " ".join(word for word in coverage.split() if not word[0].isdigit())
