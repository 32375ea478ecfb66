"""Forms: the sheets of a workbook that was made from a protocol, and which of them hold records.

Writing such a workbook belongs to `surveys.templates`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from surveys.files.sheet import Sheet
from surveys.headers import tidy
from surveys.layout.cells import cells_of
from surveys.protocols.catalogue import Protocol, protocols
from surveys.protocols.choices import choices
from surveys.protocols.recognition import aid_of, form_of, protocol_named, protocol_of

DECIMAL = re.compile(r"^\d+\.\d+$")
ROWS_ABOVE_EXAMPLES = 2  # the title and the header


def without_aids(sheets: Sequence[Sheet]) -> tuple[list[Sheet], tuple[str, ...]]:
    """The sheets that may hold records, and the names of example sheets into which a person wrote rows of their own."""
    records = [sheet for sheet in sheets if aid_of(_title(sheet)) is None]
    filled = tuple(
        sheet.name for sheet in sheets if aid_of(_title(sheet)) == "example" and _has_own_rows(sheet)
    )
    return records or list(sheets), filled


def stated_protocols(said: str | None, title: str, sheet_name: str, file_name: str) -> Mapping[str, str]:
    """statedProtocol, as the giver or the form says; namedProtocol, as title, sheet and file are called."""
    stated = protocol_named(said) if said else form_of(title)
    if stated:
        return {"statedProtocol": stated}
    named = protocol_of(title) or protocol_of(sheet_name) or protocol_of(file_name)
    return {"namedProtocol": named} if named else {}


def example_rows(protocol: Protocol) -> list[list[str]]:
    """The example rows of a form, cell by cell as they stand in it."""
    offered = {
        column.id: {choice.value: choice.offered for choice in choices(column.list)}
        for column in protocol.columns
        if column.list
    }
    return [
        [
            offered.get(column.id, {}).get(row.get(column.id, ""), row.get(column.id, ""))
            for column in protocol.columns
        ]
        for row in protocol.examples
    ]


def _title(sheet: Sheet) -> str:
    return " ".join(map(tidy, cells_of(sheet, 0))) if sheet.lines.num_rows else ""


def _has_own_rows(sheet: Sheet) -> bool:
    protocol = protocols().get(form_of(_title(sheet)) or "")
    examples = [_filled(row) for row in example_rows(protocol)] if protocol else []
    rows = (cells_of(sheet, index) for index in range(ROWS_ABOVE_EXAMPLES, sheet.lines.num_rows))
    return any(_filled(row) not in examples for row in rows if any(map(tidy, row)))


def _filled(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a row that hold something; 113.3310 is what a spreadsheet shows as 113.331."""
    return tuple(_plain(cell) for cell in map(tidy, cells) if cell)


def _plain(cell: str) -> str:
    return cell.rstrip("0").rstrip(".") if DECIMAL.match(cell) else cell
