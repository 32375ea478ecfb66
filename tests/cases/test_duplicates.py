"""Pairs made of real records with known truth: re-publications, and what only looks like one."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from assets.intake import take_gbif
from gbif.loading import load_gbif
from gbif.names import gbif_names
from monitoring.duplicates import build_duplicates
from monitoring.records import build_records
from monitoring.sites import build_sites
from quality.flags import build_flags, build_quarantine
from quality.record_tests.record_test import Context
from species.index.build import build_index
from store.home import Home
from store.region import read_region
from store.warehouse import open_warehouse
from tests.conftest import ROOT

pytestmark = pytest.mark.cases
GRIIS = "griis_sweden_1.2.zip"
PAIRS = 250  # of each kind
FIRST_NEW_ID = 9_000_000_000
Row = dict[str, str]


def rounded(row: Row, decimals: int) -> Row:
    halves = ("decimalLatitude", "decimalLongitude")
    return row | {half: f"{float(row[half]):.{decimals}f}" for half in halves}


def initials(row: Row) -> Row:
    first, *_, last = row["recordedBy"].split() if " " in row["recordedBy"] else ("", row["recordedBy"])
    return row | {"recordedBy": f"{last}, {first[:1]}." if first else last}


def without(row: Row, *columns: str) -> Row:
    return row | dict.fromkeys(columns, "")


UNNUMBERED = ("occurrenceID", "institutionCode", "collectionCode", "catalogNumber", "recordNumber")
REPUBLISHED = {
    "with its id": lambda row, _: row,
    "its id written otherwise": lambda row, _: without(row, "recordedBy") | {"occurrenceID": row["occurrenceID"].upper()},
    "with its catalogue number": lambda row, _: without(row, "occurrenceID", "recordedBy"),
    "without a number": lambda row, _: without(row, *UNNUMBERED),
    "rounded": lambda row, draw: rounded(without(row, *UNNUMBERED), draw.choice((2, 3, 4))),
    "obscured": lambda row, _: rounded(without(row, *UNNUMBERED), 1)
    | {"dataGeneralizations": "Coordinates rounded to 0.1 degrees to protect the species"},
    "its observer in initials": lambda row, _: initials(without(row, *UNNUMBERED)),
    "of the month": lambda row, _: without(row, *UNNUMBERED, "day") | {"eventDate": row["eventDate"][:7]},
}  # fmt: skip
ALIKE_ONLY = {
    "another day": lambda row, draw: without(row, *UNNUMBERED, "day", "month", "year")
    | {"eventDate": (date.fromisoformat(row["eventDate"][:10]) + timedelta(days=draw.choice((1, 7, 400)))).isoformat()},
    "another place": lambda row, draw: without(row, *UNNUMBERED)
    | {"decimalLatitude": f"{float(row['decimalLatitude']) + draw.uniform(0.001, 0.2):.6f}"},
    "another observer": lambda row, _: without(row, *UNNUMBERED) | {"recordedBy": "Zebulon Quist"},
    "another species": lambda row, _: without(row, *UNNUMBERED)
    | {"scientificName": "Apis mellifera Linnaeus, 1758", "species": "Apis mellifera", "taxonKey": "1341976"},
    "the same source": lambda row, _: without(row, *UNNUMBERED) | {"same": "yes"},
    "nobody named": lambda row, _: without(row, *UNNUMBERED, "recordedBy"),
}  # fmt: skip


def written(rows: pd.DataFrame, path: Path) -> tuple[Path, dict[int, tuple[str, Row]]]:
    """The second source, and for each new id its kind and the row it was made of."""
    draw = random.Random(5)
    usable = rows[(rows["recordedBy"] != "") & (rows["eventDate"] != "") & (rows["species"] != "")]
    shuffled = usable.sample(frac=1, random_state=5).to_dict("records")
    made, truth = [], {}
    for number, (kind, change) in enumerate((REPUBLISHED | ALIKE_ONLY).items()):
        for row in shuffled[number * PAIRS : (number + 1) * PAIRS]:
            new_id = FIRST_NEW_ID + len(truth)
            other = {"datasetKey": "11111111-2222-4333-8444-555555555555", "gbifID": str(new_id)}
            changed = dict(change(row, draw)) | other
            if changed.pop("same", ""):
                changed["datasetKey"] = row["datasetKey"]
            made.append(changed)
            truth[new_id] = kind, row
    pd.DataFrame(made).to_csv(path, sep="\t", index=False, quoting=3)
    return path, truth


def test_duplicates_of_known_truth_are_found_and_nothing_else(
    cases: Path, home: Home, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "tests" / "regions" / "sweden", tmp_path / "region")
    shutil.copyfile(cases / "names" / "griis" / GRIIS, tmp_path / "region" / GRIIS)
    region = read_region(tmp_path / "region")
    real = cases / "gbif" / "bombus_sweden.tsv"
    rows = pd.read_csv(real, sep="\t", dtype=str, quoting=3, keep_default_na=False)
    second, truth = written(rows.assign(dataGeneralizations=""), tmp_path / "second.tsv")
    with open_warehouse(home) as connection:
        for path in (real, second):
            receipt, _ = take_gbif(home, path, received_from="t", origin="t")
            load_gbif(connection, home, receipt)
        build_index(connection, region, home, gbif=gbif_names(connection))
        build_sites(connection, region)
        build_records(connection, region, home)
        build_flags(connection, Context(region.extent, region.thresholds, date(2026, 11, 25)))
        build_quarantine(connection)
        build_duplicates(connection)
        accepted = {name for (name,) in connection.execute("SELECT recordId FROM core_occurrence").fetchall()}
        members = connection.execute(
            "SELECT representativeId, list(recordId) FROM core_duplicate GROUP BY representativeId"
        ).fetchall()
    by_id = {row["gbifID"]: row for row in rows.to_dict("records")}
    cluster = {name: members_of for _, members_of in members for name in members_of}
    right, wrong, missed = Counter(), Counter(), Counter()
    for new_id, (kind, row) in truth.items():
        if f"gbif:{new_id}" not in accepted:
            continue
        found = [by_id[name[5:]] for name in cluster.get(f"gbif:{new_id}", ()) if name[5:] in by_id]
        if kind in ALIKE_ONLY:
            wrong[kind] += bool(found)
        else:
            right[kind] += any(indistinguishable(each, row) for each in found)
            wrong[kind] += bool(found) and not any(indistinguishable(each, row) for each in found)
            missed[kind] += not found
    precision = right.total() / (right.total() + wrong.total())
    recall = right.total() / (right.total() + wrong.total() + missed.total())
    told = f"precision {precision:.4f}, recall {recall:.4f}; wrong {dict(wrong)}, missed {dict(missed)}"
    assert precision >= 0.99, told
    assert recall >= 0.95, told
    assert right.total() > 1_000, told


def indistinguishable(one: Row, other: Row) -> bool:
    """Individuals of one visit that the source itself tells apart only by number."""
    return all(
        one[column] == other[column]
        for column in ("species", "recordedBy", "eventDate", "decimalLatitude", "decimalLongitude")
    )
