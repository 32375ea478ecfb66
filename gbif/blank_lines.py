"""Blank lines: a line without anything between the rows of a data file, which DuckDB would skip unseen.

Every line number below a skipped line would be wrong. Rows of the wrong width are noticed in `loading`.
"""

from __future__ import annotations

from pathlib import Path

from gbif.errors import GbifError
from gbif.tables import GbifTable

CHUNK_IN_BYTES = 4 << 20


def refuse_blank_lines(found: GbifTable) -> None:
    """Raises GbifError at the first blank line with a row below it; line breaks inside quotes are no such lines.

    For files that have been read once: only a reader limits how long a line may be.
    """
    if not _breaks_follow_each_other(found.path):
        return
    quote = found.quote.encode()
    quotes, blank = 0, 0
    with found.path.open("rb") as file:
        for line, row in enumerate(file, start=1):
            if quotes % 2 == 0 and not row.strip(b"\r\n"):
                blank = blank or line
            elif blank:
                raise GbifError("error-row-blank", file=found.file_name, line=blank)
            quotes += row.count(quote) if quote else 0


def _breaks_follow_each_other(path: Path) -> bool:
    """Whether it is worth going through the file line by line; nearly always it is not."""
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_IN_BYTES):
            seam = before + chunk[:2]
            if any(b"\n\n" in part or b"\n\r\n" in part for part in (seam, chunk)):
                return True
            before = (before + chunk)[-2:] if len(chunk) < 2 else chunk[-2:]
    return False
