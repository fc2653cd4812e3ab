"""Tables that are kept between runs equal tables that are built at once, row by row, whatever a day brings."""

import random
import shutil
from pathlib import Path

import pytest
from daily_world import FIRST, World
from identity_lab import Lab
from identity_world import Day

# Visits, orders, spend, and what customers, KPIs and marts make of them.
_BUILT = (
    "+int_kpi__measures +net_sales_changes +daily_traffic +daily_marketing +orders +order_lines +products"
    " +int_sessions__customer_behaviour +int_customers__purchases +int_value__tag_records +customer_tags_current"
)
_EVERY_MART = "+path:models/marts"
_COMPARED = ("int_sessions", "int_kpi", "int_orders", "int_marketing", "int_customers")
# Keys of this run, and what steers it.
_STEERING = ("table_builds", "changed_", "__changes")
# What each home recorded at its own times; the periods behind it are compared.
_RECORDED = ("marts.customer_tags",)
# What tags compare a customer with. Where it moves, every customer is tagged again.
_OF_THE_SHOP = ("cutoffs", "price_bands", "purchase_cycle", "series_shares", "tag_sources")
FEEDS = (
    "crm.customers",
    "erp.products",
    "erp.orders",
    "erp.order_lines",
    "erp.refunds",
    "ads.daily_spend",
    "web.events",
)


def _land(lab: Lab, world: World, number: int, day: Day) -> None:
    for second, feed in enumerate(FEEDS):
        lab.land(feed, day.feeds.get(feed, []), f"2026-04-{1 + number:02d} 00:00:{second:02d}")
    lines = world.withdrawn.get(number, [])
    lab.withdraw("erp.order_lines", "line_id", lines, f"2026-04-{1 + number:02d} 00:00:30")


def _tables(lab: Lab) -> list[str]:
    found = lab.sql(
        "select schema_name || '.' || table_name from duckdb_tables()"
        f" where schema_name = 'marts' or split_part(table_name, '__', 1) in {_COMPARED}"
        " or table_name = 'int_value__tag_intervals' order by all"
    )
    return [
        name
        for (name,) in found
        if name not in _RECORDED and not any(word in name for word in _STEERING)
    ]


def _assert_equals_one_build(lab: Lab, scratch: Path, models: str = _BUILT) -> None:
    """Build a copy of the home from nothing and compare every table."""
    shutil.copytree(lab.shop.home, scratch)
    other = Lab.of(scratch, lab.shop.config)
    other.build("run --full-refresh", models)
    tables, differing = _tables(lab), {}
    assert len(tables) > 20 and tables == _tables(other)
    for table in tables:
        rows = lab.differences(other, table)
        if rows:
            differing[table] = rows[:4]
    shutil.rmtree(scratch)
    assert not differing, differing


def _reasons(lab: Lab) -> set[str | None]:
    return {
        reason
        for (reason,) in lab.sql(
            "select full_build_reason from intermediate.table_builds where inputs <> '{}'"
        )
    }


def _version(lab: Lab, table: str) -> int | None:
    """The version of a table; it grows when rows change."""
    if not lab.sql("select 1 from duckdb_tables() where table_name = 'table_builds'"):
        return None
    found = lab.sql(
        f"select max(version) from intermediate.table_builds where table_name = '{table}'"
    )
    return found[0][0]


def _run_days(tmp_path: Path, seed: int, days: int, models: str = _BUILT) -> None:
    draw = random.Random(seed)
    config = tmp_path / "shop.yml"
    config.write_text(_CONFIG.format(timezone="Asia/Shanghai"), encoding="utf-8")
    lab = Lab(tmp_path / "home", config)
    stopped, removed, other_rules = draw.sample(range(2, days - 1), 3) if days > 4 else (-1, -1, -1)
    world = World(seed)
    for number, day in enumerate(world.days(days)):
        _land(lab, world, number, day)
        if number == removed:
            lab.sql(
                "delete from raw.web_events where event_id in (select min(event_id) from raw.web_events)"
            )
        if number == other_rules:
            config.write_text(_CONFIG.format(timezone="America/New_York"), encoding="utf-8")
        if number == stopped:
            # As a run that was killed: some tables have the day, their readers have not.
            lab.build("run", "+int_sessions__sessions")
            continue
        scopes = _version(lab, "int_kpi__scopes")
        lab.build("run", models)
        reasons = _reasons(lab)
        if _version(lab, "int_kpi__scopes") != scopes:
            # A shop that sends its first rows of a feed changes the shops over which KPIs are measured.
            reasons.discard("int_kpi__scopes changed")
        reasons -= {f"int_value__{name} changed" for name in _OF_THE_SHOP}
        if number == 0:
            assert reasons == {"first build"}
        elif number == removed:
            assert "rows of web_events were removed or backdated" in reasons
        elif number == other_rules:
            assert "models, lists or settings changed" in reasons
        elif number != stopped + 1:
            assert reasons == {None}, f"day {number} of seed {seed} was not built as a day"
    _assert_equals_one_build(lab, tmp_path / "once", models)


_CONFIG = """\
shop: {{id: own, name: {{en: Own, zh: 自有}}, timezone: {timezone}, currency: CNY}}
feeds: {{}}
"""


def test_days_equal_one_build(tmp_path: Path) -> None:
    _run_days(tmp_path, seed=1, days=3)


def test_changes_that_no_table_followed_yet_are_kept(tmp_path: Path) -> None:
    """A run stops after the logins changed; the next one finds the same logins, and sessions still follow them."""
    lab, world = Lab(tmp_path / "home"), World(1)
    _land(lab, world, 0, world.days(1)[0])
    lab.build("run", _BUILT)
    merged = Day()
    for customer in range(9):
        merged.add(
            "crm.customers", source_system="crm", shop_id="own", customer_id=f"C{customer}",
            wechat_unionid="U", registered_at=FIRST, updated_at=FIRST,
        )  # fmt: skip
    _land(lab, world, 1, merged)
    lab.build("run", "+int_identity__last_run_rules int_sessions__session_customers")
    assert lab.sql("select count(*) from intermediate.int_sessions__session_customers__changes") > [
        (0,)
    ]
    lab.build("run", "int_sessions__session_customers")
    lab.build("run", _BUILT)
    assert _reasons(lab) == {None}, "the changes were not followed, all rows were built"
    _assert_equals_one_build(lab, tmp_path / "once")


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(20))
def test_drawn_days_equal_one_build(tmp_path: Path, seed: int) -> None:
    _run_days(tmp_path, seed=seed, days=8)


@pytest.mark.thorough
def test_thirty_days_equal_one_build(tmp_path: Path) -> None:
    _run_days(tmp_path, seed=30, days=30, models=_EVERY_MART)
