"""Problems of a whole table: what its protocol requires and no column of it holds, and how the protocol was found out.

Problems of single visits and rows are record tests of `quality`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys.protocols.catalogue import FormColumn, Protocol, protocols
from surveys.protocols.recognition import protocol_of
from surveys.read_table import ReadTable

# Any of these does for the first: a place may be told by coordinates, a name in either language.
AS_GOOD_AS: dict[str, tuple[str, ...]] = {
    "locality": ("locationID", "county", "decimalLongitude", "verbatimCoordinates"),
    "decimalLongitude": ("verbatimCoordinates", "locality", "locationID"),
    "decimalLatitude": ("verbatimCoordinates", "locality", "locationID"),
    "vernacularName": ("scientificName",),
    "eventDate": ("year", "endDate", "deploymentStart"),
    "individualCount": ("organismQuantity", "occurrenceStatus"),
    "sampleSizeValue": ("totalAreaSampledValue", "eventDurationValue", "samplingEffort"),
    "eventDurationValue": ("samplingEffort", "endTime"),
    "deploymentStart": ("samplingEffort",),
    "deploymentEnd": ("samplingEffort",),
}


@dataclass(frozen=True)
class TableProblem:
    """One problem of one table; `values` are those of its message."""

    rule: str
    severity: str
    sheet: str
    values: dict[str, str]


def table_problems(tables: Iterable[ReadTable], filled_examples: Iterable[str]) -> Iterator[TableProblem]:
    """What is to be told about the tables of a file, and about example sheets that somebody filled in."""
    for sheet in filled_examples:
        yield TableProblem("FORM_EXAMPLE_FILLED", "warning", sheet, {})
    for read in tables:
        yield from protocol_problems(read)


def protocol_problems(read: ReadTable) -> Iterator[TableProblem]:
    """What is to be told about a table that follows a protocol; nothing where none is known."""
    protocol, is_guess = _protocol(read)
    if protocol is None:
        return
    if is_guess:
        yield _problem("PROTOCOL_BY_NAME", "info", read, protocol)
    present = {column.term for column in read.columns if column.term} | set(read.stated)
    severity = "info" if is_guess else "warning"
    has_effort = not protocol.effort or any(present.intersection(group) for group in protocol.effort)
    told_as_effort = {group[0] for group in protocol.effort if len(group) == 1}
    for column in protocol.required_columns:
        if not _is_present(column, present) and (has_effort or column.term not in told_as_effort):
            yield _problem(
                "PROTOCOL_COLUMN_MISSING", severity, read, protocol,
                zh_column=column.label.zh, en_column=column.label.en,
            )  # fmt: skip
    if not has_effort:
        yield _problem("PROTOCOL_EFFORT_MISSING", severity, read, protocol)


def _protocol(read: ReadTable) -> tuple[Protocol | None, bool]:
    """The protocol that most rows follow, and whether only a name suggests it."""
    if stated := protocols().get(read.stated.get("statedProtocol", "")):
        return stated, False
    written = read.stated.get("samplingProtocol")
    if known := (protocol_of(written) if written else _in_its_column(read)):
        return protocols()[known], False
    named = protocols().get(read.stated.get("namedProtocol", ""))
    return named, named is not None


def _in_its_column(read: ReadTable) -> str | None:
    column = next((column for column in read.columns if column.term == "samplingProtocol"), None)
    if column is None:
        return None
    rows = (text.split(read.table.delimiter) for text in read.table.lines["text"].to_pylist())
    written = Counter(row[column.position - 1] for row in rows if len(row) >= column.position)
    counted: Counter[str] = Counter()
    for text, times in written.items():
        if known := protocol_of(text):
            counted[known] += times
    return counted.most_common(1)[0][0] if counted else None


def _is_present(column: FormColumn, present: set[str]) -> bool:
    return bool(present.intersection((column.term, *AS_GOOD_AS.get(column.term, ()))))


def _problem(rule: str, severity: str, read: ReadTable, protocol: Protocol, **values: str) -> TableProblem:
    said = {"protocol": protocol.id, "zh_protocol": protocol.name.zh, "en_protocol": protocol.name.en}
    return TableProblem(rule, severity, read.sheet, said | values)
