"""Commands about GBIF: sync, import, snapshots, diff. The download service has its own, in `gbif_downloads`."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from pipelines.cli.files import in_local_time
from pipelines.cli.talk import progress_bar, say, words
from pipelines.settings import Settings
from store.archive import Receipt

ORIGIN = "command"
RESUMED_WITHIN = timedelta(hours=1)  # what was fetched longer ago is fetched anew
SHOWN = 20
MARKS = {"new": "+", "changed": "~", "gone": "-"}


@click.pass_obj
def sync(settings: Settings) -> None:
    """Fetch what GBIF has for the region now, and load it; go on where a killed sync was."""
    from gbif.query import region_query
    from pipelines.fetching import sync_region
    from pipelines.running import prepare_home
    from store.region import read_region

    prepare_home(settings.home)
    region = read_region(settings.region_folder)
    left = _left_unjudged(settings, region_query(region).scope)
    if left is not None:
        say(settings, "gbif-sync-resumed", submission=left.submissionId)
        load_and_tell(settings, [left])
        return
    with progress_bar(settings, "progress-gbif-sync") as told:
        receipt, is_new = sync_region(
            settings.home, region, settings.gbif, lambda done, whole: told("", done, whole)
        )
    rule = "gbif-sync-done" if is_new else "gbif-sync-unchanged"
    say(settings, rule, records=receipt.reading["announced"], submission=receipt.submissionId)
    if is_new or not is_judged(settings, receipt):
        load_and_tell(settings, [receipt])


@click.pass_obj
def import_files(
    settings: Settings, files: Sequence[Path], known_since: datetime | None, replaces: str | None
) -> None:
    from assets.intake import take_gbif
    from pipelines.running import prepare_home

    prepare_home(settings.home)
    if replaces is not None and len(files) > 1:
        raise click.UsageError(words(settings, "gbif-replaces-one"))
    known_since = in_local_time(settings, known_since)
    former = find_snapshot(settings, replaces).submissionId if replaces else None
    taken: list[Receipt] = []
    try:
        for path in files:
            receipt, _ = take_gbif(
                settings.home, path, received_from=getpass.getuser(), origin=ORIGIN, known_since=known_since,
                replaces=former,
            )  # fmt: skip
            taken.append(receipt)
    finally:  # one file that cannot be used keeps no other out
        if taken:
            load_and_tell(settings, taken)


@click.pass_obj
def snapshots(settings: Settings) -> None:
    """Show what was received from GBIF, oldest first, and what each snapshot changed."""
    from gbif.changes import snapshot_counts
    from gbif.snapshots import snapshots as received
    from store.warehouse import open_warehouse

    settings.home.must_exist()
    receipts = received(settings.home)
    if not receipts:
        say(settings, "snapshots-none")
        return
    with open_warehouse(settings.home, settings.lock_wait_in_seconds) as connection:
        counted = snapshot_counts(connection)
    for receipt in receipts:
        counts = counted.get(receipt.submissionId)
        rule = (
            "snapshot-waits"
            if counts is None
            else "snapshot-compared"
            if receipt.replaces
            else "snapshot-line"
        )
        say(
            settings, rule, submission=receipt.submissionId, day=receipt.knownSince[:10], file=receipt.fileName,
            doi=_doi(receipt), **(counts or {}),
        )  # fmt: skip


@click.pass_obj
def diff(settings: Settings, former: str, latter: str, csv_out: Path | None) -> None:
    """Show in which records two files differ: all of them in a CSV file, the first ones here."""
    from gbif.loading import compare_gbif

    settings.home.must_exist()
    sides = find_snapshot(settings, former), find_snapshot(settings, latter)
    found = compare_gbif(settings.home, *sides)
    counts = {kind: sum(change == kind for _, change, _ in found) for kind in MARKS}
    say(settings, "gbif-diff-counts", former=sides[0].submissionId, latter=sides[1].submissionId, **counts)
    if csv_out is not None:
        from reports.excel_csv import write_excel_csv

        rows = ((identity, change, " ".join(fields)) for identity, change, fields in found)
        write_excel_csv(("gbifID", "变化 change", "字段 fields"), rows, csv_out)
        say(settings, "gbif-diff-written", count=len(found), file=csv_out)
        return
    for identity, change, fields in found[:SHOWN]:
        click.echo(f"{MARKS[change]} {identity}  {' '.join(fields)}".rstrip())
    if len(found) > SHOWN:
        say(settings, "gbif-diff-more", shown=SHOWN)


def load_and_tell(settings: Settings, taken: Sequence[Receipt]) -> None:
    """Load what was received, judge all records again, and tell the totals of each file."""
    from gbif.changes import snapshot_counts
    from pipelines.running import load_gbif_files
    from store.warehouse import open_warehouse

    with progress_bar(settings, "progress-judging") as progress:
        load_gbif_files(settings, progress)
    with open_warehouse(settings.home, settings.lock_wait_in_seconds) as connection:
        counted = snapshot_counts(connection)
        for receipt in taken:
            row = connection.execute(
                "SELECT rowsRead, accepted, quarantined, rejected FROM out_source WHERE submissionId = ?",
                [receipt.submissionId],
            ).fetchone()
            read, accepted, quarantined, rejected = row or (0, 0, 0, 0)
            say(
                settings, "gbif-totals",
                file=receipt.fileName, read=read, accepted=accepted, quarantined=quarantined, rejected=rejected,
            )  # fmt: skip
            if receipt.replaces and receipt.submissionId in counted:
                say(settings, "gbif-compared", former=receipt.replaces, **counted[receipt.submissionId])


def is_judged(settings: Settings, receipt: Receipt) -> bool:
    """Whether a file's records are loaded and judged; a command killed in between leaves that to the next one."""
    from store.warehouse import open_warehouse

    with open_warehouse(settings.home, settings.lock_wait_in_seconds) as connection:
        known = "SELECT 1 FROM out_source WHERE submissionId = ?"
        return connection.execute(known, [receipt.submissionId]).fetchone() is not None


def _left_unjudged(settings: Settings, scope: str) -> Receipt | None:
    """A snapshot fetched just now and not yet judged: a sync was killed between the two."""
    from gbif.snapshots import last_snapshot

    last = last_snapshot(settings.home, scope)
    if last is None or datetime.now(UTC) - datetime.fromisoformat(last.receivedAt) > RESUMED_WITHIN:
        return None
    return None if is_judged(settings, last) else last


def find_snapshot(settings: Settings, given: str) -> Receipt:
    """The one GBIF file that an id, its beginning, or a file name stands for."""
    from gbif.errors import GbifError
    from gbif.snapshots import snapshots as received

    receipts = received(settings.home)
    exact = [receipt for receipt in receipts if given in (receipt.submissionId, receipt.fileName)]
    found = exact or [receipt for receipt in receipts if receipt.submissionId.startswith(given)]
    if len(found) != 1:
        raise GbifError("error-replaces-unknown", replaces=given)
    return found[0]


def _doi(receipt: Receipt) -> str:
    dois = [
        said["doi"] for said in receipt.reading.get("citations", []) if not said["datasetKey"] and said["doi"]
    ]
    return f"doi:{dois[0]}" if dois else ""
