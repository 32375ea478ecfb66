"""Running the whole job in tests: a home and a region, real Dagster, no mocks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.running import prepare_home, run_monitoring
from pipelines.settings import Settings
from store.home import Home


def settings_for(home: Home, region: Path, day: date | None = None) -> Settings:
    return Settings(
        home=prepare_home(home),
        region_folder=region,
        language="en",
        report_day=day.isoformat() if day else "",
        lock_wait_in_seconds=120.0,
    )


def run(home: Home, region: Path, day: date | None = None) -> Settings:
    settings = settings_for(home, region, day)
    run_monitoring(settings)
    return settings
