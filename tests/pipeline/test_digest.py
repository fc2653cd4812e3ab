"""Does the digest state the figures of the release, and does every place get it once?"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from message_servers import HttpServer
from rich.cells import cell_len
from shops import REPO, Shop

from orchestration.config.settings import Settings
from orchestration.config.shop_config import load_shop_config
from orchestration.messages.document import Document
from orchestration.messages.html_page import as_html
from orchestration.messages.text import as_text
from orchestration.pipeline import notify
from orchestration.reports.digest import data_until, read_digest
from orchestration.reports.digest_document import digest_document
from orchestration.reports.digest_facts import Digest
from orchestration.reports.digest_figures import KPIS
from orchestration.reports.digest_words import change, number

Copy = Callable[..., Settings]


@pytest.fixture
def copy(demo_shop: Shop, tmp_path: Path) -> Copy:
    """The demo shop's release in a home of its own, changed by statements, with places in shop.yml."""

    def make(*statements: str, places: list[dict[str, Any]] | None = None) -> Settings:
        config = tmp_path / "shop.yml"
        content = yaml.safe_load((REPO / "shop.yml").read_text(encoding="utf-8"))
        lists = {
            name: str(REPO / file) if isinstance(file, str) else file
            for name, file in content.get("lists", {}).items()
        }
        text = yaml.safe_dump({**content, "lists": lists, "notify": places or []})
        config.write_text(text, encoding="utf-8")
        settings = Settings(tmp_path / "home", config, tmp_path / "home" / "inbox")
        settings.private.mkdir(parents=True, exist_ok=True)
        settings.released.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(demo_shop.released, settings.released)
        settings.released.chmod(0o600)
        with duckdb.connect(str(settings.released)) as con:
            for statement in statements:
                con.execute(statement)
        return settings

    return make


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = HttpServer()
    monkeypatch.setenv("ROBOT", server.url)
    yield server
    server.close()


def _read(settings: Settings, today: date | None = None) -> Digest:
    return read_digest(settings, load_shop_config(settings.config), today)


def _lines(document: Document) -> list[str]:
    lines = as_text(document).splitlines()
    assert max(map(cell_len, lines)) <= 80, max(lines, key=cell_len)
    assert [line for line in lines if line != line.rstrip()] == []
    return lines


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (9999.99, "currency", "9,999.99", "9,999.99"),
        (9999.995, "currency", "1.00万", "10.00K"),
        (12345, "count", "1.23万", "12.35K"),
        (1234, "count", "1,234", "1,234"),
        (-225204.63, "currency", "-22.52万", "-225.20K"),
        (999_999.0, "currency", "100.00万", "1.00M"),
        (99_999_999, "count", "1.00亿", "100.00M"),
        (123_456_789_012.3, "currency", "1,234.57亿", "123.46B"),
        (0.093773, "rate", "9.38%", "9.38%"),
        (2.675, "number", "2.68", "2.68"),
        (0, "currency", "0.00", "0.00"),
        (None, "rate", "—", "—"),
    ],
)
def test_numbers_are_written_as_readers_expect(
    value: float | None, unit: str, zh: str, en: str
) -> None:
    assert (number(value, unit, "zh"), number(value, unit, "en")) == (zh, en)


def test_changes_have_a_sign_and_rates_are_in_points() -> None:
    assert change(-0.2624, "en", in_points=False) == "-26.2%"
    assert change(0.0004, "zh", in_points=False) == "0.0%"
    assert change(12.3456, "en", in_points=False) == "+1,234.6%"
    assert change(-8.694, "en", in_points=True) == "-8.69pp"
    assert change(0.06, "zh", in_points=True) == "+0.06百分点"
    assert change(None, "zh", in_points=True) == "—"


def test_figures_are_those_of_the_wide_kpi_table(demo_shop: Shop, copy: Copy) -> None:
    found = _read(copy())
    columns = ", ".join(KPIS)
    slice_of_all = "from marts.kpi_daily where shop_id = 'all' and dimension = 'all'"
    [(last,)] = demo_shop.ask(f"select max(kpi_on) {slice_of_all}")
    assert found.data_until == last

    def row(on: date) -> tuple[Any, ...]:
        return demo_shop.ask(f"select {columns} {slice_of_all} and kpi_on = date '{on}'")[0]

    now, before, year_ago = (
        row(last),
        row(last - timedelta(days=1)),
        row(last - timedelta(days=364)),
    )
    day = found.periods[0]
    assert (day.previous_on, day.year_ago_on) == (
        last - timedelta(days=1),
        last - timedelta(days=364),
    )
    assert [figure.kpi_code for figure in day.figures] == list(KPIS)
    for i, figure in enumerate(day.figures):
        assert figure.value == pytest.approx(float(now[i]))
        for then, stated in ((before, figure.previous_change), (year_ago, figure.year_ago_change)):
            difference = float(now[i]) - float(then[i])
            expected = 100 * difference if figure.is_rate else difference / float(then[i])
            assert stated == pytest.approx(expected, abs=1e-4), figure.kpi_code


