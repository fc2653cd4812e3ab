"""Releases on a warehouse of three rows: generations, readers, stray files."""

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from landing_kit import files_limited_to

from orchestration.config.settings import Settings, load_settings
from orchestration.engines.warehouse import connect
from orchestration.landing.write.tables import prepare
from orchestration.release import build_facts, generations
from orchestration.system import faults


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(home=tmp_path)
    with connect(settings) as con:
        prepare(con)
        con.execute("create schema marts")
        con.execute("create table marts.orders as select 1 as order_key, 9.5 as paid_amount")
        con.execute("comment on table marts.orders is 'It''s one row per order.'")
        con.execute("comment on column marts.orders.paid_amount is '实付金额'")
    settings.dbt_target.mkdir(parents=True)
    node = {"resource_type": "model", "config": {"schema": "marts"}, "depends_on": {"nodes": []}}
    manifest = {"nodes": {"model.shop360.orders": node}}
    (settings.dbt_target / "manifest.json").write_text(json.dumps(manifest))
    return settings


def _build(settings: Settings) -> None:
    build_facts.end(
        settings, build_facts.begin(settings, "run-1"), {"model.shop360.orders": "success"}
    )


def test_a_closed_gate_releases_nothing(settings: Settings) -> None:
    with pytest.raises(generations.NothingToRelease, match="shop360 run"):
        generations.release(settings)
    _build(settings)
    generations.release(settings)
    build_facts.begin(settings, "killed")
    with pytest.raises(generations.NothingToRelease):
        generations.release(settings)
    assert len(generations.generations(settings)) == 1


def test_a_clock_set_back_never_removes_the_served_release(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        year_now = 2026

        @classmethod
        def now(cls, tz=None) -> datetime:
            return datetime(cls.year_now, 1, 1, tzinfo=tz)

    monkeypatch.setattr(generations, "datetime", Clock)
    _build(settings)
    for stamp in ("20251127T015156487431", "20270101T000000000000"):
        (settings.serving / f"gen-{stamp}").mkdir(parents=True)
    made = []
    for Clock.year_now in (2026, 2020, 2019, 2018):
        made.append(generations.release(settings).resolve().parent)
        assert generations.current(settings) == made[-1]
        assert settings.released.exists()
    assert generations.generations(settings) == made[1:]
    assert generations.rollback(settings) == made[2]


def test_the_release_is_read_only_commented_and_closed(settings: Settings) -> None:
    _build(settings)
    path = generations.release(settings)
    assert path.stat().st_mode & 0o777 == 0o444
    assert path.parent.stat().st_mode & 0o777 == 0o555
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute(
            "select comment from duckdb_tables() where table_name = 'orders'"
        ).fetchall() == [("It's one row per order.",)]
        comments = con.execute(
            "select comment from duckdb_columns() where column_name = 'paid_amount'"
        )
        assert comments.fetchall() == [("实付金额",)]


def test_rows_are_sorted_as_the_model_states(settings: Settings) -> None:
    with connect(settings) as con:
        con.execute(
            "create table marts.sales as select 1 + hash(i) % 9 as day from range(300000) as t (i)"
        )
    path = settings.dbt_target / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["nodes"]["model.shop360.sales"] = {
        "resource_type": "model",
        "name": "sales",
        "config": {"schema": "marts", "meta": {"sorted_by": ["day"]}},
        "depends_on": {"nodes": []},
    }
    path.write_text(json.dumps(manifest))
    statuses = {"model.shop360.orders": "success", "model.shop360.sales": "success"}
    build_facts.end(settings, build_facts.begin(settings, "run-1"), statuses)
    with duckdb.connect(str(generations.release(settings)), read_only=True) as con:
        rows = con.execute(
            """select count(*), count(*) filter (day < before)
               from (select day, lag(day) over (order by rowid) as before from marts.sales)"""
        ).fetchall()
    assert rows == [(300_000, 0)]


def test_three_generations_stay_and_rollback_goes_back_one(settings: Settings) -> None:
    _build(settings)
    paths = [generations.release(settings).resolve().parent for _ in range(5)]
    assert generations.generations(settings) == paths[2:]
    assert generations.rollback(settings) == paths[3]
    assert generations.rollback(settings) == paths[2]
    with pytest.raises(generations.NothingToRelease, match="no generation before"):
        generations.rollback(settings)


def test_a_reader_keeps_its_generation_and_blocks_nobody(settings: Settings) -> None:
    _build(settings)
    path = generations.release(settings)
    with duckdb.connect(str(path.resolve()), read_only=True) as reader:
        with connect(settings) as con:
            con.execute("update marts.orders set paid_amount = 1")
        for _ in range(4):
            generations.release(settings)
        assert reader.execute("select paid_amount from marts.orders").fetchall() == [(9.5,)]
    with duckdb.connect(str(path.resolve()), read_only=True) as reader:
        assert reader.execute("select paid_amount from marts.orders").fetchall() == [(1.0,)]


def test_a_half_built_generation_is_cleared_away(settings: Settings) -> None:
    _build(settings)
    torn = settings.serving / ".building-20200101T000000"
    torn.mkdir(parents=True)
    (torn / "shop360.duckdb").write_bytes(b"half")
    generations.release(settings)
    assert not torn.exists()


def test_quarantined_payloads_stay_inside(settings: Settings) -> None:
    with connect(settings) as con:
        con.execute(
            "insert into meta.quarantine by name select 'b1' as batch_id, 'crm.customers' as feed,"
            " 'phone' as column_name, 'not 13912345678' as reason, '{\"phone\": \"13912345678\"}' as payload"
        )
        con.execute(
            "insert into meta.repairs by name select 'crm.customers' as feed, 'phone' as column_name,"
            " '13912345678' as raw_value union all select 'crm.customers', 'points_balance', '7'"
        )
    _build(settings)
    path = generations.release(settings)
    assert b"13912345678" not in path.read_bytes()
    with duckdb.connect(str(path), read_only=True) as con:
        kept = con.execute(
            "select column_name, raw_value from meta.repairs order by all"
        ).fetchall()
    assert kept == [("phone", None), ("points_balance", "7")]


def test_a_release_that_fails_leaves_nothing_and_keeps_the_last(settings: Settings) -> None:
    _build(settings)
    first = generations.release(settings).resolve()
    with connect(settings) as con:
        con.execute("create or replace table marts.orders as select range as k from range(100000)")
    _build(settings)
    with files_limited_to(200_000), pytest.raises(duckdb.Error) as shown:
        generations.release(settings)
    assert "File too large" in str(faults.of(shown.value))
    assert settings.released.resolve() == first
    assert list(settings.serving.glob(".*")) == []
    assert generations.release(settings).resolve() != first
