"""Which files of the inbox are GBIF's and which are surveys."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from assets.intake import looks_like_gbif


@pytest.mark.parametrize(
    ("members", "is_gbif"),
    [
        ({"occurrence.txt": "gbifID\t"}, True),
        ({"meta.xml": "<archive/>", "data.csv": "id"}, True),
        ({"0001.csv": "gbifID\tdatasetKey"}, True),
        ({"甲.csv": "日期,中文名"}, False),
        ({"调查.xlsx": "PK"}, False),
    ],
)
def test_a_zip_is_told_by_what_is_in_it(tmp_path: Path, members: dict[str, str], is_gbif: bool) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    assert looks_like_gbif(path) is is_gbif


def test_a_workbook_is_a_survey_and_a_half_copied_zip_is_refused_as_an_archive(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 and no more")
    assert not looks_like_gbif(tmp_path / "a.xlsx")
    assert looks_like_gbif(tmp_path / "b.zip")