def test_both_languages_state_the_same_in_80_columns(copy: Copy) -> None:
    found = _read(copy())
    zh, en = (_lines(digest_document(found, language)) for language in ("zh", "en"))
    assert (
        zh[0]
        == f"山茶小铺：数据截至 {found.data_until} {'一二三四五六日'[found.data_until.weekday()]:周>2}"
    )
    assert en[0] == f"Camellia: data until {found.data_until:%A} {found.data_until}"
    assert sum("CNY" in line for line in zh) == sum("CNY" in line for line in en) >= 3
    assert any("同一星期几" in line for line in zh) and any("same weekday" in line for line in en)
    assert any("pp" in line for line in en) and any("百分点" in line for line in zh)
    goals = [goal.zh for goal in found.goals]
    assert goals and all(any(goal in line for line in zh) for goal in goals)
    assert any(line.startswith("检查：共 ") for line in zh)


def test_shops_that_a_figure_leaves_out_are_named(copy: Copy) -> None:
    found = _read(copy("update meta.code_labels set zh = '拼多多店' where code = 'pdd_store'"))
    zh = _lines(digest_document(found, "zh"))
    assert "  仅 小程序与官网：支付转化率" in zh
    assert "  不含 拼多多店：支付买家数、客单价、新客数" in zh


def test_a_shop_without_ads_traffic_and_goals_has_reasons(copy: Copy) -> None:
    gap = """update marts.kpi_values set value = null, shop_ids = null, partial_shop_ids = null,
        coverage = 'not connected: {feed}', coverage_zh = '未接入: {feed}' where kpi_code = '{kpi}'"""
    settings = copy(
        gap.format(kpi="ad_cost_ratio", feed="ads.daily_spend"),
        gap.format(kpi="pay_cvr", feed="web.events"),
        "delete from marts.kpi_comparisons where kpi_code in ('ad_cost_ratio', 'pay_cvr')",
        "delete from marts.goal_progress",
        "delete from marts.goal_proposals",
        "delete from marts.kpi_alerts",
        "delete from marts.kpi_values where kpi_code = 'new_customers'",
    )
    found = _read(settings)
    zh, en = (_lines(digest_document(found, language)) for language in ("zh", "en"))
    assert "  — 费比：未接入: ads.daily_spend" in zh
    assert "  — Pay conversion: not connected: web.events" in en
    assert "  — New customers: not in this release" in en
    [row] = [line for line in en if line.startswith("  Ad cost ratio ")][:1]
    assert row.split() == ["Ad", "cost", "ratio", "—", "—", "—"]
    assert not any("目标" in line for line in zh) and "最近 7 天无预警" in zh


def test_a_shop_without_data_says_so(copy: Copy) -> None:
    settings = copy(
        "delete from marts.calendar",
        "insert into marts.calendar (day_on, days_ago) values (date '1970-01-01', 0)",
        *(f"delete from marts.{name}" for name in ("kpi_values", "kpi_comparisons", "kpi_alerts")),
    )
    found = _read(settings)
    assert found.data_until is None and data_until(settings) is None
    assert len(found.periods) == 1
    assert _lines(digest_document(found, "zh"))[0] == "山茶小铺：暂无数据"
    assert _lines(digest_document(found, "en"))[0] == "Camellia: no data yet"


def test_a_sunday_has_its_week_and_a_month_end_its_month(copy: Copy, demo_shop: Shop) -> None:
    [(last,)] = demo_shop.ask("select max(day_on) from marts.calendar where days_ago = 0")

    def spans(last_on: date) -> dict[str, tuple[date, date]]:
        found = _read(copy(f"update marts.calendar set days_ago = date '{last_on}' - day_on"))
        return {one.period: (one.start_on, one.end_on) for one in found.periods}

    sunday = last - timedelta(days=last.isoweekday() % 7 + 7)
    month_end = sunday.replace(day=1) - timedelta(days=1)
    assert spans(sunday)["week"] == (sunday - timedelta(days=6), sunday)
    assert spans(month_end)["month"] == (month_end.replace(day=1), month_end)
    assert spans(date(2026, 3, 4)).keys() == {"day"}


