"""The home: where one installation keeps everything it has received, computed and published.

Only paths live here; what is written to them is decided by `archive`, `warehouse` and `generations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from store.errors import StoreError


@dataclass(frozen=True)
class Home:
    """The folder of one installation (`PARKWATCH_HOME`)."""

    path: Path

    @property
    def archive(self) -> Path:
        return self.path / "archive"

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def refused(self) -> Path:
        """Inbox files that could not be read, each with a note saying why."""
        return self.path / "inbox" / "refused"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse" / "parkwatch.duckdb"

    @property
    def generations(self) -> Path:
        return self.path / "generations"

    @property
    def current(self) -> Path:
        """Symbolic link to the generation that readers see."""
        return self.generations / "current"

    @property
    def staging(self) -> Path:
        """Where a run puts report files that publishing then moves into the generation."""
        return self.path / "staging"

    @property
    def dagster(self) -> Path:
        return self.path / "dagster"

    @property
    def profiles(self) -> Path:
        """Saved survey profiles: how people confirmed that columns are meant."""
        return self.path / "profiles"

    @property
    def gbif_answers(self) -> Path:
        """What GBIF answered about names, one JSON line an answer; can be asked again."""
        return self.path / "gbif" / "names.jsonl"

    @property
    def gbif_turns(self) -> Path:
        """When GBIF may be asked next, by whichever process of this home."""
        return self.path / "gbif" / "turns"

    @property
    def gbif_work(self) -> Path:
        """What is being fetched from GBIF and not yet whole: kept, so that nothing is fetched twice."""
        return self.path / "gbif" / "work"

    @property
    def failed_runs(self) -> Path:
        """One JSON line per run that failed."""
        return self.path / "failed-runs.jsonl"

    @property
    def run_lock(self) -> Path:
        return self.path / "run.lock"

    def create(self) -> Home:
        for folder in (
            self.archive, self.inbox, self.warehouse.parent, self.generations, self.staging, self.dagster,
        ):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)
        return self

    def must_exist(self) -> Home:
        if not self.archive.is_dir():
            raise StoreError("error-home-missing", path=self.path)
        return self
