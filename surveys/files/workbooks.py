"""Workbooks: every sheet of an XLSX, XLS or ODS file as texts, each cell as its author sees it.

Only values are read: a formula is the result the file holds for it, or its own text, never run. What a hostile
workbook may not do is in `guards`, the reading itself in `workbook_process`; finding tables belongs to
`surveys.layout`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from surveys.errors import UnreadableFile
from surveys.files.formulas import Formulas
from surveys.files.guards import ZIP_MAGICS, GuardedZip, guarded_workbook
from surveys.files.sheet import CELL_SEPARATOR, MergedCells, Sheet, lines_of

PROCESS = Path(__file__).with_name("workbook_process.py")
# What reading takes, several times over; more is asked for only by what is not there, such as a cell far away.
MEMORY_AT_LEAST_IN_BYTES = 220 << 20
MEMORY_FOR_A_BYTE = 6
SECONDS_AT_LEAST = 1
BYTES_IN_A_SECOND = 8 << 20
SECONDS_TO_WAIT = 120


def read_workbook(content: bytes, file_name: str, prefix: str = "") -> list[Sheet]:
    """The sheets of a workbook that hold anything, in its order, hidden ones too; UnreadableFile if it is broken."""
    formulas: dict[str, Formulas] = {}
    size = len(content)
    if content.startswith(ZIP_MAGICS):
        archive = GuardedZip(content, file_name)
        formulas = guarded_workbook(archive)
        size = archive.expanded_in_bytes
    told = _told(content, size, file_name)
    return [
        sheet
        for found in told["sheets"]
        if (sheet := _sheet(found, formulas.get(found["name"], {}), file_name, prefix))
    ]


def _told(content: bytes, size_in_bytes: int, file_name: str) -> dict[str, Any]:
    memory = MEMORY_AT_LEAST_IN_BYTES + MEMORY_FOR_A_BYTE * size_in_bytes
    seconds = SECONDS_AT_LEAST + size_in_bytes // BYTES_IN_A_SECOND
    try:
        ended = subprocess.run(  # noqa: S603  our own interpreter on our own file
            [sys.executable, "-I", str(PROCESS), str(memory), str(seconds)],
            input=content, capture_output=True, check=False, timeout=SECONDS_TO_WAIT,
        )  # fmt: skip
    except subprocess.TimeoutExpired as cause:
        raise UnreadableFile("error-workbook-overgrown", file=file_name) from cause
    if ended.returncode != 0:
        raise UnreadableFile("error-workbook-overgrown", file=file_name)
    told: dict[str, Any] = json.loads(ended.stdout)
    if refused := told.get("refused"):
        raise UnreadableFile(f"error-workbook-{refused}", file=file_name, cause=told["cause"])
    return told


def _sheet(found: dict[str, Any], formulas: Formulas, file_name: str, prefix: str) -> Sheet | None:
    texts = _with_formulas(found["lines"], formulas)
    if not any(text.strip(CELL_SEPARATOR) for text in texts):
        return None
    merged = tuple(
        MergedCells(first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1) for first, last in found["merged"]
    )
    lines = lines_of(enumerate(texts, start=1))
    return Sheet(f"{prefix}{found['name']}", lines, merged=merged, file=file_name)


def _with_formulas(texts: list[str], formulas: Formulas) -> list[str]:
    """The lines with the text of each formula that holds no result in its place."""
    for (line, column), formula in formulas.items():
        texts += [""] * (line - len(texts))
        cells = texts[line - 1].split(CELL_SEPARATOR)
        cells += [""] * (column - len(cells))
        cells[column - 1] = cells[column - 1] or formula
        texts[line - 1] = CELL_SEPARATOR.join(cells)
    return texts
