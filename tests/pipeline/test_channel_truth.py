"""Every model of attribution against the orders that each channel of the demo brings: the table of docs/attribution.md."""

import re

from scipy.stats import rankdata
from shops import REPO, Shop

_CREDITS = """
    select model, channel, sum(order_credit)::double
    from marts.attributed_sales
    where shop_id = 'own_store' and channel <> 'unknown'
    group by all"""


def _rank_correlation(left: list[float], right: list[float]) -> float:
    """Spearman's: the correlation of the ranks, where equal values have their mean rank."""
    ranks = rankdata(left), rankdata(right)
    centred = [rank - rank.mean() for rank in ranks]
    return float(
        (centred[0] @ centred[1]) / ((centred[0] @ centred[0]) * (centred[1] @ centred[1])) ** 0.5
    )


def _figures(shop: Shop) -> dict[str, list[str]]:
    """The rows of the table: channels with the truth and each model, then the two measures."""
    truth = shop.home / "private" / "truth" / "channels.parquet"
    true = {
        channel: float(orders)
        for channel, orders in shop.ask(
            f"select channel, incremental_orders from '{truth}' order by 2 desc, 1"
        )
    }
    credits: dict[str, dict[str, float]] = {}
    for model, channel, credit in shop.ask(_CREDITS):
        credits.setdefault(model, {})[channel] = credit
    models = [
        model
        for (model,) in shop.ask("select model from meta.attribution_models order by position")
    ]
    rows = {"truth": [f"{value:.0f}" for value in true.values()] + ["", ""]}
    for model in models:
        found = [credits[model].get(channel, 0.0) for channel in true]
        errors = [abs(a - b) for a, b in zip(found, true.values(), strict=True)]
        correlation = _rank_correlation(found, list(true.values()))
        rows[model] = [f"{value:.0f}" for value in found]
        rows[model] += [f"{correlation:.2f}", f"{sum(errors) / len(errors):.0f}"]
    return rows


def _documented() -> dict[str, list[str]]:
    text = (REPO / "docs" / "attribution.md").read_text(encoding="utf-8")
    table = text[text.index("## Against the truth of the demo") :]
    rows = re.findall(r"^\| (?:`(\w+)`|(truth)) \| (.+) \|$", table, re.MULTILINE)
    return {code or name: [cell.strip() for cell in cells.split("|")] for code, name, cells in rows}


def test_models_meet_the_truth_as_documented(demo_shop: Shop) -> None:
    found = _figures(demo_shop)
    assert len(found) == 11
    assert _documented() == found


def test_no_model_sees_what_a_channel_brings(demo_shop: Shop) -> None:
    # Channels that people with an intent use receive credit under every model, but bring nothing.
    found = _figures(demo_shop)
    direct = list(found["truth"]).index("0")
    assert direct == 4
    for model, cells in found.items():
        if model != "truth":
            assert sum(map(float, cells[4:8])) > 0.3 * sum(map(float, cells[:8])), model


if __name__ == "__main__":
    import sys
    from pathlib import Path

    for name, cells in _figures(Shop(Path(sys.argv[1]))).items():
        print(f"| {name if name == 'truth' else f'`{name}`'} | {' | '.join(cells)} |")
