"""Opens the report page in a real Chromium, and says what each printed figure should be, from the marts alone."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
# Without these, Chromium calls its maker at each start.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_VIOLATIONS = "window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, or a skip where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: install Debian's package chromium to test the report page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *_QUIET]
        )
        try:
            yield browser
        finally:
            browser.close()


class View:
    """One opened page with what it asked for and what went wrong."""

    def __init__(
        self,
        browser: Browser,
        file: Path,
        chosen: str = "",
        *,
        width: int = 1440,
        scheme: Any = "light",
        now: datetime | None = None,
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", self._forget_blocked)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.problems.append(message.text) if message.type == "error" else None,
        )
        self.page.add_init_script(_VIOLATIONS)
        if now:
            self.page.clock.set_fixed_time(now)
        self.page.goto(f"{file.resolve().as_uri()}#{chosen}")

    def _forget_blocked(self, request: Request) -> None:
        """A request that the policy of the page stopped was never sent."""
        if "csp" in (request.failure or "").lower():
            self.requests.remove(request.url)

    def choose(self, chosen: str) -> None:
        """Go to another state of the page, as a link to it does."""
        self.page.evaluate("(chosen) => { location.hash = chosen }", chosen)
        self.page.wait_for_timeout(50)

    def facts(self, selector: str) -> list[dict[str, str]]:
        """The data attributes and the text of the elements."""
        return self.page.eval_on_selector_all(
            selector,
            "(found) => found.map((element) => ({...element.dataset, text: element.firstChild.textContent}))",
        )

    def close(self) -> None:
        """Close it."""
        self.context.close()


class Marts:
    """The figures of a release by KPI, shop, period and first day."""

    def __init__(self, released: Path) -> None:
        with duckdb.connect(str(released), read_only=True) as con:
            self.values = {
                tuple(row[:4]): row[4]
                for row in con.execute(
                    """select kpi_code, shop_id, period, period_start_on, value from marts.kpi_values
                       where dimension = 'all'"""
                ).fetchall()
            }
            self.compared = {
                tuple(row[:4]): {
                    "previous": row[4:6],
                    "year_ago": row[6:8],
                    "festival": row[8:10],
                }
                for row in con.execute(
                    """select kpi_code, shop_id, period, period_start_on, previous_start_on, previous_value,
                           year_ago_start_on, year_ago_value, festival_twin_on, festival_twin_value
                       from marts.kpi_comparisons where dimension = 'all'"""
                ).fetchall()
            }
            self.units = dict(
                con.execute("select kpi_code, unit from meta.kpi_catalogue").fetchall()
            )

    def figure(self, facts: dict[str, str]) -> float | None:
        """The value that a printed figure names."""
        start = date.fromisoformat(facts["start"])
        return self.values[facts["kpi"], facts["shop"], facts["period"], start]

    def earlier(self, facts: dict[str, str]) -> Sequence[Any]:
        """The day and the value that a printed change compares with."""
        start = date.fromisoformat(facts["start"])
        return self.compared[facts["kpi"], facts["shop"], facts["period"], start][facts["against"]]


def _digits(size: float, count: int) -> str:
    """A number with so many digits; a half of its shortest decimal form is rounded up, as browsers do."""
    step = Decimal(1).scaleb(-count)
    return f"{Decimal(repr(float(size))).quantize(step, ROUND_HALF_UP):,}"


def figure_text(value: float, unit: str, language: str) -> str:
    """A figure as the page should print it, in yuan where it is money."""
    sign, size = ("\u2212" if value < 0 else ""), abs(value)
    if unit == "rate":
        return f"{sign}{_digits(size * 100, 1)}%"
    if unit == "ratio":
        return f"{sign}{_digits(size, 2)}"
    if unit == "currency" and size < 1000:
        return f"{sign}¥{_digits(size, 2)}"
    if language == "zh" and size >= 100_000_000:
        text = _digits(size / 100_000_000, 2) + "亿"
    elif language == "zh" and size >= 10_000:
        text = _digits(size / 10_000, 2) + "万"
    elif language == "en" and size >= 1_000_000_000:
        text = _digits(size / 1_000_000_000, 2) + "B"
    elif language == "en" and size >= 1_000_000:
        text = _digits(size / 1_000_000, 2) + "M"
    elif language == "en" and size >= 10_000:
        text = _digits(size / 1_000, 1) + "K"
    else:
        text = _digits(size, 0)
    return sign + ("¥" if unit == "currency" else "") + text


def change_text(value: float, before: float, unit: str, language: str) -> str | None:
    """A change as the page should print it; None where none can be stated."""
    if unit == "rate":
        change, ending = (value - before) * 100, {"zh": " 点", "en": " pt"}[language]
    elif before == 0:
        return None
    else:
        change, ending = (value - before) / abs(before) * 100, "%"
    text = _digits(abs(change), 1)
    arrow = "＝" if float(text.replace(",", "")) == 0 else "▲" if change > 0 else "▼"
    return f"{arrow} {text}{ending}"
