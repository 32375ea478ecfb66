"""The demo: invented surveys and GBIF files of a region, handed in one after the other as its story tells."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import datetime
from pathlib import Path

from assets.intake import take_gbif, take_survey
from assets.reports import DEMO_ORIGIN
from pipelines.running import Progress, load_survey_file, prepare_home, run_monitoring
from pipelines.settings import Settings
from store.errors import StoreError


def run_demo(settings: Settings, progress: Progress | None = None) -> None:
    """Hand in every file of the region's story, then run the monitoring as of the story's day."""
    folder = settings.region_folder / "demo"
    story_file = folder / "story.toml"
    if not story_file.is_file():
        raise StoreError("error-no-demo", path=settings.region_folder)
    story = tomllib.loads(story_file.read_text(encoding="utf-8"))
    home = prepare_home(settings.home)
    submitted: dict[str, str] = {}
    for entry in story["file"]:
        path = folder / entry["name"]
        known_since = datetime.fromisoformat(entry["knownSince"])
        if entry["kind"] == "gbif":
            take_gbif(
                home, path, received_from=entry["receivedFrom"], origin=DEMO_ORIGIN, known_since=known_since
            )
            continue
        receipt, is_new = take_survey(
            home, path, received_from=entry["receivedFrom"], origin=DEMO_ORIGIN, known_since=known_since,
            file_name=_name_handed_in(entry), replaces=submitted.get(entry.get("replaces", "")),
        )  # fmt: skip
        submitted[entry["name"]] = receipt.submissionId
        if is_new:
            load_survey_file(settings, receipt.submissionId, progress)
    run_monitoring(dataclasses.replace(settings, report_day=str(story["reportDate"])), progress)


def _name_handed_in(entry: dict[str, str]) -> str:
    """A corrected file comes back under the name of the one it corrects."""
    return Path(entry.get("fileName") or entry["name"]).name
