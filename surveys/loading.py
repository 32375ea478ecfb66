"""Loading: one archived survey file into the raw_ tables, every cell as text, nothing left out.

Deciding what the texts mean belongs to `standard`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import duckdb
import pyarrow as pa

from store.archive import Receipt, find_receipt, receipts, verified_content
from store.home import Home
from store.identifiers import occurrence_key
from store.observers import observer_keys
from store.warehouse import count_rows, note_submission, transaction
from surveys.columns import TERMS, Column
from surveys.opening import SurveyFile, open_survey
from surveys.read_table import ReadTable
from surveys.succession import inherit_identities

BLANKS = "' ' || chr(9) || chr(160) || chr(12288) || chr(8203) || chr(65279)"
# 注：…, 调查人：… : what people write below a table, in a line of its own.
NOTE = (
    r"^[(（\[【]?(注|说明|說明|备注|備註|附注|附记|notes?|remarks?|填表|制表|审核|校核|调查人|调查员|记录人"
    r"|数据来源|资料来源|来源|单位|图例)"
)
NOTE_AT_LENGTH = 12
TOTAL_ROW = r"^(合计|小计|总计|总和|共计|累计|(grand |sub)?total|sum)[:：]?$"
MARKED_AS_TEXT = "^.[-=+@0-9]"
LIKE_A_PLACE_BEYOND = re.compile(r"^#\d+$")
OBSERVER_TERMS = ("recordedBy", "samplingPerformedBy")
# Columns of `SurveyTable.lines`, beside line and text, that go into raw_survey as they are.
TOLD_BY_READERS = ("cellColumn", "joinedLines", "unjoinedKey")


def load_survey(connection: duckdb.DuckDBPyConnection, home: Home, receipt: Receipt) -> int:
    """Load one archived survey file; loading it again gives the same rows. Returns the number of rows read."""
    survey = open_survey(verified_content(home, receipt), receipt.fileName, receipt.reading)
    later = [
        other.submissionId for other in receipts(home, "survey") if other.replaces == receipt.submissionId
    ]
    if receipt.replaces and not _is_loaded(connection, receipt.replaces):
        former = find_receipt(home, receipt.replaces)
        if former is not None:
            load_survey(connection, home, former)
    return load_rows(connection, survey, receipt, later[-1] if later else None)


def _is_loaded(connection: duckdb.DuckDBPyConnection, submission: str) -> bool:
    return count_rows(connection, f"raw_submission WHERE submissionId = {_quoted(submission)}") > 0


def load_rows(
    connection: duckdb.DuckDBPyConnection,
    survey: SurveyFile,
    receipt: Receipt,
    replaced_by: str | None = None,
) -> int:
    """Write an opened survey file into raw_submission, raw_survey_column and raw_survey, all or nothing."""
    with transaction(connection):
        for table in ("raw_survey", "raw_survey_column", "raw_submission"):
            connection.execute(f"DELETE FROM {table} WHERE submissionId = ?", [receipt.submissionId])
        rows = 0
        for read in survey.tables:
            _insert_table(connection, receipt.submissionId, read, rows)
            rows += read.table.lines.num_rows
        _note_submission(connection, receipt, rows, survey.encoding, replaced_by)
        if receipt.replaces and _is_loaded(connection, receipt.replaces):
            inherit_identities(connection, receipt.submissionId, receipt.replaces)
    return rows


def _insert_table(
    connection: duckdb.DuckDBPyConnection, submission: str, read: ReadTable, rows_before: int
) -> None:
    lines = read.table.lines
    numbers = pa.array(range(rows_before + 1, rows_before + 1 + lines.num_rows), pa.int64())
    connection.register("survey_lines", lines.append_column("rowNumber", numbers))
    _note_observers(connection, read)
    try:
        connection.execute(
            _insert_rows(read),
            {
                "id": submission, "sheet": read.sheet, "headerLine": read.table.header_line, "block": read.table.block,
                "year": read.stated_year, "delimiter": read.table.delimiter,
            } | {term: value for term, value in read.stated.items() if term in TERMS},
        )  # fmt: skip
    finally:
        connection.unregister("survey_lines")
        connection.unregister("survey_observers")
    table = (submission, read.sheet, read.table.header_line, read.table.block)
    connection.executemany(
        "INSERT INTO raw_survey_column (submissionId, sheet, headerLine, block, position, columnLetter, header, "
        "term, cellSheet) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*table, c.position, c.letter, c.header, c.term, c.cellSheet) for c in read.columns],
    )


def _note_observers(connection: duckdb.DuckDBPyConnection, read: ReadTable) -> None:
    """Register survey_observers: by each text that names who looked the digest of it."""
    distinct = (
        f"SELECT DISTINCT {_observer_of(read)} "
        "FROM (SELECT string_split(text, $delimiter) AS cells FROM survey_lines)"
    )
    asked = {"delimiter": read.table.delimiter}
    texts = [text for (text,) in connection.execute(distinct, asked).fetchall() if text]
    keys = observer_keys(texts)
    table = pa.table(
        {"text": pa.array(keys.keys(), pa.string()), "key": pa.array(keys.values(), pa.uint64())}
    )
    connection.register("survey_observers", table)


def _observer_of(read: ReadTable) -> str:
    """SQL of who looked: what a column says, or else what is said above the table."""
    column = next((column for column in read.columns if column.term in OBSERVER_TERMS), None)
    if column:
        return cell(column.position)
    stated = next((read.stated[term] for term in OBSERVER_TERMS if term in read.stated), None)
    return _quoted(stated) if stated else "NULL::VARCHAR"


def _note_submission(
    connection: duckdb.DuckDBPyConnection, receipt: Receipt, rows: int, encoding: str, replaced_by: str | None
) -> None:
    note_submission(connection, receipt, rows, encoding)
    connection.execute(
        "UPDATE raw_submission SET replacedBy = ? WHERE submissionId = ?", [replaced_by, receipt.submissionId]
    )
    if receipt.replaces:
        connection.execute(
            "UPDATE raw_submission SET replacedBy = ? WHERE submissionId = ?",
            [receipt.submissionId, receipt.replaces],
        )


def _insert_rows(read: ReadTable) -> str:
    """The INSERT that takes the cells of `survey_lines` apart, column by column."""
    by_term = {column.term: column for column in read.columns if column.is_read}
    values = []
    for term in TERMS:
        if term in by_term:
            values.append(f"{_text_of(by_term[term])} AS {term}")
        elif term in read.stated:
            values.append(f"${term} AS {term}")
    names = [by_term[term].position for term in ("scientificName", "vernacularName") if term in by_term]
    told = read.table.lines.column_names
    values += [f"told.{name}" for name in TOLD_BY_READERS if name in told]
    values.append("observer.key AS observerKey")
    if "occurrenceID" in by_term:
        values.append(f"{occurrence_key(_text_of(by_term['occurrenceID']))} AS occurrenceKey")
    kind = _row_kind(len(read.columns), names)
    values.append(f"coalesce({kind}, told.rowKind) AS rowKind" if "rowKind" in told else f"{kind} AS rowKind")
    return (
        "INSERT INTO raw_survey BY NAME SELECT $id AS submissionId, $sheet AS sheet, line, rowNumber, "
        "$headerLine AS headerLine, $block AS block, $year AS statedYear, "
        f"{', '.join([*values, _other_cells(read.columns, read.stated)])} "
        "FROM (SELECT *, string_split(text, $delimiter) AS cells FROM survey_lines) AS told "
        f"LEFT JOIN survey_observers AS observer ON observer.text = {_observer_of(read)}"
    )


def _row_kind(width: int, names: list[int]) -> str:
    """What begins with 合计 is a total.

    A line with one filled cell is a note where it begins like one, or runs on outside the name columns; one without
    any is empty, whatever is stated about all rows.
    """
    if width < 2:
        return "NULL"
    filled = f"list_filter(cells, lambda text: trim(text, {BLANKS}) <> '')"
    in_name = " OR ".join(f"{cell(name)} IS NOT NULL" for name in names) or "false"
    said = f"trim({filled}[1], {BLANKS})"
    return (
        f"CASE WHEN len({filled}) = 0 THEN 'empty' WHEN regexp_matches({said}, '{TOTAL_ROW}', 'i') THEN 'total' "
        f"WHEN len({filled}) = 1 AND (regexp_matches({said}, '{NOTE}', 'i') "
        f"OR (length({said}) >= {NOTE_AT_LENGTH} AND NOT ({in_name}))) THEN 'note' END"
    )


def cell(position: int) -> str:
    """SQL of the tidied text at a 1-based position of `cells`, empty as NULL.

    The apostrophe by which a number or a formula is marked as text is no part of it.
    """
    text = f"trim(cells[{position}], {BLANKS})"
    is_marked = f"starts_with({text}, chr(39)) AND regexp_matches({text}, '{MARKED_AS_TEXT}')"
    return f"nullif(CASE WHEN {is_marked} THEN substr({text}, 2) ELSE {text} END, '')"


def _text_of(column: Column) -> str:
    """SQL of a column's text; where a genus and an epithet make up the name, of all its parts."""
    if not column.parts:
        return cell(column.position)
    return f"nullif(concat_ws(' ', {', '.join(map(cell, column.parts))}), '')"