def test_new_alerts_come_first_with_their_main_slice(copy: Copy, demo_shop: Shop) -> None:
    [(last,)] = demo_shop.ask(
        "select max(period_end_on) from marts.kpi_values where period = 'day'"
    )
    row = """insert into marts.kpi_alerts (alert_key, alert_type, kpi_code, deviation, found_on, last_on,
        is_bad, value, expected_value, change, en, zh, evidence, evidence_zh, main_dimension,
        main_dimension_value, main_share) values ('{key}', 'deviation', 'gmv_pay', 'down', {on}, {on},
        {bad}, 12000, 24000, -0.5, '{key} down', '{key}下降', 'x', 'x', 'shop', 'own_store', 0.64)"""
    settings = copy(
        "delete from marts.kpi_alerts",
        row.format(key="Older", on=f"date '{last}' - 3", bad=True),
        row.format(key="Fresh", on=f"date '{last}'", bad=False),
        row.format(key="Past", on=f"date '{last}' - 30", bad=True),
    )
    found = _read(settings)
    shown = [item for section in digest_document(found, "en").sections for item in section.items]
    assert shown[0] == (
        f"▲ new: Fresh down ({last}): 12.00K instead of 24.00K (-50.0%); "
        "mainly Shop Own store (64%)"
    )
    assert shown[1].startswith("▼ Older down") and not any("Past" in item for item in shown)


def test_late_and_missing_feeds_are_by_the_clock_of_today(copy: Copy) -> None:
    settings = copy("update meta.coverage set is_connected = false where feed = 'crm.reviews'")
    last = _read(settings).data_until
    assert last is not None
    fresh = _read(settings, last + timedelta(days=1))
    assert [one.feed for one in fresh.missing] == ["crm.reviews"]
    assert "ads.daily_spend" not in {one.feed for one in fresh.late}
    stale = _read(settings, last + timedelta(days=9))
    assert "ads.daily_spend" in {one.feed for one in stale.late}
    lines = _lines(digest_document(stale, "zh"))
    assert "数据已有 9 天" in lines and "迟到的数据" in lines
    assert not any("数据已有" in line for line in _lines(digest_document(fresh, "zh")))


def test_names_from_exports_are_escaped_in_html(copy: Copy) -> None:
    found = _read(
        copy("update meta.code_labels set en = '<script>x</script>' where code = 'own_store'")
    )
    page = as_html(digest_document(found, "en"))
    assert "&lt;script&gt;x" in page and "<script" not in page


def test_a_place_gets_a_digest_once_until_coverage_grows(copy: Copy, server: HttpServer) -> None:
    place = {"format": "wecom", "url_env": "ROBOT", "messages": ["digest"]}
    settings = copy(places=[place])
    for _ in range(2):
        notify.after_run(settings)
    assert len(server.received) == 1
    assert "山茶小铺" in server.received[0]["markdown"]["content"]
    # A restated figure is no reason for a second message; a shop whose data arrived later is one.
    copy("update marts.kpi_values set value = value + 1 where kpi_code = 'gmv_pay'", places=[place])
    notify.after_run(settings)
    assert len(server.received) == 1
    copy(
        "update marts.kpi_values set shop_ids = shop_ids || ';x' where kpi_code = 'gmv_pay'",
        places=[place],
    )
    notify.after_run(settings)
    assert len(server.received) == 2


def test_a_place_that_failed_gets_the_digest_at_the_next_run(
    copy: Copy, server: HttpServer
) -> None:
    wecom = {"format": "wecom", "url_env": "ROBOT", "messages": ["digest"]}
    settings = copy(places=[wecom, {**wecom, "format": "dingtalk"}])
    server.answer = b'{"errcode": 45009, "errmsg": "api freq out of limit"}'
    outcomes = notify.after_run(settings)
    assert [one.is_taken for one in outcomes] == [False, False]
    server.answer = b'{"errcode": 0}'
    assert [one.is_taken for one in notify.after_run(settings)] == [True, True]
    assert [one.is_earlier for one in notify.after_run(settings)] == [True, True]
    assert len(server.received) == 4


