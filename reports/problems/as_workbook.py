"""The problem report as an annotated copy of the user's own workbook: cells coloured and commented, layout untouched.

An XLSX or XLSM file is edited as it is; of any other file the rows are written as they were read, at the lines they
stand on. No formula is written: cells hold the results that the user's file holds. How is told in `workbook`.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from monitoring.inspection import Inspection
from reports.problems.workbook.edited import edit_package
from reports.problems.workbook.marks import marks_by_sheet
from reports.problems.workbook.rebuilt import rows_as_read, values_alone
from reports.problems.workbook.splicing import NotEditable


def write_annotated_workbook(inspection: Inspection, source: Path, target: Path) -> None:
    """Write the annotated copy of an inspected file (XLSX, whatever the source is)."""
    marks = marks_by_sheet(inspection)
    if not _is_xlsx(source):
        content, titles = rows_as_read(source, inspection.fileName)
        edit_package(content, source.name, inspection, marks, titles, target)
        return
    content = source.read_bytes()
    titles = {name: name for name in marks}
    try:
        edit_package(content, source.name, inspection, marks, titles, target)
    except (NotEditable, ValueError, LookupError):  # numbers or references that no program writes
        plain, lost = values_alone(content, source.name)
        edit_package(plain, source.name, inspection, marks, titles, target, lost)


def _is_xlsx(source: Path) -> bool:
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as archive:
        return "xl/workbook.xml" in archive.namelist()
