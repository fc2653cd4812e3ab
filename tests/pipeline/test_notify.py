"""Do failed runs, late feeds and digests reach the places of shop.yml, each once?"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml
from landing_kit import HEADER, LandingShop, csv_of, order
from message_servers import HttpServer
from shops import Shop

from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfigError, load_shop_config
from orchestration.messages.deliveries import failures
from orchestration.pipeline import notify
from orchestration.pipeline.notify_sensors import notify_sensors


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = HttpServer()
    yield server
    server.close()


@pytest.fixture
def shop(tmp_path: Path) -> LandingShop:
    shop = LandingShop(tmp_path)
    shop.settings.private.mkdir(parents=True)
    return shop


def _configure(shop: LandingShop, *places: dict[str, Any]) -> None:
    content = yaml.safe_load(shop.settings.config.read_text(encoding="utf-8"))
    text = yaml.safe_dump({**content, "notify": list(places)}, allow_unicode=True)
    shop.settings.config.write_text(text, encoding="utf-8")


def _release(settings: Settings, ages: dict[str, int]) -> None:
    """A released file whose feeds had data every day until so many days ago."""
    settings.released.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.released)) as con:
        con.execute("create schema meta; create schema marts")
        con.execute(
            "create table marts.calendar as select date '2026-03-01' as day_on, 0 as days_ago"
        )
        con.execute(
            """create table meta.row_ledger (feed varchar, source_system varchar,
                   landed_at timestamp)"""
        )
        con.execute(
            """create table meta.coverage (feed varchar, en varchar, zh varchar, source_system varchar,
                   shop_id varchar, is_connected boolean, row_count bigint, first_on date,
                   last_on date, last_loaded_at timestamp, cadence varchar, gap_count bigint,
                   usual_gap_days double, long_gap_days bigint)"""
        )
        for feed, age in ages.items():
            cadence = "static" if feed == "erp.promotions" else "daily"
            con.execute(
                """insert into meta.coverage
                   values (?, 'Name', '名', 'x', 's', true, 101, null, ?, null, ?, 100, 1, 1)""",
                [feed, date.today() - timedelta(days=age), cadence],
            )


def test_a_failed_run_is_sent_once_to_webhook_and_command(
    shop: LandingShop, server: HttpServer, tmp_path: Path
) -> None:
    received = tmp_path / "received by it.jsonl"
    script = tmp_path / "tell.py"
    script.write_text(f"import sys; open({str(received)!r}, 'a').write(sys.stdin.read() + '\\n')")
    _configure(
        shop,
        {"format": "json", "url": server.url},
        {"format": "command", "command": [sys.executable, "tell.py"]},
    )
    for _ in range(2):
        notify.run_failed(shop.settings, "run-1", ["transform"])
    (sent,) = server.received
    assert sent["shop"] == "camellia" and sent["what"] == "run_failed"
    assert sent["run_id"] == "run-1" and sent["steps"] == ["transform"]
    assert "transform" in sent["text"]["en"] and "失败" in sent["text"]["zh"]
    assert sent["release_until"] is None and "nothing is released yet" in sent["text"]["en"]
    assert [json.loads(line) for line in received.read_text().splitlines()] == [sent]
    notify.run_failed(shop.settings, "run-2", [])
    assert [one["run_id"] for one in server.received] == ["run-1", "run-2"]


def test_a_failed_run_names_the_day_of_the_last_release(
    shop: LandingShop, server: HttpServer
) -> None:
    _release(shop.settings, {})
    _configure(shop, {"format": "json", "url": server.url})
    notify.run_failed(shop.settings, "run-1", ["transform"])
    assert server.received[0]["release_until"] == "2026-03-01"
    assert "数据截至 2026-03-01" in server.received[0]["text"]["zh"]


def test_late_feeds_are_sent_once_a_day_each(shop: LandingShop, server: HttpServer) -> None:
    _configure(shop, {"format": "json", "url": server.url})
    _release(shop.settings, {"erp.orders": 40, "web.events": 0, "erp.promotions": 578})
    for _ in range(3):
        notify.late_feeds(shop.settings)
    (sent,) = server.received
    assert [feed["feed"] for feed in sent["feeds"]] == ["erp.orders"]
    assert sent["what"] == "feeds_late" and sent["feeds"][0]["age_days"] >= 39
    assert "erp.orders" in sent["text"]["en"] and "迟到" in sent["text"]["zh"]
    note = shop.settings.private / "notified.json"
    note.write_text(note.read_text().replace(str(date.today().year), "2020"))
    notify.late_feeds(shop.settings)
    assert len(server.received) == 2


def test_each_place_gets_the_messages_it_chose(shop: LandingShop, server: HttpServer) -> None:
    _release(shop.settings, {"erp.orders": 40})
    _configure(
        shop,
        {"format": "json", "url": f"{server.url}&to=a", "messages": ["feeds_late"]},
        {"format": "json", "url": f"{server.url}&to=b", "messages": "run_failed"},
        {"format": "json", "url": f"{server.url}&to=c", "messages": ["digest"]},
    )
    notify.run_failed(shop.settings, "run-1", [])
    notify.late_feeds(shop.settings)
    assert [(one.path[-1], one.body["what"]) for one in server.requests] == [
        ("b", "run_failed"),
        ("a", "feeds_late"),
    ]


def test_the_url_may_come_from_the_environment(
    shop: LandingShop, server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _configure(shop, {"format": "json", "url_env": "SHOP_HOOK"})
    monkeypatch.setenv("SHOP_HOOK", server.url)
    notify.run_failed(shop.settings, "run-1", [])
    assert len(server.received) == 1


def test_an_unsent_message_is_logged_and_fails_nothing(
    shop: LandingShop, server: HttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    started = time.monotonic()
    cases = [
        ({"format": "json", "url": "http://127.0.0.1:9/hook?token=secret"}, "refused"),
        ({"format": "json", "url_env": "NOT_SET_ANYWHERE"}, "NOT_SET_ANYWHERE"),
        ({"format": "command", "command": "/no/such/program"}, "FileNotFoundError"),
        ({"format": "command", "command": "false"}, "exit code 1"),
        (
            {"format": "command", "command": ["sleep", "60"], "timeout_seconds": 0.3},
            "within 0.3 seconds",
        ),
        ({"format": "json", "url": server.url}, "HTTP 500"),
    ]
    server.status = 500
    for place, expected in cases:
        caplog.clear()
        _configure(shop, place)
        notify.run_failed(shop.settings, "run-1", [])
        assert expected in caplog.text and "secret" not in caplog.text, place
        [failure] = failures(shop.settings)
        assert expected in failure["why"] and failure["place"] == f"notify[0] {place['format']}"
    server.delay = 2
    _configure(shop, {"format": "json", "url": server.url, "timeout_seconds": 0.3})
    notify.run_failed(shop.settings, "run-1", [])
    assert "within 0.3 seconds" in caplog.text
    assert time.monotonic() - started < 20


def test_an_unsent_failure_is_sent_with_the_next_messages(
    shop: LandingShop, server: HttpServer
) -> None:
    _configure(shop, {"format": "json", "url": server.url})
    server.status = 503
    notify.run_failed(shop.settings, "run-1", ["check_raw"])
    assert failures(shop.settings)[0]["message"] == "run_failed"
    server.status = 200
    for _ in range(2):
        notify.after_run(shop.settings)
    assert [one["run_id"] for one in server.received] == ["run-1", "run-1"]
    assert failures(shop.settings) == ()


def test_the_hourly_sensor_sends_what_is_due(shop: LandingShop, server: HttpServer) -> None:
    _release(shop.settings, {"erp.orders": 40})
    _configure(shop, {"format": "json", "url": server.url})
    sensors = {one.name: one for one in notify_sensors(shop.settings, shop.config)}
    assert sensors.keys() == {"failed_run", "released_run", "late_feeds"}
    said = [
        sensors["late_feeds"].evaluate_tick(dg.build_sensor_context()).skip_message
        for _ in range(2)
    ]
    assert said == ["Sent: feeds_late to notify[0] json.", "Nothing is due."]
    assert [one["what"] for one in server.received] == ["feeds_late"]
    _configure(shop)
    assert notify_sensors(shop.settings, shop.config) == []


def test_slow_places_do_not_wait_for_each_other(shop: LandingShop, server: HttpServer) -> None:
    place = {"format": "json", "timeout_seconds": 3}
    _configure(shop, *({**place, "url": f"{server.url}&to={i}"} for i in range(8)))
    server.delay = 1
    started = time.monotonic()
    outcomes = notify.run_failed(shop.settings, "run-1", [])
    assert [outcome.is_taken for outcome in outcomes] == [True] * 8
    assert time.monotonic() - started < 4


def test_a_torn_record_of_deliveries_is_replaced(shop: LandingShop, server: HttpServer) -> None:
    _configure(shop, {"format": "json", "url": server.url})
    (shop.settings.private / "notified.json").write_text('{"runs": [], "late"')
    notify.run_failed(shop.settings, "run-1", [])
    assert len(server.received) == 1
    assert server.url not in (shop.settings.private / "notified.json").read_text()


def test_the_command_does_not_get_the_salt(
    shop: LandingShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP360_SALT", "very secret")
    (tmp_path / "env.py").write_text("import os; open('env.txt', 'w').write(repr(os.environ))")
    _configure(shop, {"format": "command", "command": f"{sys.executable} env.py"})
    notify.run_failed(shop.settings, "run-1", [])
    assert "very secret" not in (tmp_path / "env.txt").read_text()


KEY = "https://qyapi.example/send?key=0123-4567"
MAIL = {"format": "smtp", "host": "mail", "from": "a@b", "to": "c@d"}


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ([{"format": "json", "url": "ftp://x/y"}], r"notify\[0\]\.url: expected an http"),
        ([{"format": "json", "url": "http://x/y", "url_env": "X"}], "not both"),
        ([{"format": "json", "urll": "http://x/y", "url_env": "X"}], r"notify\[0\]\.urll: unknown key"),
        ([{"format": "command", "command": []}], r"notify\[0\]\.command"),
        ([{"format": "json", "url_env": "X", "timeout_seconds": "0"}], r"notify\[0\]\.timeout"),
        ([{"format": "json", "url_env": "X", "messages": ["digst"]}], r"notify\[0\]\.messages"),
        ([{"format": "wechat", "url_env": "X"}], "unknown format; expected one of wecom"),
        ([{"url_env": "X"}], r"notify\[0\]\.format: missing"),
        ([{"format": "wecom", "url": KEY}], "in url_env"),
        ([{"format": "wecom", "url_env": KEY}], r"notify\[0\]\.url_env: expected the name of an env"),
        ([{"format": "slack", "url_env": "X", "secret_env": "Y"}], "secret_env: unknown key"),
        ([{**MAIL, "user_env": "U"}], "user_env and password_env together"),
        ([{**MAIL, "user_env": "U", "password_env": "P", "security": "none"}], "without encryption"),
        ([{**MAIL, "to": ["no-address"]}], r"notify\[0\]\.to"),
        ({"url_env": "HOOK"}, r"write `notify: \[\{format: json, url_env: …\}\]`"),
        (
            {"url": KEY, "command": ["x"]},
            r"\[\{format: json, url: …\}, \{format: command, command: …\}\]",
        ),
        ("me", "notify: expected a list"),
    ],
)  # fmt: skip
def test_a_wrong_section_is_named_with_its_key(
    shop: LandingShop, section: Any, expected: str
) -> None:
    content = yaml.safe_load(shop.settings.config.read_text(encoding="utf-8"))
    shop.settings.config.write_text(yaml.safe_dump({**content, "notify": section}))
    with pytest.raises(ShopConfigError, match=expected) as error:
        load_shop_config(shop.settings.config)
    assert len(str(error.value).splitlines()) == 1
    assert "0123" not in str(error.value)


def test_owners_are_checked(shop: LandingShop) -> None:
    content = yaml.safe_load(shop.settings.config.read_text(encoding="utf-8"))
    good = {"default": "data@shop.example", "sales": "ann@shop.example"}
    shop.settings.config.write_text(yaml.safe_dump({**content, "owners": good}))
    assert load_shop_config(shop.settings.config).owners == good
    shop.settings.config.write_text(
        yaml.safe_dump({**content, "owners": {"sails": "x", "sales": 1}})
    )
    with pytest.raises(ShopConfigError, match=r"owners\.sails: unknown key; did you mean sales"):
        load_shop_config(shop.settings.config)


def test_a_run_from_the_command_line_that_fails_notifies(
    shop: LandingShop, server: HttpServer
) -> None:
    _configure(shop, {"format": "json", "url": server.url})
    shop.put("orders.csv", csv_of(HEADER, *[order(n, "not money") for n in range(50)], order(99)))
    settings = shop.settings
    done = Shop(settings.home, settings.config, settings.inbox).cli("run")
    assert done.returncode == 1, done.stdout + done.stderr
    (sent,) = server.received
    assert sent["steps"] == ["check_raw"] and sent["run_id"]
    assert "not money" not in json.dumps(sent)
