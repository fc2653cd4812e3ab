"""The KPI book, docs/kpis.md: the catalogue as a page. `make book` writes it; a test compares it with the seed."""

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
    "stock": "Stock · 库存",
}
_OPENING = """\
# The KPI book

This page lists every KPI of `kpi_values`, from `seeds/kpi_catalogue.csv` (in SQL: `meta.kpi_catalogue`). If the field uses
one term for several definitions, each definition has its own code; *variant of* names the usual one.

- A ratio is Σ numerator ÷ Σ denominator of its period and slice, never a mean of ratios. Distinct people are
  counted separately for days, weeks and months.
- *Sliced by* lists the values of `dimension` besides `all`; `shop` means that each shop has rows (`shop_id`).
- *Final* is the number of days after the period until the sources no longer restate it. Before, `is_final` is false.
- If a source is missing, the value is NULL and `coverage` has the reason (`coverage_zh` in Chinese).
- *Needs* apply to each shop: a feed, a kind of event, or a column that at least one row of the shop fills. A shop without
  one of them has no value, with the reason. The figures of `all` shops cover the shops that have all needs, the same shops for
  numerator and denominator, in every dimension. `shop_ids` lists them, `partial_shop_ids` lists the others. For example, `mer`
  covers the shops that have orders, known refunds and ad reports, and `net_sales` and `gmv_pay` of `all` may cover different shops.
  A dimension value without any covered shop has no figure.

## Sales, goods and refunds

- **A sale** is a paid order of type normal or presale, in a currency with a rate, with a goods amount above 0.
  `invalid_reason` of `marts.orders` names the first rule that excludes an order. `meta.coverage_sales` shows the excluded
  orders and their amounts per platform, shop and rule.
- **Orders of 0.** An order with a goods amount of 0 is not a sale (`zero_amount`), unless `counts_zero_orders` of
  `seeds/money_policy.csv` is set. Some exports write 0 as the paid amount after a full refund. Then
  the refunded amount is used as the payment (flag `payment_restored`), so that the refund has a sale;
  `restores_refunded_payment` turns this off. An order of gift cards or similar lines only is `no_goods`.
- **Goods** are the paid amount less postage, tax and other amounts: tips, sold gift cards, deposits, donations and
  insurance (`other_amount`). The kind of a line is stated (`line_kind`) or derived from its name (`seeds/line_kind_words.csv`).
  A discount on postage does not reduce goods if the export states goods separately. The amount that a partly paid order still owes
  (`outstanding_amount`) is neither paid nor goods.
- **Refunds** come from `erp.refunds`, else from the order export: an amount (`refunded_amount`), a successful case
  (`refund_status`), or a cancelled line of a paid order. A refund without a date has the date of the last change of the order
  (`is_date_known` of `marts.refunds`). A credit note without an order reduces goods on its own day, by its product.
  If it names a customer, it also reduces the amounts of the customer.
- **Net sales and all KPIs that deduct refunds need known refunds of a shop**: a refund export of its system, or
  orders that each state their refund (0 is a statement), or `erp.refunds: none` in `shop.yml`. Otherwise they are NULL for
  the shop, `not connected: erp.refunds`, and the figures of `all` shops cover the others. `meta.coverage` names the
  source of refunds of each shop, `meta.shops` whether there is one.
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
        facts.append(f"window: {kpi['time_window']}")
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
        direction, "neither direction is better"
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
