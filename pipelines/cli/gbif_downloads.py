"""Commands about GBIF's download service: request, fetch."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.gbif import is_judged, load_and_tell
from pipelines.cli.talk import progress_bar, say
from pipelines.settings import Settings


@click.pass_obj
def request(settings: Settings, form: str, sql: Path | None) -> None:
    """Request the region's records, or a table by SQL; the account comes from the environment."""
    from pipelines.downloading import request_cube, request_region
    from pipelines.running import prepare_home
    from store.region import read_region

    prepare_home(settings.home)
    if sql is not None:
        key = request_cube(
            settings.home, settings.gbif, sql.read_text(encoding="utf-8-sig"), settings.gbif_email
        )
    else:
        region = read_region(settings.region_folder)
        key = request_region(settings.home, region, settings.gbif, form, settings.gbif_email)
    say(settings, "gbif-requested", key=key)


@click.pass_obj
def fetch(settings: Settings, key: str | None, no_wait: bool) -> None:
    """Fetch a download once it is ready, and load it; without a key, the one requested last."""
    from gbif.downloads import checked_key
    from pipelines.downloading import fetch_download, last_request
    from pipelines.running import prepare_home

    prepare_home(settings.home)
    key = last_request(settings.home) if key is None else checked_key(key)
    with progress_bar(settings, "progress-gbif-download") as told:
        receipt, is_new = fetch_download(
            settings.home, settings.gbif, key, wait=not no_wait,
            told=lambda status: told(status, 0, 1), progress=lambda done, whole: told("", done >> 10, whole >> 10),
        )  # fmt: skip
    rule = "gbif-fetched" if is_new else "gbif-fetched-before"
    say(settings, rule, key=key, records=receipt.reading["announced"], submission=receipt.submissionId)
    if receipt.kind == "gbif" and (is_new or not is_judged(settings, receipt)):
        load_and_tell(settings, [receipt])
