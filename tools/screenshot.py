"""`python -m tools.screenshot`: the picture of the report page in the README, from the released demo shop.

Needs a Chromium on the path. The picture shows the top of the page in English and in Chinese.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from orchestration.config.settings import load_settings

_PICTURES = Path(__file__).parents[1] / "docs"
_WIDTH, _HEIGHT = 1280, 1010


def main() -> None:
    """Open the page of a home and write `docs/page_<language>.png`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="home of the demo shop; default: data")
    page_file = load_settings(parser.parse_args().home).page
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not page_file.exists():
        raise SystemExit(f"needs a Chromium on the path and {page_file}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        for language in ("en", "zh"):
            page = browser.new_page(
                viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light"
            )
            # On the day after its last one, the data are fresh.
            page.clock.set_fixed_time("2026-11-01T03:00:00Z")
            page.goto(f"{page_file.resolve().as_uri()}#lang={language}")
            page.screenshot(path=_PICTURES / f"page_{language}.png")
        browser.close()


if __name__ == "__main__":
    main()
