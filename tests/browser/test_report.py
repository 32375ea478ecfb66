"""The demo's report as people open it: from a file, with no network, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.demo import run_demo
from store.generations import current_generation
from store.home import Home
from tests.conftest import ROOT
from tests.running import settings_for

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 800), (390, 800)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("browser") / "home")
    run_demo(settings_for(home, ROOT / "regions" / "datong"))
    return next(current_generation(home).glob("report-*.html"))


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(report: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.resolve().as_uri())
    page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
    yield page
    assert complaints == []
    context.close()


def test_which_species_where_and_why_are_seen_without_scrolling(page: Page) -> None:
    expect(page.get_by_role("heading", name="黄花刺茄")).to_be_in_viewport()
    expect(page.get_by_text("大同市的第一条记录，观测于 2025-08-12")).to_be_in_viewport()
    expect(page.get_by_text("虚构演示数据").first).to_be_in_viewport()


def test_charts_and_map_are_drawn_without_a_network(page: Page) -> None:
    assert page.locator("#chart-records .main-svg").count() >= 1
    assert page.locator("#chart-sites .bars .point").count() > 20
    assert page.locator("#map path.leaflet-interactive").count() > 30


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_changes_its_language_whole(page: Page) -> None:
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Biodiversity monitoring report, Datong", use_inner_text=True
    )
    expect(page.get_by_text("First record in Datong, observed 2025-08-12.")).to_be_visible()
    hidden = page.evaluate(
        "[...document.querySelectorAll('[lang=zh]')].every(node => node.offsetParent === null)"
    )
    assert hidden
    assert "species" in page.locator("#chart-records").inner_text()


def test_a_species_has_a_page_that_leads_back(page: Page, report: Path) -> None:
    page.get_by_role("heading", name="黄花刺茄").get_by_role("link").click()
    page.wait_for_selector("html[data-species=Solanum-rostratum]", timeout=30_000)
    expect(page.get_by_role("heading", level=2)).to_contain_text("Solanum rostratum")
    page.get_by_role("link", name="返回月报").click()
    page.wait_for_selector("#chart-records .main-svg", timeout=30_000)
    assert page.url == report.resolve().as_uri()


def test_the_evidence_can_be_opened_with_the_keyboard(page: Page) -> None:
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open] td").first).to_be_visible()
