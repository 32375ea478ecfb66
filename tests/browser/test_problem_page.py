"""The problem report as people open it: from a file, with no network, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from monitoring.inspection import inspect_survey
from reports.problems.as_html import write_problem_page
from store.region import read_region
from tests.conftest import ROOT

# The least contrast (WCAG 2) between a visible text and the nearest background that is painted.
CONTRAST = """() => {
    const rgb = (text) => text.match(/[0-9.]+/g).map(Number);
    const light = (colour) => colour.slice(0, 3)
        .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const painted = (node) => {
        for (; node; node = node.parentElement) {
            const colour = rgb(getComputedStyle(node).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const texts = [...document.querySelectorAll("body *")].filter((node) => node.offsetParent
        && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
    return Math.min(...texts.map((node) => {
        const pair = [light(rgb(getComputedStyle(node).color)), light(painted(node))];
        return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    }));
}"""
pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 800), (390, 800)
SURVEY = """日期,中文名,数量,经度,纬度,地点,"</script><script>document.title='run'</script>"
2026-06-03,榆树,3,113.30,40.0767,文瀛湖公园,
6月31日,<script>document.title="run"</script>,若干,113.30,40.0767,文瀛湖公园,'"><b>
2026-06-03,榆‮树​,250000,113.30,40.0767,文瀛湖公园,&lt;
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    source = folder / "调查.csv"
    source.write_text(SURVEY, encoding="utf-8")
    region = read_region(ROOT / "regions" / "datong")
    with inspect_survey(source, source.name, region, date(2026, 6, 30), folder / "scratch") as found:
        write_problem_page(found, folder / "page.html", "zh")
    return folder / "page.html"


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(report: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.resolve().as_uri())
    yield page
    assert complaints == []
    assert asked == [report.resolve().as_uri()]
    context.close()


def shown(page: Page) -> list[str | None]:
    cards = page.locator("article:visible")
    return [cards.nth(number).get_attribute("data-severity") for number in range(cards.count())]


def test_nothing_from_the_file_runs(page: Page) -> None:
    assert "调查.csv" in page.title()
    expect(page.get_by_text('<script>document.title="run"</script>').first).to_be_visible()
    expect(page.get_by_text("</script><script>document.title='run'</script>").first).to_be_visible()
    expect(page.get_by_text("榆‹U+202E›树‹U+200B›").first).to_be_visible()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_problems_can_be_chosen_by_severity_and_by_rule(page: Page) -> None:
    assert {"error", "warning", "info"} == set(shown(page))
    page.get_by_role("checkbox").first.uncheck()
    assert "error" not in shown(page) and "warning" in shown(page)
    page.get_by_role("combobox").select_option("PARKWATCH_COUNT_PROBABLE")
    assert shown(page) == ["warning"]
    page.get_by_role("combobox").select_option("VALIDATION_EVENTDATE_STANDARD")
    assert shown(page) == []
    expect(page.locator("#shown")).to_contain_text("0 / ")


def test_problems_can_be_searched_in_either_language(page: Page) -> None:
    search = page.get_by_role("searchbox")
    search.fill("6月31日 date")
    assert shown(page) == ["error"]
    expect(page.get_by_role("link")).to_have_count(1)
    search.fill("")
    assert len(shown(page)) == page.locator("article").count()


def test_a_problem_at_a_glance_leads_to_its_card(page: Page) -> None:
    link = page.get_by_role("link").last
    link.click()
    expect(page.locator("article:target")).to_be_in_viewport()


def test_problems_of_the_file_come_first_and_headings_skip_no_level(page: Page) -> None:
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(node => Number(node.tagName[1]))"
    )
    assert levels[0] == 1 and all(later - former <= 1 for former, later in pairwise(levels))
    assert page.locator("article").first.get_attribute("data-rule") == "COLUMN_UNKNOWN"
    assert page.locator("th:not([scope])").count() == 0


def test_every_text_stands_out_from_its_background(page: Page) -> None:
    assert page.evaluate(CONTRAST) >= 4.5


def test_the_page_changes_its_language_whole(page: Page) -> None:
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Problem report of a survey file", use_inner_text=True
    )
    assert page.evaluate(
        "[...document.querySelectorAll('[lang=zh]')].every(node => node.offsetParent === null)"
    )
    assert page.locator("html").get_attribute("lang") == "en"


def test_rows_can_be_opened_with_the_keyboard(page: Page) -> None:
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open] td").first).to_be_visible()


def test_on_paper_every_row_is_open(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
