"""Running: jobs started from the command, in this process, recorded in the same Dagster history as all others."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable

import dagster as dg

from assets.surveys import submissions
from assets.workspace import file_lock
from pipelines import definitions
from pipelines.settings import PROJECT, Settings
from store.archive import receipts
from store.errors import ParkwatchError
from store.home import Home

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
Progress = Callable[[str, int, int], None]  # name of the step that has begun, steps done, steps in all


def prepare_home(home: Home) -> Home:
    """Make the home and give it Dagster's settings; doing it twice changes nothing."""
    home.create()
    settings = home.dagster / "dagster.yaml"
    if not settings.exists():
        shutil.copyfile(PROJECT / "deploy" / "dagster.yaml", settings)
    return home


def run_monitoring(settings: Settings, progress: Progress | None = None) -> None:
    _run(settings, "monitoring_run", None, progress)


def publish_again(settings: Settings, progress: Progress | None = None) -> None:
    """Write the report again from the tables as they stand, and publish them if every gate lets them through."""
    _run(settings, "publishing", None, progress)


def load_gbif_files(settings: Settings, progress: Progress | None = None) -> None:
    """Load new GBIF files and judge all records again, without publishing."""
    _run(settings, "gbif_import", None, progress)


def load_survey_file(settings: Settings, submission: str, progress: Progress | None = None) -> None:
    _run(settings, "survey_intake", submission, progress)


def rebuild(settings: Settings, progress: Progress | None = None) -> None:
    """Make the warehouse again from the archive; published generations stay readable meanwhile."""
    for leftover in settings.home.warehouse.parent.glob("parkwatch.duckdb*"):
        leftover.unlink()
    for receipt in receipts(settings.home, "survey"):
        load_survey_file(settings, receipt.submissionId)
    run_monitoring(settings, progress)


def _run(settings: Settings, job_name: str, partition: str | None, progress: Progress | None) -> None:
    """Run one job to its end; raises the ParkwatchError that stopped it, or whatever else did."""
    job = definitions.build(settings).resolve_job_def(job_name)
    with open_instance(settings) as instance:
        if partition is not None:
            instance.add_dynamic_partitions(str(submissions.name), [partition])
        run_id = str(uuid.uuid4())
        if progress is not None:
            _listen(instance, run_id, len(job.nodes), progress)
        try:
            job.execute_in_process(
                instance=instance,
                run_id=run_id,
                partition_key=partition,
                run_config=QUIET,
                raise_on_error=True,
            )
        except Exception as cause:
            raise _users_error(cause) from cause


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Dagster's history of this home. Two processes opening a new home at once would both make its tables."""
    home = prepare_home(settings.home)
    with file_lock(home.dagster / ".opening.lock", settings.lock_wait_in_seconds):
        instance = dg.DagsterInstance.from_config(str(home.dagster))
        instance.get_runs_count()
        return instance


def _users_error(cause: BaseException) -> BaseException:
    """The ParkwatchError behind what Dagster raised, if there is one."""
    seen: BaseException | None = cause
    while seen is not None:
        if isinstance(seen, ParkwatchError):
            return seen
        seen = seen.__cause__
    return cause


def _listen(instance: dg.DagsterInstance, run_id: str, steps: int, progress: Progress) -> None:
    done: set[str] = set()

    def heard(entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        if event.is_step_start:
            progress(event.step_key, len(done), steps)
        elif event.is_step_success:
            done.add(event.step_key)
            progress(event.step_key, len(done), steps)

    instance.add_event_listener(run_id, heard)
