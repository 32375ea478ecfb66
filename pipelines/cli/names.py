"""The commands `names import` and `names list`: sources of names taken in, and what there is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipelines.cli.talk import say
from pipelines.settings import Settings

SOURCES = """
SELECT sourceID, version, kind, titleZh, titleEn, taxa, names, unresolved, license, citation
FROM core_name_source ORDER BY precedence
"""
UNRESOLVED = "SELECT sourceID, scientificName FROM core_name_unresolved ORDER BY ALL"
UNRESOLVED_SHOWN = 20


@click.pass_obj
def import_names(
    settings: Settings, files: Sequence[Path], source: str, profile: str | None, **said: str | None
) -> None:
    """Take files in as a new version of a source, and make the index anew."""
    from species.sources.importing import import_names as take_in
    from store.region import read_region

    region = read_region(settings.region_folder)
    home = settings.home.create()
    lists = [species_list.id for species_list in region.lists]
    stored, is_new = take_in(home, files, source, taken_ids=lists, profile=profile, **said)
    if not is_new:
        say(settings, "names-import-same", source=source, version=stored.source.version)
        return
    sources, lost = _sources(settings)
    (row,) = [each for each in sources if each[0] == source]
    say(
        settings,
        "names-imported",
        source=source,
        version=row[1],
        usages=stored.usages,
        taxa=row[5],
        names=row[6],
    )
    if row[7]:
        say(settings, "names-unresolved", count=row[7])
        for name in [name for lost_by, name in lost if lost_by == source][:UNRESOLVED_SHOWN]:
            say(settings, "names-unresolved-one", name=name)
    say(settings, "names-cited", license=row[8], citation=row[9])


@click.pass_obj
def list_names(settings: Settings) -> None:
    """Show every source of names: those of the region, then those imported, in order of precedence."""
    sources, _ = _sources(settings)
    for source, version, kind, title_zh, title_en, taxa, names, unresolved, license, citation in sources:
        click.secho(source, bold=True, nl=False)
        title = title_zh if settings.language == "zh" else title_en
        say(settings, f"names-source-{kind}", title=title, version=version)
        say(settings, "names-source-counts", taxa=taxa, names=names, unresolved=unresolved)
        say(settings, "names-cited", license=license, citation=citation)
    sys.stdout.flush()


def _sources(settings: Settings) -> tuple[list[tuple[str, ...]], list[tuple[str, str]]]:
    """Every source, and the names of sources that lead nowhere."""
    from species.index.build import build_index
    from store.region import read_region
    from store.warehouse import open_in_memory

    home = settings.home if settings.home.archive.is_dir() else None
    with open_in_memory() as connection:
        build_index(connection, read_region(settings.region_folder), home)
        return connection.execute(SOURCES).fetchall(), connection.execute(UNRESOLVED).fetchall()
