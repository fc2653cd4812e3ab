"""What the marts say of the demo shop with 20,000 customers, against its truth: effects too small for a small shop."""

import pytest
from shops import Shop

from orchestration.demo import catalogue

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("full_size") / "home")
    written = shop.cli("demo", "--customers", 20_000)
    assert written.returncode == 0, written.stderr
    shop.run()
    return shop


def _truth(shop: Shop, name: str) -> str:
    return f"'{shop.home / 'private' / 'truth' / f'{name}.parquet'}'"


def test_the_planted_pair_is_the_only_one_with_more_orders(shop: Shop) -> None:
    states = shop.ask("select joint_state, count(*) from marts.channel_overlap group by all")
    assert sum(count for _, count in states) == 28
    more = shop.ask(
        "select channel, other_channel from marts.channel_overlap"
        " where joint_state = 'more orders together'"
    )
    assert more == [("paid_search", "paid_social")]


def test_the_repelling_pair_is_certain(shop: Shop) -> None:
    ids = {f"SC{1000 + number}" for number in catalogue.REPELLING}
    certain = shop.ask(
        """select one.product_id, other.product_id from marts.repelling_pairs
        inner join marts.products as one on one.product_key = product_1_key
        inner join marts.products as other on other.product_key = product_2_key
        where is_certain"""
    )
    assert ids in [set(pair) for pair in certain]


def test_planted_curves_lie_in_their_intervals(shop: Shop) -> None:
    found = {
        (platform, shop_id): rest
        for platform, shop_id, *rest in shop.ask(
            f"""select returns.ad_platform, returns.shop_id, state, incremental_orders,
                caused_orders_low_95, caused_orders_high_95
            from marts.channel_returns as returns
            inner join {_truth(shop, "responses")} as truth using (ad_platform, shop_id)"""
        )
    }
    for pair in (("wanxiang", "tmall_flagship"), ("qianchuan", "douyin_store")):
        state, planted, low, high = found[pair]
        assert state == "ok" and low <= planted <= high, (pair, planted, low, high)
    assert found["google", "own_store"][0] == "not_identifiable"


def test_planted_promotions_are_judged_as_they_are(shop: Shop) -> None:
    found = {
        (promotion, shop_id): rest
        for promotion, shop_id, *rest in shop.ask(
            f"""select results.promotion_id, results.shop_id, effect, uplift_rate_low_95,
                uplift_rate_high_95, planted_ratio
            from marts.promotion_results as results
            inner join {_truth(shop, "promotions")} as truth using (promotion_id, shop_id)"""
        )
    }
    _, low, high, planted = found["M300", "tmall_flagship"]
    assert low <= planted - 1 <= high
    assert found["M300", "own_store"][0] == found["M300", "jd_flagship"][0] == "not_distinguishable"
    assert found["VIP90", "own_store"][0] is None
    assert {found["KD300", shop_id][0] for shop_id in ("tmall_flagship", "jd_flagship")} == {None}
