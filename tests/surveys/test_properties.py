"""What holds for every file: totals add up, check and submit agree, bytes never break anything, exports come back."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from assets.intake import take_survey
from gbif.names import gbif_names
from monitoring.events import build_events
from monitoring.inspection import inspect_survey
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.flags import build_flags, build_quarantine, count_dispositions
from quality.record_tests.record_test import Context
from reports.darwin_core import write_darwin_core
from species.index.build import build_index
from store.home import Home
from store.region import Region, read_region
from store.warehouse import open_warehouse
from surveys.errors import UnreadableFile
from surveys.loading import load_survey
from surveys.opening import open_survey
from tests.surveys import hostile
from tests.surveys.messy_tables import MessyFile, files

TODAY = date(2026, 6, 30)
LIST = """scientificName,acceptedName,vernacularNameZh,sureness,source
Ulmus pumila L.,Ulmus pumila,榆树,high,test
Solanum rostratum Dunal,Solanum rostratum,黄花刺茄,high,test
Passer montanus,Passer montanus,麻雀,high,test
"""
LISTED = """
[[lists]]
id = "all"
kind = "native"
path = "list.csv"
title_zh = "名录"
title_en = "List"
version = "1"
citation = "test"
license = "CC0"
"""
FLAGS = "SELECT sheet, record.line, recordId, test, severity, term, value, suggestion FROM core_flag JOIN core_record AS record USING (rowId, recordId) WHERE core_flag.submissionId = ? ORDER BY ALL"
# What must be the same after a record went out and came in again.
LASTING = (
    "recordId", "occurrenceStatus", "taxonID", "matchType", "verbatimVernacularName", "verbatimScientificName",
    "eventDate", "eventDateStart", "eventDateEnd", "eventTime",
    "round(decimalLongitude, 9)", "round(decimalLatitude, 9)",  # a workbook keeps 15 digits
    "coordinateUncertaintyInMeters", "individualCount", "countMinimum", "countMaximum", "organismQuantity",
    "organismQuantityType", "locality", "locationID", "county", "divisionID", "siteIDs", "basisOfRecord",
    "establishmentMeans", "degreeOfEstablishment", "sex", "lifeStage", "behavior",
)  # fmt: skip
RECORDS = f"SELECT {', '.join(LASTING)} FROM core_occurrence WHERE submissionId = ? ORDER BY recordId"
numbers = itertools.count(1)
# An example takes seconds, so that shrinking one would take an hour.
whole_files = settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A folder to work in and a region with three species."""

    folder: Path
    region: Region

    def fresh(self) -> Path:
        folder = self.folder / str(next(numbers))
        folder.mkdir()
        return folder


@pytest.fixture
def place(tmp_path: Path, region_folder: Path) -> Place:
    (region_folder / "list.csv").write_text(LIST, encoding="utf-8")
    described = region_folder / "region.toml"
    described.write_text(described.read_text(encoding="utf-8") + LISTED, encoding="utf-8")
    return Place(tmp_path, read_region(region_folder))


@contextmanager
def submitted(path: Path, place: Place) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A file handed in and judged as in a run, in a home of its own; the warehouse and the submission's id."""
    home = Home(place.fresh() / "home").create()
    receipt, _ = take_survey(home, path, received_from="test", origin="test")
    with open_warehouse(home) as connection:
        load_survey(connection, home, receipt)
        build_index(connection, place.region, gbif=gbif_names(connection))
        build_sites(connection, place.region)
        build_records(connection, place.region)
        build_events(connection)
        build_flags(connection, Context(place.region.extent, place.region.thresholds, TODAY))
        build_quarantine(connection)
        yield connection, receipt.submissionId


def rows(connection: duckdb.DuckDBPyConnection, query: str, submission: str) -> list[tuple[Any, ...]]:
    return connection.execute(query, [submission]).fetchall()


@pytest.mark.timeout(900)
@whole_files
@given(file=files())
def test_totals_add_up_and_check_and_submit_agree(place: Place, file: MessyFile) -> None:
    path = file.write(place.fresh())
    scratch = place.fresh()
    try:
        with inspect_survey(path, path.name, place.region, TODAY, scratch) as found:
            checked = rows(found.connection, FLAGS, "survey-inspected")
            totals, told = found.totals, list(found.problems())
            lines = found.connection.execute("SELECT count(*) FROM raw_survey").fetchone()
    except UnreadableFile:
        with pytest.raises(UnreadableFile), submitted(path, place):
            pass
        return
    assert lines == (totals.read,)
    assert totals.read == totals.accepted + totals.quarantined + totals.rejected
    held = {problem.recordId for problem in told if problem.severity == "error" and problem.line}
    assert (not held) == (totals.quarantined == 0)
    with submitted(path, place) as (connection, submission):
        assert rows(connection, FLAGS, submission) == checked
        counted = count_dispositions(connection, submission)
        assert counted == (totals.read, totals.accepted, totals.quarantined, totals.rejected)
        kept = rows(connection, "SELECT count(*) FROM core_occurrence WHERE submissionId = ?", submission)
        parts = "SELECT count(*) FILTER (disposition = 'quarantined'), count(*) FILTER (disposition = 'rejected') FROM core_quarantine WHERE submissionId = ?"
        assert (*kept[0], *rows(connection, parts, submission)[0]) == counted[1:]


@pytest.mark.timeout(900)
@whole_files
@given(file=files(messy=False), suffix=st.sampled_from([".csv", ".xlsx"]))
def test_what_is_exported_comes_back_as_the_same_records(place: Place, file: MessyFile, suffix: str) -> None:
    path = file.write(place.fresh())
    exported = place.fresh() / f"export{suffix}"
    with submitted(path, place) as (connection, submission):
        before = rows(connection, RECORDS, submission)
        assume(before)
        assert write_darwin_core(connection, exported, submission) == len(before)
    with submitted(exported, place) as (connection, submission):
        assert rows(connection, RECORDS, submission) == before


@functools.cache
def honest_files() -> dict[str, bytes]:
    table = "日期,中文名,数量\n2025-06-03,榆树,3\n"
    return {
        "csv": table.encode(), "utf-16": table.encode("utf-16"), "gb18030": table.encode("gb18030"),
        "quoted": table.replace("榆树", '"榆\n树"').encode(), "xlsx": hostile.workbook(),
        "xls": hostile._old_workbook(), "ods": hostile._ods("<table:table-row><table:table-cell/></table:table-row>"),
        "zip": hostile.zipped(("a.csv", table.encode()), ("b.xlsx", hostile.workbook())),
    }  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(sorted(honest_files())), data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    content = bytearray(honest_files()[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"\x00", b"\xff", b'"', b"\n", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"PK"])
        )
        content[at : at + len(piece)] = piece
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    path = tmp_path / "a"
    path.write_bytes(bytes(content))
    try:
        assert open_survey(path, "a").row_count > 0
    except UnreadableFile as refused:
        assert refused.message.zh and refused.remedy.en
