"""Sensors: files appearing in the inbox are taken in; failed runs are told."""

import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from dagster import RunFailureSensorContext, SensorEvaluationContext

from assets.intake import looks_like_gbif, take_gbif, take_survey
from assets.surveys import submissions
from assets.workspace import Workspace
from pipelines.jobs import monitoring_run, survey_intake
from store.archive import Receipt
from store.errors import ParkwatchError
from store.home import Home

SETTLED_AFTER_SECONDS = 5.0  # a file still being copied is left for the next look


@dg.sensor(
    jobs=[survey_intake, monitoring_run],
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Takes in what is put into the inbox folder; unreadable files move to inbox/refused with a note.",
)
def inbox(context: SensorEvaluationContext, workspace: Workspace) -> dg.SensorResult:
    new = list(take_inbox(workspace.home))
    surveys = [receipt.submissionId for receipt in new if receipt.kind == "survey"]
    requests = [
        dg.RunRequest(run_key=submission, job_name=survey_intake.name, partition_key=submission)
        for submission in surveys
    ]
    if new:
        last = new[-1].submissionId
        requests.append(dg.RunRequest(run_key=f"monitoring-{last}", job_name=monitoring_run.name))
    return dg.SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=[submissions.build_add_request(surveys)] if surveys else [],
        skip_reason=None if requests else dg.SkipReason("The inbox is empty."),
    )


def take_inbox(home: Home) -> Iterator[Receipt]:
    """Archive every settled file of the inbox; yields the receipts of new ones, oldest file first."""
    now = time.time()
    files = [path for path in home.inbox.iterdir() if path.is_file() and not path.name.startswith(".")]
    for path in sorted(files, key=lambda path: (path.stat().st_mtime, path.name)):
        if now - path.stat().st_mtime < SETTLED_AFTER_SECONDS:
            continue
        try:
            take = take_gbif if looks_like_gbif(path) else take_survey
            receipt, is_new = take(home, path, received_from="inbox", origin="inbox")
        except ParkwatchError as cause:
            _refuse(home, path, cause)
            continue
        path.unlink()
        if is_new:
            yield receipt


def _refuse(home: Home, path: Path, cause: ParkwatchError) -> None:
    """Set a file aside with a note in both languages; nothing handed in is lost."""
    home.refused.mkdir(parents=True, exist_ok=True)
    target = home.refused / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{path.name}"
    shutil.move(path, target)
    note = f"{cause.in_language('zh')}\n\n{cause.in_language('en')}\n"
    target.with_name(target.name + ".txt").write_text(note, encoding="utf-8")


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Writes every failed run into failed-runs.jsonl in the home, for the data manager to see.",
)
def failed_runs(context: RunFailureSensorContext, workspace: Workspace) -> None:
    note_failure(
        workspace.home,
        job=context.dagster_run.job_name,
        run=context.dagster_run.run_id,
        cause=context.failure_event.message or "",
    )
    context.log.error("%s failed: %s", context.dagster_run.job_name, context.failure_event.message)


def note_failure(home: Home, *, job: str, run: str, cause: str) -> None:
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "job": job,
        "run": run,
        "cause": cause[:2000],
    }
    with home.failed_runs.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
