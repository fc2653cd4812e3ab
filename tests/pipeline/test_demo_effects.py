"""What advertising, messages, promotions and sets of products bring in the demo is exactly what the truth says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import correlation

import duckdb
import pytest
from demo_files import asked

from orchestration.demo import effects, world
from orchestration.demo.causes import ADVERTISING_AND_PROMOTIONS, Cause
from orchestration.demo.write import write_demo

_LAST = date(2026, 10, 31)
_CUSTOMERS = 4000
# The orders that a cause brings, by what they need.
_BROUGHT = {
    Cause.WANXIANG: "platform = 'tmall' and needs_ad",
    Cause.QIANCHUAN: "platform = 'douyin' and needs_ad",
    Cause.JUGUANG: "needs_halo or need in ('juguang', 'pair')",
    Cause.TEA_GIFTS: "need in ('tea_gifts', 'pair')",
    Cause.SYNERGY: "need = 'pair'",
    Cause.WECHAT: "need = 'wechat'",
    Cause.XIAOHONGSHU: "need = 'xiaohongshu'",
    Cause.M300: "needs_promotion",
}


def _world(folder: Path, *without: Cause) -> duckdb.DuckDBPyConnection:
    con = world.connect(360, folder)
    world.prepare(con, _CUSTOMERS, _LAST, 5, without)
    for step in world.STEPS:
        world.run(con, step)
    return con


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of the demo with all causes."""
    con = _world(tmp_path_factory.mktemp("whole"))
    yield con
    con.close()


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> set[tuple]:
    return set(con.execute(query).fetchall())


def _numbers(con: duckdb.DuckDBPyConnection, where: str) -> set[int]:
    return {row[0] for row in _rows(con, f"select order_no from needs where is_made and ({where})")}


@pytest.mark.parametrize("cause", ADVERTISING_AND_PROMOTIONS)
def test_an_effect_is_the_difference_of_two_shops(
    whole: duckdb.DuckDBPyConnection, tmp_path: Path, cause: Cause
) -> None:
    con = _world(tmp_path, cause)
    gone, added = (
        left - right
        for left, right in (
            (_numbers(whole, "true"), _numbers(con, "true")),
            (_numbers(con, "true"), _numbers(whole, "true")),
        )
    )
    assert gone == _numbers(whole, _BROUGHT[cause]) and len(gone) > 50
    # Only the promotion takes purchases from other days.
    assert bool(added) == (cause == Cause.M300)
    kept = "select * from orders"
    missing = {row[0] for row in _rows(whole, kept) - _rows(con, kept)}
    assert missing == gone


def test_sets_of_products_are_all_that_changes_without_them(
    whole: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con = _world(tmp_path, Cause.ITEMSETS)
    query = "select order_no, ordered_at, sales_channel, is_paid from orders"
    assert _rows(whole, query) == _rows(con, query)
    sets = (world.SQL / "truth_itemsets.sql").read_text(encoding="utf-8")
    found = {row[0]: row[-1] for row in whole.execute(sets).fetchall()}
    assert len(found) == 8 and found[-1] == 0
    assert all(orders > 25 for number, orders in found.items() if number >= 0)
    assert con.execute(sets).fetchall() == []
    pair = f"product_no in ({', '.join(map(str, world.catalogue.REPELLING))})"
    both = f"select order_no from baskets where {pair} group by all having count(*) = 2"
    assert not _rows(whole, both) and len(_rows(con, both)) > 4


@pytest.mark.parametrize("platform", ["wanxiang", "qianchuan"])
def test_purchases_follow_the_curve_of_the_spend(
    whole: duckdb.DuckDBPyConnection, platform: str
) -> None:
    shop = {"wanxiang": "tmall", "qianchuan": "douyin"}[platform]
    rows = whole.execute(
        f"""select response < 0.15, avg(response), avg(is_reached::int)
        from needs
        inner join ad_days using (day)
        where ad_platform = '{platform}' and platform = '{shop}'
            and (response < 0.15 or response > 0.55) and not needs_halo
        group by all"""
    ).fetchall()
    assert len(rows) == 2
    for _, response, reached in rows:
        assert reached == pytest.approx(1 - effects.REACH[platform] * (1 - response), abs=0.04)


def test_spend_has_pauses_and_only_one_platform_follows_sales(
    whole: duckdb.DuckDBPyConnection,
) -> None:
    paused = dict(
        whole.execute(
            "select ad_platform, avg((spend_amount = 0)::int) from ad_days group by all"
        ).fetchall()
    )
    assert 0.1 < paused["wanxiang"] < 0.3 and 0.1 < paused["qianchuan"] < 0.3
    assert paused["juguang"] == 0
    pairs = whole.execute(
        """select ad_platform, list(spend order by day), list(coalesce(sold, 0) order by day)
        from (
            select ad_platform, shop_id, spend_on as day, sum(spend_amount)::double as spend
            from spend group by all)
        left join (
            select shop_id, day, sum(goods_amount)::double as sold from orders where is_sale group by all
        ) using (shop_id, day)
        inner join days using (day)
        where festival = ''
        group by all"""
    ).fetchall()
    found = {platform: correlation(spend, sold) for platform, spend, sold in pairs}
    assert found.pop("google") > 0.95
    assert all(abs(value) < 0.4 for value in found.values()), found


def test_visits_follow_clicks_and_some_orders_have_none(
    whole: duckdb.DuckDBPyConnection,
) -> None:
    [(loaded,)] = whole.execute(
        """select sum(visits) / sum(clicks) from spend
        inner join (
            select campaign_no, started_at::date as spend_on, count(*) as visits
            from sessions group by all
        ) using (campaign_no, spend_on)
        where shop_id = 'own_store'"""
    ).fetchall()
    assert 0.7 < loaded < 0.9
    [(untracked,)] = whole.execute(
        """select avg((sid is null)::int) from orders
        left join sessions using (order_no)
        where platform = 'own' and order_type in ('normal', 'presale')"""
    ).fetchall()
    assert 0.15 < untracked < 0.25


def test_channels_of_the_truth_add_up_to_the_needs(tmp_path: Path) -> None:
    write_demo(tmp_path / "inbox", tmp_path / "truth", customers=2000, torn_file=False)
    channels = dict(asked(tmp_path, "select channel, incremental_orders from channels"))
    assert channels["paid_social"] > channels["paid_search"] > channels["organic_social"] > 0
    assert [channels[c] for c in ("direct", "organic_search", "paid_feed", "sms")] == [0] * 4
    rows = asked(tmp_path, "select ad_platform, shop_id, incremental_orders from responses")
    responses = {(platform, shop): orders for platform, shop, orders in rows}
    assert responses["juguang", "own_store"] == channels["paid_social"]
    assert responses["google", "own_store"] == channels["paid_search"]
    assert responses["wanxiang", "tmall_flagship"] > 50
    planted = asked(tmp_path, "select * from promotions where planted_ratio > 1")
    assert len(planted) == 1 and planted[0][:2] == ("M300", "tmall_flagship")
