"""The KPI book, docs/kpis.md: the catalogue as people read it. `make book` writes it; a test holds it to the seed."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration.settings import PROJECT

BOOK = PROJECT / "docs" / "kpis.md"
_CATALOGUE = PROJECT / "seeds" / "kpi_catalogue.csv"

_GROUPS = {
    "traffic": "Traffic · 流量",
    "conversion": "Conversion · 转化",
    "retention": "Retention · 留存与复购",
    "basket": "Basket and money · 客单与金额",
    "efficiency": "Acquisition and efficiency · 获客与效率",
    "service": "Service · 服务",
}
_OPENING = """\
# The KPI book

Every KPI of `kpi_values`, from `seeds/kpi_catalogue.csv` (in SQL: `meta.kpi_catalogue`). Where the field means
several things by one word, each has a code of its own; *variant of* names the usual one.

- A ratio is Σ numerator ÷ Σ denominator of its period and slice, never a mean of ratios. Distinct people are
  counted anew for days, weeks and months.
- *Sliced by* is what `dimension` can be besides `all`; `shop` means that each shop has rows (`shop_id`).
- *Final* is how many days after the period the sources no longer restate it; until then `is_final` is false.
- Where a source cannot answer, the value is NULL and `coverage` says why.
"""


def catalogue() -> list[dict[str, str]]:
    """The rows of the seed, in its order."""
    with _CATALOGUE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def render(kpis: Sequence[Mapping[str, str]]) -> str:
    """The book as Markdown: a section for each group, an entry for each KPI."""
    parts = [_OPENING]
    for group, title in _GROUPS.items():
        parts.append(f"## {title}\n")
        parts += [_entry(kpi) for kpi in kpis if kpi["kpi_group"] == group]
    return "\n".join(parts)


def _entry(kpi: Mapping[str, str]) -> str:
    facts = [f"{kpi['unit']}, {_better(kpi['direction'])}"]
    if kpi["variant_of"]:
        facts.append(f"variant of `{kpi['variant_of']}`")
    if kpi["time_window"] != "period":
        facts.append(f"looks at: {kpi['time_window']}")
    if kpi["periods"] != "day;week;month":
        facts.append(f"by {_words(kpi['periods'])}")
    if kpi["dimensions"]:
        facts.append(f"sliced by {_words(kpi['dimensions'])}")
    facts.append(f"needs {_words(kpi['needs'])}")
    days = int(kpi["settle_days"])
    facts.append(f"final after {days} day{'s' if days != 1 else ''}")
    if kpi["needs_person"] == "true":
        facts.append("of identified buyers")
    return (
        f"### {kpi['en']} · {kpi['zh']}\n\n"
        f"`{kpi['kpi_code']}` = {kpi['formula']}{_times(kpi)}\n\n"
        f"{kpi['description_en']}. {kpi['description_zh']}。\n\n"
        f"*{' · '.join(facts)} · {kpi['owner']}*\n"
    )


def _better(direction: str) -> str:
    return {"higher": "higher is better", "lower": "lower is better"}.get(
        direction, "neither way is better"
    )


def _times(kpi: Mapping[str, str]) -> str:
    multiplier = kpi["multiplier"]
    return f" × {multiplier}" if multiplier != "1" and multiplier not in kpi["formula"] else ""


def _words(listed: str) -> str:
    return ", ".join(listed.split(";"))


def write(path: Path = BOOK) -> None:
    """Write the book."""
    path.write_text(render(catalogue()), encoding="utf-8")


if __name__ == "__main__":
    write()
