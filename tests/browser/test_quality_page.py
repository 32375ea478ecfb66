"""The quality page as people open it: from a file, with no network, on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from reports.quality_page import write_quality_page
from store.region import read_region
from store.warehouse import open_in_memory
from tests.conftest import write_region
from tests.reports.test_quality_page import DAY, judge

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quality")
    region = read_region(write_region(folder / "testville"))
    with open_in_memory() as connection:
        judge(connection, region)
        write_quality_page(connection, region, DAY, folder / "quality.html", report="report.html")
    return folder / "quality.html"


@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_with_no_network_speaks_both_languages_and_fits_the_screen(
    browser: Browser, file: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="试验市数据质量")).to_be_visible()
    page.click("#language")
    expect(page.get_by_role("heading", name="What failed most")).to_be_visible()
    expect(page.get_by_role("heading", name="哪些不合格最多")).to_be_hidden()
    assert asked == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "run" not in page.title()
    page.close()


def test_what_failed_leads_to_its_rows(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    page.click('a[href="#VALIDATION_EVENTDATE_STANDARD"]')
    rows = page.locator("#VALIDATION_EVENTDATE_STANDARD")
    rows.locator("summary").click()
    expect(rows.get_by_text("调查.xlsx · 样方表")).to_be_visible()
    page.close()
