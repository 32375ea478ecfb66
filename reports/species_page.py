"""The species pages: one self-contained file in which every species recorded here has a page of its own.

Names, what is said of its status and by whom, where and when it was recorded, with which sources. The data stand in the
file once and are drawn when a species is opened. The same tables give the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from reports import queries, species_queries
from reports.maps import map_layers
from reports.page import maps, render
from reports.queries import Row, rows
from species.status.places import place_name, places_above
from species.status.vocabularies import QUESTIONS
from store.catalogue import catalogue
from store.region import Region
from store.warehouse import load_spatial

# Texts of the catalogues that the page shows once a species is opened, by the beginning of their rules.
WORDS = {
    "reports": ("place", "status-", "sureness", "species-page-", "level-", "kind-"),
    "species": ("question-", "answer-"),
}


def species_page_name(region: Region, day: date) -> str:
    return f"species-{region.id}-{day:%Y-%m}.html"


def anchor(species_name: str) -> str:
    """Where in the file a species has its page."""
    return species_name.replace(" ", "-")


def write_species_page(
    connection: duckdb.DuckDBPyConnection,
    region: Region,
    day: date,
    path: Path,
    *,
    report: str,
    invented: bool = False,
) -> frozenset[str]:
    """Write the pages from the core_ and out_ tables; returns the species that have one.

    `report` is the file name of the monthly report, to which they lead back.
    """
    load_spatial(connection)
    connection.execute(species_queries.CHOSEN, {"buffer": region.thresholds.bufferInKilometers})
    places = rows(connection, queries.PLACES)
    species = rows(connection, species_queries.SPECIES)
    wider = places_above(region.id, region)
    places_spoken_of = [*(place["placeID"] for place in places), *wider]
    names = {place["placeID"]: {"zh": place["nameZh"], "en": place["nameEn"]} for place in places}
    data = {
        "species": _species(connection, species, places_spoken_of),
        "sources": {
            source["sourceID"]: {key: source[key] for key in source if key != "sourceID"}
            for source in rows(connection, species_queries.SOURCES)
        },
        "places": {code: dict(zip(("zh", "en"), place_name(code, region), strict=True)) for code in wider}
        | names,
        "words": _words(),
        "map": map_layers(places, [], []),
    }
    content = {
        "region": region,
        "day": day,
        "report": report,
        "invented": invented,
        "species": [entry | {"anchor": anchor(entry["speciesName"])} for entry in species],
        "default_language": region.languages[0],
    }
    page = render("species.html.j2", content | maps(data, "species.js"))
    path.write_text(page, encoding="utf-8", newline="\n")
    return frozenset(entry["speciesName"] for entry in species)


def _species(
    connection: duckdb.DuckDBPyConnection, species: Iterable[Row], places: list[str]
) -> dict[str, dict[str, Any]]:
    """All that a page shows, by its anchor."""
    names = _by_species(rows(connection, species_queries.NAMES))
    asked = {"places": places, "questions": list(QUESTIONS)}
    statements = _by_species(rows(connection, species_queries.STATEMENTS, asked))
    months = _by_species(rows(connection, species_queries.MONTHS))
    cells = _by_species(rows(connection, species_queries.CELLS))
    warned = _by_species(rows(connection, species_queries.WARNED))
    return {
        anchor(entry["speciesName"]): entry
        | {
            "names": names[entry["speciesName"]],
            "statements": statements[entry["speciesName"]],
            "months": [list(row.values()) for row in months[entry["speciesName"]]],
            "cells": [list(row.values()) for row in cells[entry["speciesName"]]],
            "warnings": warned[entry["speciesName"]],
        }
        for entry in species
    }


def _by_species(found: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row.pop("speciesName")].append(row)
    return grouped


def _words() -> dict[str, dict[str, str]]:
    return {
        rule: {"zh": entry["zh"], "en": entry["en"]}
        for package, beginnings in WORDS.items()
        for rule, entry in catalogue(package).items()
        if rule.startswith(beginnings)
    }
