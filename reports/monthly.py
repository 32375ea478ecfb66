"""The monthly monitoring report: warnings first, then what is new, the sites, the quality, the sources."""

from __future__ import annotations

import calendar
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from reports import charts, queries
from reports.maps import map_layers
from reports.page import charts_and_maps, render
from reports.quality_page import test_text
from reports.queries import Row, rows
from reports.species_page import anchor
from store.catalogue import Language
from store.region import Region
from store.warehouse import load_spatial

MONTHS_SHOWN = 36
NAMES_SHOWN = 20
CHANGES_SHOWN = 20
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def write_report(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    report_date: date,
    path: Path,
    *,
    species_page: str = "",
    quality_page: str = "",
    species_with_page: frozenset[str] = frozenset(),
    invented: bool = False,
) -> None:
    """Write the report of the month of `report_date` from the core_ and out_ tables.

    The same tables give the same bytes. `species_page` and `quality_page` are the files of those pages,
    `species_with_page` who has one there; `invented` puts a banner on top that says so.
    """
    load_spatial(connection)
    month = f"{report_date:%Y-%m}"
    periods = queries.months_shown(report_date, MONTHS_SHOWN)
    shown = {"first": periods[0], "last": periods[-1]}
    month_end = report_date.replace(day=calendar.monthrange(report_date.year, report_date.month)[1])
    species = queries.warned_species(connection)
    by_month = {row["placeID"]: row for row in rows(connection, queries.INDICATORS, {"period": month})}
    by_year = rows(connection, queries.INDICATORS, {"period": f"{report_date:%Y}"})
    sites = [row for row in by_year if row["placeKind"] == "site"]
    sources = rows(connection, queries.SOURCES)
    months = rows(connection, queries.REGION_BY_MONTH, shown)
    invasive = rows(connection, queries.INVASIVE_BY_MONTH, shown)
    places = rows(connection, queries.PLACES)
    content: dict[str, Any] = {
        "region": region,
        "day": report_date,
        "month": month,
        "invented": invented,
        "species": species,
        "warning_count": sum(len(entry["warnings"]) for entry in species),
        "totals": rows(connection, queries.TOTALS)[0],
        "region_month": by_month.get(region.id),
        "by_month": by_month,
        "by_year": by_year,
        "new_species": rows(
            connection, queries.NEW_SPECIES, {"start": report_date.replace(day=1), "end": month_end}
        ),
        "new_files": [row for row in sources if f"{row['knownSince']:%Y-%m}" == month],
        "invasive_species": rows(connection, queries.INVASIVE_SPECIES),
        "sources": sources,
        "citations": rows(connection, queries.CITATIONS),
        "flags": [row | {"text": test_text(row["test"])} for row in rows(connection, queries.FLAGS)],
        "approximate": any(place["approximate"] for place in places),
        "default_language": region.languages[0],
        "species_page": species_page,
        "quality_page": quality_page,
        "pages": {name: f"{species_page}#{anchor(name)}" for name in species_with_page},
        **_names(connection, species),
    }  # fmt: skip
    data = {
        "figures": {
            language: {
                "records": charts.as_json(charts.records_by_month(months, periods, language)),
                "sites": charts.as_json(charts.species_by_site(sites, language)),
                "invasive": charts.as_json(charts.invasive_by_month(invasive, periods, language)),
            }
            for language in LANGUAGES
        },
        "map": map_layers(
            places, species, rows(connection, queries.INVASIVE_CELLS, {"year": report_date.year - 1})
        ),
    }
    page = render("monthly.html.j2", content | charts_and_maps(data))
    path.write_text(page, encoding="utf-8", newline="\n")


def _names(connection: duckdb.DuckDBPyConnection, species: list[Row]) -> dict[str, Any]:
    """Names that wait, how many records lead to a taxon, and what changed since the last generation."""
    open_warnings = {warning["warningId"] for entry in species for warning in entry["warnings"]}
    waiting = rows(connection, queries.NAMES_WAITING, {"shown": NAMES_SHOWN})
    changes = rows(connection, queries.NAME_CHANGES, {"shown": CHANGES_SHOWN})
    return {
        "waiting": [
            row | {key: json.loads(row[key]) for key in ("reasons", "candidates")} for row in waiting
        ],
        "waiting_in_all": rows(connection, queries.NAMES_WAITING_IN_ALL)[0],
        "coverage": rows(connection, queries.NAME_COVERAGE),
        "changes": changes,
        "ended": [
            notice for notice in rows(connection, queries.NOTICES) if notice["warningId"] not in open_warnings
        ],
    }
