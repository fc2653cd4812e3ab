"""A day recomputes the tags of its customers only, and a part of the tags is not built from rows of another build."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from daily_world import FIRST, World
from identity_lab import Lab
from identity_world import phone

_TAGS = "+int_value__tag_records +int_value__membership_records"
_CONFIG = """\
shop: {{id: own, name: {{en: Own, zh: 自有}}, timezone: {timezone}, currency: CNY}}
feeds: {{}}
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A shop after its first day, with its tags."""
    folder = tmp_path_factory.mktemp("tags")
    config = folder / "shop.yml"
    config.write_text(_CONFIG.format(timezone="Asia/Shanghai"), encoding="utf-8")
    lab = Lab(folder / "home", config)
    [day] = World(1).days(1)
    for second, feed in enumerate(sorted(day.feeds)):
        lab.land(feed, day.feeds[feed], f"2026-04-01 00:00:{second:02d}")
    # A buyer of each test has one order.
    lab.land("erp.orders", [_order("first", 501), _order("second", 502)], "2026-04-01 00:01:00")
    lab.build("run", _TAGS)
    yield lab


def _order(order_id: str, buyer: int) -> dict[str, object]:
    return {
        "source_system": "erp", "shop_id": "own", "order_id": order_id, "status": "paid", "paid_amount": 50,
        "platform": "own", "ordered_at": FIRST, "paid_at": FIRST, "phone": phone(buyer),
    }  # fmt: skip


def _customers(lab: Lab, table: str) -> set[str]:
    return {name for (name,) in lab.sql(f"select distinct customer_id from intermediate.{table}")}


def _buyer(lab: Lab, order_id: str) -> str:
    found = lab.sql(
        f"select customer_id from intermediate.int_orders__orders where order_id = '{order_id}'"
    )
    return found[0][0]


def test_a_new_order_recomputes_its_customer_only(lab: Lab) -> None:
    assert len(_customers(lab, "int_value__buyer_orders")) > 2
    everybody = _customers(lab, "int_value__tag_intervals")
    [(recorded,)] = lab.sql("select max(recorded_at) from intermediate.int_value__tag_records")
    lab.land("erp.orders", [_order("later", 501)], "2026-04-02 00:00:00")
    lab.build("run", _TAGS)
    buyer = _buyer(lab, "later")
    assert buyer == _buyer(lab, "first")
    assert _customers(lab, "int_value__buyer_orders") == {buyer}
    assert lab.sql("select count(*) from intermediate.int_value__buyer_orders") == [(2,)]
    assert _customers(lab, "int_value__tag_intervals") == everybody
    news = f"int_value__tag_records where recorded_at > timestamp '{recorded}'"
    assert _customers(lab, news) == {buyer}
    changed = lab.sql(
        f"select tag_value, is_withdrawn from intermediate.{news} and tag_code = 'order_count_365'"
        " and valid_to_on is not null order by all"
    )
    assert ("1", True) in changed and ("2", False) in changed, changed


def test_a_part_of_the_tags_is_not_built_alone(lab: Lab) -> None:
    """After a change of the rules the tables of facts hold the rows of an earlier day."""
    before = lab.sql("select count(*) from intermediate.int_value__tag_intervals")
    Path(lab.shop.config).write_text(_CONFIG.format(timezone="Asia/Tokyo"), encoding="utf-8")
    with pytest.raises(AssertionError, match="holds only the rows of its last build") as refused:
        lab.build("run", "int_value__tag_intervals")
    assert "--select +int_value__tag_intervals" in str(refused.value)
    assert lab.sql("select count(*) from intermediate.int_value__tag_intervals") == before
    lab.build("run", "+int_value__tag_intervals")
    assert len(_customers(lab, "int_value__buyer_orders")) > 2
    [(reason,)] = lab.sql(
        "select full_build_reason from intermediate.table_builds where table_name = 'int_value__tag_intervals'"
    )
    assert reason == "models, lists or settings changed"
