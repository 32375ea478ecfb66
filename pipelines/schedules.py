"""Schedules: when jobs run by themselves, in the city's own time."""

from __future__ import annotations

import dagster as dg

from pipelines.jobs import gbif_sync, monitoring_run

TIME_ZONE = "Asia/Shanghai"

monthly_report = dg.ScheduleDefinition(
    name="monthly_report",
    job=monitoring_run,
    cron_schedule="0 4 1 * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="The monitoring run on the first of every month at 04:00.",
)

daily_gbif = dg.ScheduleDefinition(
    name="daily_gbif",
    job=gbif_sync,
    cron_schedule="30 2 * * *",
    execution_timezone=TIME_ZONE,
    # A government intranet may be closed: fetching is switched on where there is a way out.
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Fetch what GBIF has new, every day at 02:30.",
)
