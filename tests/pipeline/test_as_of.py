"""What held on a past day: the functions of the released file against what the run of that day built."""

from pathlib import Path

import duckdb
from daily_world import World
from identity_lab import Lab

from orchestration.release.as_of import create_functions

_CONFIG = """\
shop: {id: own, name: {en: Own, zh: 自有}, timezone: Asia/Shanghai, currency: CNY}
feeds: {}
"""
_FEEDS = (
    "crm.customers",
    "erp.products",
    "erp.orders",
    "erp.order_lines",
    "erp.refunds",
    "ads.daily_spend",
    "web.events",
)
_MODELS = "+customer_360 +customer_360_history +customer_tags +segment_history +recorded_runs +refunds +orders"
_DAYS = 4


def test_a_past_day_is_what_its_run_built(tmp_path: Path) -> None:
    """Orders, refunds, edits, merges and splits of later days change nothing of what was known."""
    config = tmp_path / "shop.yml"
    config.write_text(_CONFIG, encoding="utf-8")
    lab = Lab(tmp_path / "home", config)
    built, tags = {}, {}
    for number, day in enumerate(World(4).days(_DAYS)):
        for second, feed in enumerate(_FEEDS):
            lab.land(feed, day.feeds.get(feed, []), f"2026-04-{1 + number:02d} 00:00:{second:02d}")
        lab.build("run", _MODELS)
        [(as_of_on,)] = lab.sql("select as_of_on from intermediate.int_reference__as_of")
        built[as_of_on] = lab.sql(f"select {_columns(lab)} from marts.customer_360 order by all")
        tags[as_of_on] = lab.sql(_TAGS.format("intermediate.int_value__tags_current"))
    assert len(built) > 2
    changed = 0
    with duckdb.connect(str(lab.warehouse)) as con:
        create_functions(con, "warehouse")
        for as_of_on, rows in built.items():
            found = con.execute(
                f"select {_columns(lab)} from marts.customer_360_as_of(?) order by all", [as_of_on]
            ).fetchall()
            assert found == rows, f"customers of {as_of_on}"
            known_at = f"(select max(recorded_at) from meta.recorded_runs where as_of_on <= date '{as_of_on}')"
            then = con.execute(
                _TAGS.format(f"marts.tags_as_of(date '{as_of_on}', known_at := {known_at})")
            ).fetchall()
            assert then == tags[as_of_on], f"tags of {as_of_on}"
            now = con.execute(_TAGS.format(f"marts.tags_as_of(date '{as_of_on}')")).fetchall()
            changed += now != then
    assert changed, "no later day changed the past, so the test shows nothing"


# Estimates have no history.
_TAGS = """
    select customer_id, tag_code, tag_value from {} where tag_code not in ('ltv_predicted', 'p_alive') order by all"""


def _columns(lab: Lab) -> str:
    found = lab.sql(
        "select column_name from duckdb_columns() where schema_name = 'marts'"
        " and table_name = 'customer_360' order by column_index"
    )
    return ", ".join(name for (name,) in found)
