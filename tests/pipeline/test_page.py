"""The report page in a real Chromium: each printed figure is that of the marts, in every view; it asks for nothing."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from page_reader import Marts, View, change_text, chromium, figure_text
from playwright.sync_api import Browser
from shops import Shop

from orchestration.config.shop_config import Page
from orchestration.page.html import ASSETS
from orchestration.page.write import PageProblem, checked_page

_HAN = re.compile(r"[\u4e00-\u9fff]")
_PERIODS = ("day", "week", "month")
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _file(shop: Shop) -> Path:
    return shop.released.with_name("page.html")


def _data(file: Path) -> dict:
    found = re.search(r'<script id="data"[^>]*>(.*?)</script>', file.read_text(encoding="utf-8"))
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_printed_figure_is_that_of_the_marts(
    browser: Browser, demo_shop: Shop, language: str
) -> None:
    marts, view = Marts(demo_shop.released), View(browser, _file(demo_shop))
    figures = changes = 0
    for period in _PERIODS:
        for shop in _data(_file(demo_shop))["shops"]:
            view.choose(f"lang={language}&period={period}&shop={shop}")
            for facts in view.facts(".figure"):
                value = float(facts["value"])
                assert value == pytest.approx(marts.figure(facts), rel=1e-9)
                assert facts["text"] == figure_text(value, marts.units[facts["kpi"]], language)
                figures += 1
            for facts in view.facts(".change[data-against]"):
                on, earlier = marts.earlier(facts)
                value, before = float(facts["value"]), float(facts["before"])
                assert value == pytest.approx(marts.figure(facts), rel=1e-9)
                assert facts["on"] == str(on) and before == pytest.approx(earlier, rel=1e-9)
                unit = marts.units[facts["kpi"]]
                assert facts["text"] == change_text(value, before, unit, language)
                changes += 1
    assert figures > 400 and changes > 300
    assert view.problems == []
    view.close()


def test_blocks_add_up_to_the_marts(demo_shop: Shop) -> None:
    data = _data(_file(demo_shop))
    month = data["spans"]["month"]
    bounds = {"start": month["start_on"], "end": month["end_on"]}
    with duckdb.connect(str(demo_shop.released), read_only=True) as con:
        [(spend,)] = con.execute(
            "select sum(spend_amount) from marts.daily_marketing where marketing_on between $start and $end",
            bounds,
        ).fetchall()
        refunded = dict(
            con.execute(
                """select reason, sum(goods_refunded_amount) from marts.refunds
                   where is_success and refunded_on between $start and $end group by reason""",
                bounds,
            ).fetchall()
        )
        [(customers,)] = con.execute(
            "select count(*) from marts.customer_360 where order_count > 0 and not is_anonymous"
        ).fetchall()
        credited = dict(
            con.execute(
                """select model, sum(net_amount) from marts.attributed_sales
                   where marketing_on between $start and $end and evidence in ('session', 'coupon')
                       and shop_id in (select shop_id from marts.daily_marketing where last_touch_orders >= 0)
                   group by model""",
                bounds,
            ).fetchall()
        )
        [(best,)] = con.execute(
            """select sum(net_amount) from marts.order_lines
               where is_sale and not is_gift and line_kind = 'goods' and paid_on between $start and $end
               group by shop_id, product_key order by 1 desc limit 1""",
            bounds,
        ).fetchall()
    assert sum(row["spend_amount"] or 0 for row in month["channels"]) == pytest.approx(float(spend))
    assert len(data["attribution_models"]) == 10
    for model in data["attribution_models"]:
        shown = [(row["credits"] or {}).get(model) for row in month["channels"]]
        total = sum(cell["net_amount"] for cell in shown if cell)
        assert total == pytest.approx(float(credited[model])), model
    named = [row for row in month["refund_reasons"] if row["shop_id"] == "all" and row["reason"]]
    assert len(named) >= 3
    for row in named:
        assert row["refunded_amount"] == pytest.approx(float(refunded[row["reason"]]))
    assert month["products"][0]["net_amount"] == pytest.approx(float(best))
    known = [cell for cell in data["customers"] if not cell["is_anonymous"]]
    hidden = sum(cell["customer_count"] is None for cell in known)
    shown = sum(cell["customer_count"] or 0 for cell in known)
    assert customers - 4 * hidden <= shown <= customers - hidden


def test_parts_of_a_change_add_up_to_it(browser: Browser, demo_shop: Shop) -> None:
    marts, data = Marts(demo_shop.released), _data(_file(demo_shop))
    view, seen = View(browser, _file(demo_shop)), 0
    for period in _PERIODS:
        start = datetime.fromisoformat(data["spans"][period]["start_on"]).date()
        for against in ("previous", "year_ago"):
            for shop in data["shops"]:
                place = ("net_sales", shop, period, start)
                value = marts.values.get(place)
                # A figure without a value is not compared.
                _, before = marts.compared.get(place, {}).get(against, (None, None))
                found = data["spans"][period]["changes"][against].get(shop)
                assert (found is None) == (before is None), (period, against, shop)
                if found is None:
                    continue
                change = round(value - before, 4)
                sums = {
                    by: round(sum(p["amount"] for p in found["parts"][by]), 4)
                    for by in found["parts"]
                }
                assert sums == pytest.approx(dict.fromkeys(sums, change), abs=1e-3)
                view.choose(f"period={period}&against={against}&shop={shop}")
                shown = float(view.facts("#why [data-change]")[0]["change"])
                parts = view.facts("#why td[data-value]")
                assert shown == pytest.approx(change, abs=1e-3)
                assert sum(float(part["value"]) for part in parts) == pytest.approx(
                    change, abs=1e-3
                )
                seen += 1
    assert seen > 20
    view.close()


def test_the_page_asks_for_nothing_and_runs_nothing_else(browser: Browser, demo_shop: Shop) -> None:
    view = View(browser, _file(demo_shop))
    for period in _PERIODS:
        view.choose(f"period={period}&lang=en")
        view.page.hover("#trend .chart")
        view.page.mouse.move(600, 700)
        view.page.hover("#trend .chart", position={"x": 200, "y": 120})
    assert view.page.inner_text("#trend .chart").count("this year") == 1
    assert view.page.evaluate("violations") == [] and view.problems == []
    assert view.requests == [_file(demo_shop).resolve().as_uri()]
    injected = """() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src='https://shop.example/a.png' onerror='window.ran = true'>");
        document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>x</p>");
        return fetch("https://shop.example/").then(() => "fetched", () => "blocked");
    }"""
    assert view.page.evaluate(injected) == "blocked"
    assert view.page.evaluate("window.ran") is None
    assert len(set(view.page.evaluate("violations"))) >= 4
    assert [url for url in view.requests if url.startswith("http")] == []
    view.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible_and_fits(
    browser: Browser, demo_shop: Shop, scheme: str, width: int
) -> None:
    view = View(browser, _file(demo_shop), width=width, scheme=scheme)
    for language in ("zh", "en"):
        for period in _PERIODS:
            view.choose(f"lang={language}&period={period}")
            wide = view.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{language} {period}: {wide} pixels too wide"
        rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
        found = Axe().run(view.page, options=rules).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    view.close()


def test_languages_do_not_mix_but_for_words_of_the_data(browser: Browser, demo_shop: Shop) -> None:
    data = _data(_file(demo_shop))
    words = {
        text
        for span in data["spans"].values()
        for row in (*span["products"], *span["refund_reasons"])
        if (text := row.get("name") or row.get("reason"))
    }
    words |= {row["promotion_name"] for row in data["promotions"]}
    words |= {row["product_name"] for row in data["stock"]["products"]}
    words |= {goal["owners"] for goal in data["goals"]} | {"中文"}
    words |= {alert["owner"] for alert in data["alerts"]["recent"]}
    words |= {risk["owner"] for risk in data["risks"]}
    words |= {one["owner"] for goal in data["goals"] for one in goal["milestones"]}
    texts = """() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
        while (walker.nextNode()) {
            if (!walker.currentNode.parentElement.closest("script, style, code")) found.push(walker.currentNode.data.trim());
        }
        return found.filter(Boolean);
    }"""
    view = View(browser, _file(demo_shop))
    for period in _PERIODS:
        view.choose(f"lang=en&period={period}")
        strange = {text for text in view.page.evaluate(texts) if _HAN.search(text)}
        for word in words:
            strange = {left for text in strange if _HAN.search(left := text.replace(word, ""))}
        assert strange == set()
        view.choose(f"lang=zh&period={period}")
        english = {
            text
            for text in view.page.evaluate(texts)
            if re.search(r"[A-Za-z]{3}", text) and not _HAN.search(text) and text not in words
        }
        assert {text for text in english if text not in ("English",)} - {"ROAS"} == set()
    view.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_prints_on_four_sheets(browser: Browser, demo_shop: Shop, language: str) -> None:
    view = View(browser, _file(demo_shop), f"lang={language}&period=month")
    pdf = view.page.pdf(format="A4", print_background=True)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4
    view.close()


def test_an_unknown_figure_has_its_reason(browser: Browser, demo_shop: Shop) -> None:
    view = View(browser, _file(demo_shop), "lang=en&shop=pdd_store")
    cards = dict(
        view.page.eval_on_selector_all(
            ".kpi",
            "(cards) => cards.map((card) => [card.querySelector('h3').textContent, card.innerText])",
        )
    )
    assert "measured for all shops only" in cards["Ad cost ratio"]
    assert "lacks the data" in cards["Pay conversion"]
    assert "no buyer is identified" in cards["Buyers"]
    view.close()


def test_old_data_are_called_old_by_the_clock_of_the_reader(
    browser: Browser, demo_shop: Shop
) -> None:
    until = datetime.fromisoformat(_data(_file(demo_shop))["shop"]["data_until_on"])
    fresh, old = (
        View(
            browser,
            _file(demo_shop),
            now=(until + timedelta(days=days, hours=4)).replace(tzinfo=UTC),
        )
        for days in (1, 9)
    )
    assert fresh.page.locator(".band").count() == 0
    assert "9" in old.page.locator(".band").first.inner_text()
    fresh.close()
    old.close()


def test_figures_stand_there_without_scripts(browser: Browser, demo_shop: Shop) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(_file(demo_shop).resolve().as_uri())
    marts, data = Marts(demo_shop.released), _data(_file(demo_shop))
    until = datetime.fromisoformat(data["shop"]["data_until_on"]).date()
    value = marts.values["net_sales", "all", "day", until]
    assert value is not None
    assert page.locator(".kpi").count() == 8
    assert figure_text(value, "currency", "zh") in page.locator(".kpi").first.inner_text()
    context.close()


def _changed(shop: Shop, folder: Path, *statements: str) -> Path:
    """The page of a copy of a release with other rows."""
    file = folder / "shop360.duckdb"
    shutil.copyfile(shop.released, file)
    with duckdb.connect(str(file)) as con:
        for statement in statements:
            con.execute(statement)
    page = folder / "page.html"
    page.write_text(checked_page(file, "gen-1", _THEN, Page()), encoding="utf-8")
    return page


def test_numbers_are_printed_as_readers_write_them(
    browser: Browser, demo_shop: Shop, tmp_path: Path
) -> None:
    """Literal texts: an oracle that computes them could share a mistake with the page."""
    expected = {
        "net_sales": (19_970.4, "¥2.00万", "¥20.0K"),
        "gmv_pay": (123_456_789.1, "¥1.23亿", "¥123.46M"),
        "buyers": (9_999, "9,999", "9,999"),
        "aov_buyer": (-1_234.5, "−¥1,235", "−¥1,235"),
        "pay_cvr": (0.12345, "12.3%", "12.3%"),
        "new_customers": (1_234_567, "123.46万", "1.23M"),
        "refund_rate": (0, "0.0%", "0.0%"),
        "ad_cost_ratio": (1.5, "150.0%", "150.0%"),
    }
    file = _changed(
        demo_shop,
        tmp_path,
        *(
            f"update marts.kpi_values set value = {value}, coverage = 'ok' where kpi_code = '{kpi}'"
            for kpi, (value, *_) in expected.items()
        ),
    )
    for place, language in enumerate(("zh", "en"), start=1):
        view = View(browser, file, f"lang={language}")
        shown = {facts["kpi"]: facts["text"] for facts in view.facts(".kpi .value .figure")}
        assert shown == {kpi: texts[place] for kpi, texts in expected.items()}
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        if language == "zh":
            page.goto(file.as_uri())
            still = page.locator(".kpi .value").all_inner_texts()
            assert still == [texts[1] for texts in expected.values()]
        context.close()
        view.close()


def test_odd_shops_have_a_page(browser: Browser, demo_shop: Shop, tmp_path: Path) -> None:
    odd = {
        "markup": "update marts.order_lines set product_name = '</script><script>window.ran = 1</script><b>'",
        "phone": "update marts.order_lines set product_name = 'Call 13812345678'",
        "no_goals": "delete from marts.goal_progress",
        "no_risks": "delete from marts.risks",
        "no_milestones": "delete from marts.goal_milestones",
        "no_alerts": "delete from marts.kpi_alerts",
        "no_ads": "delete from marts.daily_marketing",
        "no_cohorts": "delete from marts.monthly_cohorts",
        "no_customers": "delete from marts.customer_map",
        "no_refunds": "delete from marts.refunds",
        "no_values": "update marts.kpi_values set value = null, coverage = 'not connected: erp.orders'",
        "no_weeks": "delete from marts.kpi_values where period <> 'day'",
        "one_day": """delete from marts.kpi_values
            where period <> 'day' or period_start_on < (select data_until_on from meta.shop)""",
        "part_week": """delete from marts.kpi_values
            where period = 'week' and period_end_on <= (select data_until_on from meta.shop)""",
        "one_shop": "delete from marts.kpi_values where shop_id not in ('all', 'own_store')",
    }
    for name, statement in odd.items():
        (tmp_path / name).mkdir()
        file = _changed(demo_shop, tmp_path / name, statement)
        assert "13812345678" not in file.read_text(encoding="utf-8")
        view = View(browser, file)
        for period in _PERIODS:
            view.choose(f"period={period}&lang=en")
            assert view.page.locator("#sources").count() == 1, (name, period, view.problems)
        assert view.problems == [], name
        assert view.page.evaluate("window.ran") is None
        view.close()


def test_a_page_of_many_shops_stays_small(
    browser: Browser, demo_shop: Shop, tmp_path: Path
) -> None:
    more = [
        f"""insert into marts.{mart} select * exclude (n) replace (shop_id || n as shop_id)
            from marts.{mart} cross join range(8) as copies (n) where shop_id <> 'all'"""
        for mart in ("kpi_values", "kpi_comparisons", "net_sales_changes")
    ]
    file = _changed(demo_shop, tmp_path, *more)
    shops = _data(file)["shops"]
    assert 3 <= len(shops) <= 13 and file.stat().st_size <= 1_500_000
    view = View(browser, file, "lang=en")
    assert f"{46 - len(shops)} more shops" in view.page.inner_text("#shops")
    assert view.problems == []
    view.close()


def test_a_page_that_contradicts_the_marts_is_refused(
    demo_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.page import write

    real = write.page_data

    def wrong(*given: object) -> dict:
        data = real(*given)  # ty: ignore[invalid-argument-type]
        data["latest"]["complete"]["day"]["all"]["net_sales"]["value"] += 1
        return data

    monkeypatch.setattr(write, "page_data", wrong)
    with pytest.raises(PageProblem, match=r"net_sales of .* on the page"):
        checked_page(demo_shop.released, "gen-1", _THEN, Page())
    write.write_page(demo_shop.released, tmp_path, "gen-1", Page())
    assert "net_sales" in (write.problem(tmp_path) or "")


def test_the_same_release_has_the_same_page(demo_shop: Shop) -> None:
    pages = [checked_page(demo_shop.released, "gen-1", _THEN, Page()) for _ in range(2)]
    assert pages[0] == pages[1]
    assert len(pages[0].encode()) <= 1_200_000


def test_the_charts_are_the_build_of_the_recipe() -> None:
    recipe = json.loads((ASSETS.parents[2] / "tools" / "echarts" / "package.json").read_text())
    built = (ASSETS / "echarts.min.js").read_bytes()
    assert sha256(built).hexdigest() == recipe["sha256"]
    assert b"Apache License" in (ASSETS / "echarts.LICENSE.txt").read_bytes()


def test_the_command_copies_the_page(demo_shop: Shop, tmp_path: Path) -> None:
    shown = demo_shop.cli("page", "--to", tmp_path / "shared")
    assert shown.returncode == 0, shown.stderr
    copy = Path(shown.stdout.strip().replace("\n", ""))
    assert (
        copy.name.startswith("camellia-2026") and copy.read_bytes() == _file(demo_shop).read_bytes()
    )


def test_a_release_without_its_page_says_so(demo_shop: Shop, tmp_path: Path) -> None:
    shop = demo_shop.copy(tmp_path / "home")
    with duckdb.connect(str(shop.home / "private" / "warehouse.duckdb")) as con:
        con.execute("drop table meta.shop")
    released = shop.cli("release")
    assert released.returncode == 1 and "no report page" in released.stderr
    assert shop.ask("select count(*) from marts.orders") != [(0,)]
    shown = shop.cli("page")
    assert shown.returncode == 1 and "no report page" in shown.stderr
    assert shop.cli("rollback").returncode == 0
    assert shop.cli("page").returncode == 0
