"""States: the names, lists and statuses of a region as they are or would be, each in a database of its own.

They are built to be compared (`changes`), with the names that records carry matched in each.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from species.decisions import name_decisions
from species.errors import ListError
from species.index.build import build_index
from species.matching.names import match_names
from species.sources.importing import stored_sources
from species.status.answers import build_status
from store.home import Home
from store.region import Region, SpeciesList
from store.warehouse import migrate

LIST_FORMATS = {".csv": "csv", ".zip": "dwca"}
Pairs = Sequence[tuple[str | None, str | None]]


def build_state(
    path: Path,
    region: Region,
    home: Home | None,
    pairs: Pairs,
    day: date,
    versions: Mapping[str, str] | None = None,
) -> None:
    """Write the state of a region as its lists, the imported sources and the decisions have it now.

    `versions`: which version of a source to use where it is not the newest.
    """
    with duckdb.connect(str(path)) as connection:
        migrate(connection, path)
        build_index(connection, region, home, versions=versions)
        build_status(connection, region, day, home)
        match_names(connection, pairs, name_decisions(home))


def with_list(region: Region, path: Path) -> Region:
    """The region with this file in place of the list it is a version of, known by its name; else with it alone.

    A list that belongs to none is taken for an official list of alien species: what it would do is seen at its worst.
    """
    if path.suffix.lower() not in LIST_FORMATS:
        raise ListError("error-list-kind", path=path)
    for listed in region.lists:
        if path.name.startswith(listed.path.stem) or path.stem.startswith(listed.id):
            replaced = dataclasses.replace(listed, path=path, format=LIST_FORMATS[path.suffix.lower()])
            lists = tuple(replaced if other is listed else other for other in region.lists)
            return dataclasses.replace(region, lists=lists)
    alone = SpeciesList(
        id=path.stem, kind="alien", path=path, title_zh=path.name, title_en=path.name, version="", citation=path.name,
        license="", format=LIST_FORMATS[path.suffix.lower()], official=True,
    )  # fmt: skip
    return dataclasses.replace(region, lists=(alone,))


def with_version(home: Home | None, text: str) -> dict[str, str]:
    """Which version of an imported source SOURCE or SOURCE@VERSION asks for; ListError where there is none."""
    source, _, version = text.partition("@")
    newest = {each.source.sourceID: each.source.version for each in stored_sources(home)} if home else {}
    asked = {source: version or newest.get(source, "")}
    found = stored_sources(home, asked) if home and source in newest else []
    if (source, asked[source]) not in {(each.source.sourceID, each.source.version) for each in found}:
        known = ", ".join(f"{one}@{its_version}" for one, its_version in newest.items())
        raise ListError("error-state-unknown", state=text, known=known or "—")
    return asked
