"""The KPI book, docs/kpis.md: the catalogue as people read it. `make book` writes it; a test holds it to the seed."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from orchestration.config.settings import PROJECT

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
- Where a source cannot answer, the value is NULL and `coverage` says why (`coverage_zh` in Chinese).
- *Needs* are asked of each shop: a feed, a kind of event, a column that any row of the shop fills. A shop that lacks
  one has no value, with the reason. The figures of `all` shops are of the shops that have all needs, numerator and
  denominator alike, in every dimension: `shop_ids` names them, `partial_shop_ids` those left out. So `mer` is of the
  shops that have orders, known refunds and ad reports, and `net_sales` and `gmv_pay` of `all` may be of different shops.
  A dimension value of shops that are all left out has no figure.

## What counts as a sale, as goods and as a refund

- **A sale** is a paid order of type normal or presale, in a currency with a rate, whose goods are worth more than 0.
  `invalid_reason` of `marts.orders` names the first rule that leaves an order out, and `meta.coverage_sales` shows per
  platform, shop and rule how many orders and how much money that is.
- **Orders of 0.** An order whose goods cost nothing is no sale (`zero_amount`), unless `counts_zero_orders` of
  `seeds/money_policy.csv` says so. Some exports write 0 as paid once everything was refunded: where money went back,
  the payment is what went back (flag `payment_restored`), so that the refund has its sale;
  `restores_refunded_payment` turns that off. An order that only sold gift cards or the like is `no_goods`.
- **Goods** are what was paid less postage, tax and other money: tips, gift cards sold, deposits, donations and
  insurance (`other_amount`). A line states its kind (`line_kind`), or its name does (`seeds/line_kind_words.csv`).
  A discount on postage is none on goods, where the export states goods apart. What a partly paid order still owes
  (`outstanding_amount`) is neither paid nor goods yet.
- **Refunds** come from `erp.refunds`, else from the order export: an amount (`refunded_amount`), a case that succeeded
  (`refund_status`), or a line cancelled in a paid order. Without a date they stand on the order's last change
  (`is_date_known` of `marts.refunds`). A credit note without an order takes goods back on its own day, by its product;
  one that names a customer is taken off the money of the customer, too.
- **Net sales and all that deducts refunds need to know the refunds of a shop**: a refund export of its system, or
  orders that each state theirs (0 is a statement), or `erp.refunds: none` in `shop.yml`. Otherwise they are NULL for
  the shop, `not connected: erp.refunds`, and the figures of `all` shops are of the others. `meta.coverage` says what
  states the refunds of each shop, `meta.shops` whether anything does.
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
