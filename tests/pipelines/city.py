"""A city for tests: a home and a region whose one list of aliens can be changed between runs."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assets.intake import take_survey
from store.generations import current_generation, open_generation
from store.home import Home
from tests.running import run

COLUMNS = ("scientificName", "acceptedName", "synonyms", "vernacularNameZh", "value", "sureness", "source")
LIST_TOML = """
[[lists]]
id = "aliens"
kind = "alien"
path = "aliens.csv"
title_zh = "外来入侵物种名录"
title_en = "List of invasive alien species"
version = "1"
citation = "x"
license = "x"
official = true
"""
OLD, NEW = "Eichhornia crassipes", "Pontederia crassipes"
NETTLE = "Solanum rostratum"


class City:
    """A home and a region whose list of aliens can be changed between runs."""

    def __init__(self, home: Home, region: Path) -> None:
        self.home, self.region = home, region
        path = region / "region.toml"
        path.write_text(path.read_text(encoding="utf-8") + LIST_TOML, encoding="utf-8")

    def copied(self, home: Path) -> City:
        """The same city with a copy of its home."""
        copy = City.__new__(City)
        copy.home, copy.region = Home(home), self.region
        shutil.copytree(self.home.path, home, symlinks=True)
        return copy

    def list(self, *rows: dict[str, str]) -> City:
        with (self.region / "aliens.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            for row in rows:
                writer.writerow({"value": "invasive", "sureness": "high", "source": "x"} | row)
        return self

    def survey(self, *names: str) -> City:
        day = datetime.now(UTC).date() - timedelta(days=40)
        path = self.region.parent / "调查.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("记录编号", "日期", "学名", "经度", "纬度"))
            for number, name in enumerate(names):
                writer.writerow((f"R-{number}", day.isoformat(), name, 113.07, 40.07))
        take_survey(self.home, path, received_from="x", origin="test")
        return self

    def run(self) -> City:
        run(self.home, self.region)
        return self

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with open_generation(current_generation(self.home)) as connection:
            return connection.execute(sql).fetchall()

    @property
    def warnings(self) -> list[tuple[Any, ...]]:
        """Of the widest place: id, name, whether it is held."""
        return self.rows(
            "SELECT warningId, scientificName, heldSince IS NOT NULL FROM out_warning WHERE kind = 'new-to-region' ORDER BY 2"
        )

    @property
    def notices(self) -> set[tuple[Any, ...]]:
        return set(
            self.rows(
                "SELECT notice.warningId, notice.kind FROM out_notice AS notice WHERE placeEn = 'Testville'"
            )
        )
