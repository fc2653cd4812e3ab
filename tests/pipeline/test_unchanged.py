"""A run that would release the same again ends at once, and anything that could change the release starts one."""

import json
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from shops import REPO, Shop

from orchestration.config.settings import Settings, load_settings
from orchestration.engines.warehouse import connect
from orchestration.pipeline.triggers import daily_schedule
from orchestration.pipeline.unchanged import is_unchanged, note_release
from orchestration.release import build_facts, generations


@pytest.fixture
def shop(demo_shop: Shop, tmp_path: Path) -> Shop:
    """A released shop with a configuration of its own."""
    config = tmp_path / "shop.yml"
    config.write_bytes(REPO.joinpath("shop.yml").read_bytes())
    return replace(demo_shop.copy(tmp_path / "home"), config=config)


@pytest.fixture
def settings(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SHOP360_SALT", (shop.home / "private" / "salt").read_text())
    return load_settings(home=shop.home, config=shop.config)


def test_a_run_without_changes_keeps_the_release(shop: Shop) -> None:
    before = (shop.home / "serving" / "current").readlink()
    ended = shop.cli("run", "--json")
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert answer["is_unchanged"] and answer["succeeded"]
    assert answer["totals"]
    assert "Nothing has changed" in shop.cli("run").stdout
    assert (shop.home / "serving" / "current").readlink() == before


def test_each_kind_of_change_is_seen(shop: Shop, settings: Settings) -> None:
    assert is_unchanged(settings)
    arrived = settings.inbox / "erp" / "more.csv"
    arrived.write_text("order_id\n1\n")
    assert not is_unchanged(settings)
    arrived.unlink()
    assert is_unchanged(settings)
    text = shop.config.read_text(encoding="utf-8")
    shop.config.write_text(text + "\n# another word\n", encoding="utf-8")
    assert not is_unchanged(settings)
    shop.config.write_text(text, encoding="utf-8")
    assert is_unchanged(settings)
    with connect(settings) as con:
        con.execute(
            "delete from raw.erp_orders where order_id = (select min(order_id) from raw.erp_orders)"
        )
    assert not is_unchanged(settings)


def test_a_build_by_hand_and_forgotten_facts_are_seen(settings: Settings) -> None:
    start = build_facts.begin(settings, "by hand")
    assert not is_unchanged(settings)
    build_facts.end(settings, start, {})
    assert is_unchanged(settings)
    with connect(settings) as con:
        build_facts.forget_facts(con)
    assert not is_unchanged(settings)


def test_another_salt_model_or_release_is_seen(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations.release(settings)
    assert not is_unchanged(settings)
    note_release(settings)
    assert is_unchanged(settings)
    monkeypatch.setenv("SHOP360_SALT", "another")
    assert not is_unchanged(settings)
    monkeypatch.undo()
    monkeypatch.setenv("SHOP360_SALT", (settings.private / "salt").read_text())
    assert is_unchanged(settings)
    model = settings.private / "matching" / "model-20990101T000000-abc123.json"
    model.parent.mkdir(exist_ok=True)
    model.write_text("{}")
    assert not is_unchanged(settings)
    model.unlink()
    assert is_unchanged(settings)
    generations.rollback(settings)
    assert not is_unchanged(settings)


def test_the_schedule_skips_a_day_without_changes(settings: Settings, tmp_path: Path) -> None:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        schedule = daily_schedule("shop360", "Asia/Shanghai", settings)
        context = dg.build_schedule_context(instance)
        skipped = schedule.evaluate_tick(context)
        assert "Nothing has arrived" in (skipped.skip_message or "")
        assert instance.get_latest_materialization_event(dg.AssetKey("released_file"))
        (settings.inbox / "erp" / "more.csv").write_text("order_id\n1\n")
        assert len(schedule.evaluate_tick(context).run_requests or []) == 1