def test_json_has_figures_and_text_without_personal_data(
    copy: Copy, server: HttpServer, demo_shop: Shop
) -> None:
    settings = copy(places=[{"format": "json", "url": server.url, "messages": ["digest"]}])
    notify.digest(settings)
    [body] = server.received
    assert body["what"] == "digest" and body["shop"] == "camellia"
    figures = {one["kpi_code"]: one["value"] for one in body["digest"]["periods"][0]["figures"]}
    assert list(figures) == list(KPIS) and figures["gmv_pay"] > 0
    assert body["text"]["zh"].startswith("山茶小铺") and body["text"]["en"].startswith("Camellia")
    everything = json.dumps(body, ensure_ascii=False)
    [(names,)] = demo_shop.ask_warehouse(
        "select list(distinct value) from (select full_name as value from raw.crm_customers "
        "union all select phone from raw.crm_customers union all select customer_id from raw.crm_customers)"
    )
    people = [name for name in names if name and len(name) > 2 and set(name) != {"0"}]
    assert len(people) > 1000 and [name for name in people if name in everything] == []


def test_the_command_shows_the_digest_and_sends_it_once(copy: Copy, server: HttpServer) -> None:
    settings = copy(places=[{"format": "wecom", "url_env": "ROBOT"}])
    shop = Shop(
        settings.home, settings.config, extra={"ROBOT": server.url, "no_proxy": "127.0.0.1"}
    )
    shown = shop.cli("digest", "--lang", "zh")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == as_text(digest_document(_read(settings), "zh"))
    assert shop.cli("digest", "--html").stdout.startswith("<!doctype html>")
    assert json.loads(shop.cli("digest", "--json").stdout)["shop_id"] == "camellia"
    server.answer = b'{"errcode": 93000, "errmsg": "invalid secret-key-of-the-robot"}'
    failed = shop.cli("digest", "--send")
    assert (
        failed.returncode == 1
        and "notify[0] wecom: digest: refused with code 93000" in failed.stderr
    )
    status = shop.cli("status")
    assert "Messages not sent" in status.stdout and "93000" in status.stdout
    server.answer = b'{"errcode": 0}'
    sent = shop.cli("digest", "--send")
    assert sent.returncode == 0 and "notify[0] wecom: digest sent" in sent.stdout
    again = shop.cli("digest", "--send")
    assert again.returncode == 0 and "digest was sent before" in again.stdout
    count = len(server.received)
    assert shop.cli("digest", "--send", "--again").returncode == 0
    assert len(server.received) == count + 1
    assert "Messages not sent" not in shop.cli("status").stdout
    told = failed.stdout + failed.stderr + status.stdout
    logs = "".join(path.read_text() for path in settings.logs.glob("*.log"))
    assert "93000" in logs and "secret-key" not in told + logs


def test_the_command_ends_honestly_without_release_or_place(
    copy: Copy, tmp_path: Path, demo_shop: Shop
) -> None:
    assert Shop(tmp_path / "none").cli("digest").returncode == 2
    (tmp_path / "empty" / "inbox").mkdir(parents=True)
    empty = Shop(tmp_path / "empty").cli("digest")
    assert empty.returncode == 1 and "does not exist yet" in empty.stderr
    settings = copy()
    unplaced = Shop(settings.home, settings.config).cli("digest", "--send")
    assert unplaced.returncode == 2 and "no place receives the digest" in unplaced.stderr
    both = demo_shop.cli("digest", "--send", "--html")
    assert both.returncode == 2 and "exclude each other" in both.stderr
    old = copy("drop table marts.kpi_comparisons")
    earlier = Shop(old.home, old.config).cli("digest")
    assert earlier.returncode == 1 and "earlier version" in earlier.stderr


def test_the_digest_survives_a_closed_pipe(demo_shop: Shop) -> None:
    command = " ".join(map(str, demo_shop._command("digest")))
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"],
        capture_output=True, text=True, check=False, cwd=REPO, env=environment,
    )  # fmt: skip
    assert done.stdout.startswith("Camellia: data until") and done.stderr == ""


def test_a_run_sends_the_digest_and_an_unchanged_run_does_not(
    demo_shop: Shop, server: HttpServer, tmp_path: Path
) -> None:
    places = [{"format": "json", "url_env": "ROBOT", "messages": ["digest", "run_failed"]}]
    config = tmp_path / "shop.yml"
    content = (REPO / "shop.yml").read_text(encoding="utf-8")
    config.write_text(f"{content}\nnotify: {json.dumps(places)}\n", encoding="utf-8")
    extra = {"ROBOT": server.url, "no_proxy": "127.0.0.1"}
    shop = replace(demo_shop.copy(tmp_path / "home"), config=config, extra=extra)
    for _ in range(2):
        done = shop.cli("run")
        assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing has changed" in done.stdout
    [body] = server.received
    [(last,)] = shop.ask("select max(day_on) from marts.calendar where days_ago = 0")
    assert body["what"] == "digest" and body["digest"]["data_until"] == str(last)