def _other_cells(columns: list[Column], stated: Mapping[str, str]) -> str:
    """The cells raw_survey has no column for, under their headers; beyond the last header under their position.

    With them what is stated about all rows, unless a column of that name says it of each.
    """
    values = {name: cell(position) for position, name in _names_of_cells(columns).items()}
    beside = {label: _quoted(value) for label, value in stated.items()
              if label not in TERMS and not LIKE_A_PLACE_BEYOND.match(label)}  # fmt: skip
    entries = [f"{{'key': {_quoted(name)}, 'value': {value}}}" for name, value in (beside | values).items()]
    width = len(columns)
    named = f"[{', '.join(entries)}]" if entries else "[]::STRUCT(key VARCHAR, value VARCHAR)[]"
    beyond = (
        f"list_transform(range({width + 1}, len(cells) + 1), "
        "lambda place: {'key': '#' || place, 'value': nullif(trim(cells[place]), '')})"
    )
    entries_kept = f"list_filter(list_concat({named}, {beyond}), lambda entry: entry.value IS NOT NULL)"
    if not entries:
        return f"CASE WHEN len(cells) > {width} THEN map_from_entries({entries_kept}) END AS otherCells"
    return f"nullif(map_from_entries({entries_kept}), MAP {{}}) AS otherCells"


def _names_of_cells(columns: list[Column]) -> dict[int, str]:
    """By position, the name under which the cells of each column without a place of its own are kept: all different."""
    kept = [column for column in columns if not column.is_read]
    times = Counter(column.header for column in kept)
    names: dict[int, str] = {}
    taken: set[str] = set()
    for column in kept:
        header = column.header or column.letter
        is_plain = bool(column.header) and times[header] == 1 and not LIKE_A_PLACE_BEYOND.match(header)
        sheet = f"{column.cellSheet} " if column.cellSheet else ""
        candidates = [header] if is_plain else []
        candidates += [f"{header} ({column.letter})", f"{header} ({sheet}{column.letter})"]
        candidates += [f"{header} {column.position}", f"#{column.position}"]
        names[column.position] = next(name for name in candidates if name not in taken)
        taken.add(names[column.position])
    return names


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
