"""Definitions: the assets, jobs, schedules and sensors of one code location, as Dagster loads them."""

from __future__ import annotations

import dagster as dg

from assets import alerts, duplicates, gbif, indicators, monitoring, names, quality, reports, species, surveys
from assets.workspace import Workspace
from pipelines.jobs import gbif_import, gbif_sync, monitoring_run, publishing, survey_intake
from pipelines.schedules import daily_gbif, monthly_report
from pipelines.sensors import failed_runs, inbox
from pipelines.settings import Settings, read_settings

STAGES = [surveys, gbif, species, monitoring, quality, duplicates, indicators, names, alerts, reports]


def build(settings: Settings) -> dg.Definitions:
    """The definitions of one installation."""
    return dg.Definitions(
        assets=dg.load_assets_from_modules(STAGES),
        jobs=[survey_intake, gbif_import, gbif_sync, monitoring_run, publishing],
        schedules=[monthly_report, daily_gbif],
        sensors=[inbox, failed_runs],
        resources={
            "workspace": Workspace(
                home_folder=str(settings.home.path),
                region_folder=str(settings.region_folder),
                lock_wait_in_seconds=settings.lock_wait_in_seconds,
                report_day=settings.report_day,
            )
        },
        executor=dg.in_process_executor,  # ten times faster than a process a step
    )


@dg.definitions
def defs() -> dg.Definitions:
    return build(read_settings())
