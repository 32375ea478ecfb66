"""The species pages as people open them: from a file, with no network, on a desk and on a phone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from monitoring.sites import build_sites
from reports.species_page import write_species_page
from store.region import read_region
from store.warehouse import open_in_memory
from tests.browser.test_problem_page import CONTRAST
from tests.conftest import ROOT

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 800), (390, 800)
SPECIES = 800
HOSTILE = "<img src=x onerror=\"document.title='run'\">"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight hundred species with forty cells each; every tenth invasive, one of them with a hostile name."""
    path = tmp_path_factory.mktemp("species") / "species.html"
    region = read_region(ROOT / "regions" / "datong")
    with open_in_memory() as connection:
        build_sites(connection, region)
        connection.execute(f"CREATE TEMP TABLE number AS SELECT range AS n FROM range({SPECIES})")
        connection.execute(
            "INSERT INTO core_taxon (taxonID, scientificName, canonicalName, speciesName, taxonRank, nameSource, "
            "vernacularNameZh) SELECT 't' || n, name || ' L.', name, name, 'species', 'list', '种' || n "
            "FROM (SELECT n, 'Genus species' || chr((97 + n // 26)::INT) || chr((97 + n % 26)::INT) AS name FROM number)"
        )
        connection.execute(
            "INSERT INTO core_name (nameKey, name, nameKind, taxonID, nameSource) "
            "SELECT lower(canonicalName), canonicalName, 'accepted', taxonID, 'list' FROM core_taxon "
            "UNION ALL SELECT 'former', 'Olim dictus', 'synonym', 't3', 'list' UNION ALL SELECT 'x', $name, 'vernacular', "
            "'t3', 'list'", {"name": HOSTILE},
        )  # fmt: skip
        connection.execute(
            "INSERT INTO out_species_status (taxonID, speciesName, scientificName, status, establishmentMeans, "
            "officiallyListed, listIDs, knownEstablished, sureness, source) SELECT taxonID, speciesName, scientificName, "
            "CASE WHEN ends_with(taxonID, '0') THEN 'invasive' ELSE 'unknown' END, 'uncertain', ends_with(taxonID, '0'), "
            "[], false, 'unconfirmed', 'x' FROM core_taxon"
        )
        connection.execute(
            "INSERT INTO core_name_source VALUES ('list', 'list', '2026', '名录', 'A list', $name, 'CC0', 1, 1, 1, 0)",
            {"name": HOSTILE},
        )
        connection.execute(
            "INSERT INTO core_statement VALUES ('t3', 'list', 'CN', 4, 'establishmentMeans', 'introduced', "
            "DATE '2023-01-01', NULL, 'wild', 'unconfirmed', NULL, 'x')"
        )
        connection.execute(
            "INSERT INTO core_record (rowId, recordId, source, submissionId, line, firstSeen, occurrenceStatus, taxonID, "
            "matchType, withinRegion, siteIDs, eventDateStart, eventDateEnd, year, month) SELECT n, 'r' || n, 'survey', 's', "
            "1, TIMESTAMP '2026-06-01', 'detected', 't' || n, 'EXACT', true, [], DATE '2026-05-01', DATE '2026-05-01', 2026, 5 "
            "FROM number"
        )
        connection.execute(
            "INSERT INTO out_cube SELECT 't' || n, '1kmE' || (10880 + cell * 3)::INT || 'N' || (4700 + n % 30)::INT, 2026, 5, "
            "'survey', 2, NULL FROM number, range(40) AS cells(cell)"
        )
        write_species_page(connection, region, date(2026, 6, 30), path, report="report.html", invented=True)
    return path


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(pages: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(pages.resolve().as_uri())
    page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
    yield page
    assert complaints == []
    context.close()


def choose(page: Page, text: str) -> None:
    page.get_by_role("searchbox").fill(text)
    page.locator("#list a:visible").first.click()
    page.wait_for_selector("html[data-species]")


def test_a_species_is_found_by_a_former_name_and_shows_what_is_known_of_it(page: Page) -> None:
    choose(page, "olim dictus")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Genus speciesad L.")
    article = page.locator("#page")
    expect(article.locator("td", has_text="Olim dictus")).to_be_visible()
    expect(article.get_by_text("未知不等于本土")).to_be_visible()
    expect(article.get_by_text("仅指野生个体")).to_be_visible()
    expect(article.get_by_text("2023-01-01")).to_be_visible()
    assert page.locator("#map path.leaflet-interactive").count() >= 40
    expect(article.get_by_text("CC0")).to_be_visible()


def test_nothing_from_the_data_runs(page: Page) -> None:
    choose(page, "olim dictus")
    expect(page.locator("#page td", has_text="<img src=x")).to_be_visible()
    assert page.title() != "run"
    assert page.locator("#page img").count() == 0


def test_eight_hundred_species_open_quickly(pages: Path, browser: Browser) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    begun = time.monotonic()
    page.goto(pages.resolve().as_uri() + "#Genus-speciesad")
    page.wait_for_selector("html[data-species=Genus-speciesad]")
    assert time.monotonic() - begun < 5
    assert page.locator("#list a").count() == SPECIES
    assert pages.stat().st_size < 6_000_000
    context.close()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    choose(page, "olim dictus")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_changes_its_language_whole(page: Page) -> None:
    choose(page, "olim dictus")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Species of Datong", use_inner_text=True)
    assert page.evaluate(
        "[...document.querySelectorAll('[lang=zh]')].every(node => node.offsetParent === null)"
    )
    expect(page.get_by_text("unknown is not native")).to_be_visible()


def test_a_species_can_be_chosen_with_the_keyboard(page: Page) -> None:
    page.locator("#list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-species]")
    assert page.locator("#list a[aria-current]").count() == 1


def test_every_text_stands_out_from_its_background(page: Page) -> None:
    choose(page, "olim dictus")
    assert page.evaluate(CONTRAST) >= 4.5
