"""Do failed runs and late feeds reach a webhook and a command?"""

import json
import logging
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from landing_kit import HEADER, LandingShop, csv_of, order
from shops import Shop

from orchestration.config.settings import Settings
from orchestration.config.shop_config import ShopConfigError, load_shop_config
from orchestration.pipeline import notify


class Server:
    """A webhook that keeps what it receives, and answers with `status` after `delay` seconds."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.status, self.delay = 200, 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.delay)
                outer.received.append(json.loads(body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/hook?token=secret"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def shop(tmp_path: Path) -> LandingShop:
    shop = LandingShop(tmp_path)
    shop.settings.private.mkdir(parents=True)
    return shop


def _configure(shop: LandingShop, **section: Any) -> None:
    content = yaml.safe_load(shop.settings.config.read_text(encoding="utf-8"))
    text = yaml.safe_dump({**content, "notify": section}, allow_unicode=True)
    shop.settings.config.write_text(text, encoding="utf-8")


def _release(settings: Settings, ages: dict[str, int]) -> None:
    """A released file whose feeds had data every day until so many days ago."""
    settings.released.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.released)) as con:
        con.execute("create schema meta")
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
    shop: LandingShop, server: Server, tmp_path: Path
) -> None:
    heard = tmp_path / "heard of it.jsonl"
    script = tmp_path / "tell.py"
    script.write_text(f"import sys; open({str(heard)!r}, 'a').write(sys.stdin.read() + '\\n')")
    _configure(shop, url=server.url, command=[sys.executable, "tell.py"])
    for _ in range(2):
        notify.run_failed(shop.settings, "run-1", ["transform"])
    (sent,) = server.received
    assert sent["shop"] == "camellia" and sent["what"] == "run_failed"
    assert sent["run_id"] == "run-1" and sent["steps"] == ["transform"]
    assert "transform" in sent["text"]["en"] and "失败" in sent["text"]["zh"]
    assert [json.loads(line) for line in heard.read_text().splitlines()] == [sent]
    notify.run_failed(shop.settings, "run-2", [])
    assert [one["run_id"] for one in server.received] == ["run-1", "run-2"]


def test_late_feeds_are_sent_once_a_day_each(shop: LandingShop, server: Server) -> None:
    _configure(shop, url=server.url)
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


def test_the_url_may_come_from_the_environment(
    shop: LandingShop, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    _configure(shop, url_env="SHOP_HOOK")
    monkeypatch.setenv("SHOP_HOOK", server.url)
    notify.run_failed(shop.settings, "run-1", [])
    assert len(server.received) == 1


def test_an_unsent_message_is_logged_and_fails_nothing(
    shop: LandingShop, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    started = time.monotonic()
    cases = [
        ({"url": "http://127.0.0.1:9/hook?token=secret"}, "URLError"),
        ({"url_env": "NOT_SET_ANYWHERE"}, "NOT_SET_ANYWHERE"),
        ({"command": "/no/such/program"}, "FileNotFoundError"),
        ({"command": "false"}, "exit code 1"),
        ({"command": ["sleep", "60"], "timeout_seconds": 0.3}, "within 0.3 seconds"),
        ({"url": server.url}, "HTTPError"),
    ]
    server.status = 500
    for section, expected in cases:
        caplog.clear()
        _configure(shop, **section)
        notify.run_failed(shop.settings, "run-1", [])
        assert expected in caplog.text and "secret" not in caplog.text, section
    server.delay = 2
    _configure(shop, url=server.url, timeout_seconds=0.3)
    notify.run_failed(shop.settings, "run-1", [])
    assert "within 0.3 seconds" in caplog.text
    assert time.monotonic() - started < 20
    server.status, server.delay = 200, 0
    notify.run_failed(shop.settings, "run-1", [])
    assert server.received[-1]["run_id"] == "run-1"


def test_the_command_does_not_get_the_salt(
    shop: LandingShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP360_SALT", "very secret")
    (tmp_path / "env.py").write_text("import os; open('env.txt', 'w').write(repr(os.environ))")
    _configure(shop, command=f"{sys.executable} env.py")
    notify.run_failed(shop.settings, "run-1", [])
    assert "very secret" not in (tmp_path / "env.txt").read_text()


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({"url": "ftp://x/y"}, "notify.url"),
        ({"url": "http://x/y", "url_env": "X"}, "not both"),
        ({"urll": "http://x/y"}, "notify.urll: unknown key"),
        ({"command": []}, "notify.command"),
        ({"timeout_seconds": "0"}, "notify.timeout_seconds"),
        ("me", "notify"),
    ],
)
def test_a_wrong_section_is_named_with_its_key(
    shop: LandingShop, section: Any, expected: str
) -> None:
    content = yaml.safe_load(shop.settings.config.read_text(encoding="utf-8"))
    shop.settings.config.write_text(yaml.safe_dump({**content, "notify": section}))
    with pytest.raises(ShopConfigError, match=expected) as error:
        load_shop_config(shop.settings.config)
    assert len(str(error.value).splitlines()) == 1


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


def test_a_run_from_the_command_line_that_fails_notifies(shop: LandingShop, server: Server) -> None:
    _configure(shop, url=server.url)
    shop.put("orders.csv", csv_of(HEADER, *[order(n, "not money") for n in range(50)], order(99)))
    settings = shop.settings
    done = Shop(settings.home, settings.config, settings.inbox).cli("run")
    assert done.returncode == 1, done.stdout + done.stderr
    (sent,) = server.received
    assert sent["steps"] == ["check_raw"] and sent["run_id"]
    assert "not money" not in json.dumps(sent)
