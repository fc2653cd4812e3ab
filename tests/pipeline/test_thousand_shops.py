"""A thousand shops of random shape, side by side in one home: every figure of money equals a computation of its own.

`random_*.py` makes the shops and writes their exports, `shop_*.py` computes what they are worth. With fewer shops and a
home that stays, only the comparison runs again: SHOP360_RANDOM_SHOPS=32 SHOP360_RANDOM_HOME=/tmp/many pytest …
"""

import os
from pathlib import Path

import pytest
import random_exports
from random_shops import Maker
from random_world import strip
from shop_compare import KNOWN, compare_kpis, needs
from shop_kpis import KPIS, figure, truth_of
from shop_marts import MARTS
from shop_truth import Truth
from shops import Shop

pytestmark = pytest.mark.thorough

COUNT = int(os.environ.get("SHOP360_RANDOM_SHOPS", "1000"))
HOME = os.environ.get("SHOP360_RANDOM_HOME")
"""A home that an earlier run of the same number of shops left, to compare it again."""


LACKS = [
    ("erp.refunds",),
    ("ads.daily_spend", "erp.orders.customer_id"),
    ("unit_cost",),
    ("erp.order_lines",),
]
"""Homes of few shops, and the feeds and columns that their exports lack."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, Truth]:
    """The home of all shops after one run, and what is true of them."""
    folder = Path(HOME) if HOME else tmp_path_factory.mktemp("many")
    shops = Maker(7).shops(COUNT)
    shop = Shop(folder / "home", folder / "shop.yml", folder / "inbox")
    if not shop.released.exists():
        random_exports.write(folder, shops)
        shop.run()
    return shop, truth_of(shops, needs())


def test_money_kpis_equal_their_definition_or_have_a_reason(many: tuple[Shop, Truth]) -> None:
    seen, truth = compare_kpis(*many), many[1]
    print(seen.report())
    assert not seen.parted, seen.report()
    answered = {code for code in KPIS if any(figure(truth, code, k).numerator for k in truth.keys)}
    assert answered - set(seen.equal) == set(), "KPIs without any figure"
    assert set(KNOWN) - set(seen.known) == set(), "KPIs that no longer differ"


@pytest.mark.parametrize("mart", sorted(MARTS))
def test_every_mart_of_money_adds_up_to_the_orders(many: tuple[Shop, Truth], mart: str) -> None:
    seen = MARTS[mart](*many)
    print(seen.report())
    assert not seen.parted, seen.report()


@pytest.mark.parametrize("lacks", LACKS, ids="-".join)
def test_without_a_feed_no_figure_of_money_is_silently_wrong(
    tmp_path: Path, lacks: tuple[str, ...]
) -> None:
    shops = strip(Maker(11).shops(16), lacks)
    if "erp.order_lines" in lacks:
        # The money of this layout is in its lines alone.
        shops = [shop for shop in shops if shop.layout != "bare"]
    random_exports.write(tmp_path, shops, without=lacks)
    shop = Shop(tmp_path / "home", tmp_path / "shop.yml", tmp_path / "inbox")
    shop.run()
    truth = truth_of(shops, needs())
    for compare in (compare_kpis, *MARTS.values()):
        seen = compare(shop, truth)
        print(seen.report())
        assert not seen.parted, seen.report()
