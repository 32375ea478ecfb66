"""Forms filled in as a person would, for the tests of forms, visits and the command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

from surveys.protocols.catalogue import Protocol, protocols
from surveys.protocols.choices import choices
from surveys.protocols.forms import example_rows
from surveys.templates import RECORDS, write_form

FIRST_ROW = 3
Row = dict[str, str | int | float]


def filled_form(protocol_id: str, path: Path, rows: Sequence[Row]) -> Path:
    """A form of the protocol with these rows: column id to what is typed into the cell."""
    protocol = protocols()[protocol_id]
    write_form(protocol, path)
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, start=FIRST_ROW):
        unknown = set(row) - {column.id for column in protocol.columns}
        assert not unknown, unknown
        for position, column in enumerate(protocol.columns, start=1):
            if column.id in row:
                book[RECORDS].cell(number, position, row[column.id])
    book.save(path)
    return path


def offered(list_name: str, value: str, language: str = "both") -> str:
    """What the drop-down offers for a value, or its half in one language."""
    (choice,) = [choice for choice in choices(list_name) if choice.value == value]
    return {"both": choice.offered, "zh": choice.name.zh, "en": choice.name.en}[language]


def example_rows_of(
    protocol: Protocol, change: Callable[[str, str], str] = lambda _, text: text
) -> list[Row]:
    """The rows of the example sheet, by column; `change` may write a cell otherwise."""
    return [
        {
            column.id: change(column.id, text)
            for column, text in zip(protocol.columns, row, strict=True)
            if text
        }
        for row in example_rows(protocol)
    ]
