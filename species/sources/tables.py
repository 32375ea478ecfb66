"""Tables of names: CSV, TSV, Parquet and XLSX read by a column profile, set-wise.

Which column is what is said in `profiles`; archives are read in `darwin_core` and `coldp`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from species.errors import NameSourceError
from species.sources.distribution_zh import statements_of
from species.sources.packages import Package
from species.sources.profiles import Profile
from species.sources.usages import NameUsage, SourceContent, SourceStatement, distinct_usages
from species.written.chinese_names import split_names
from store.warehouse import CONFIG

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", "\t", ";", "|")
LONGEST_CELL = 10_000
MOST_ROWS = 5_000_000
PARQUET_MAGIC, ZIP_MAGIC = b"PAR1", b"PK\x03\x04"
SYNONYM = ("synonym", "heterotypic", "homotypic", "ambiguous", "misapplied", "异名")
PLAIN = (
    "usageID", "acceptedID", "acceptedName", "scientificName", "authorship", "taxonRank", "kingdom", "phylum", "class",
    "order", "family", "genus", "genusZh", "familyZh",
)  # fmt: skip
ATTRIBUTE = {"class": "classis"}


def read_table(path: Path, file_name: str) -> pa.Table:
    """The table in a file, every cell a text; NameSourceError where it is none that can be read."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic == PARQUET_MAGIC:
            table = _read_parquet(path, file_name)
        elif magic == ZIP_MAGIC:
            table = _read_workbook(path, file_name)
        else:
            table = _read_text(path, file_name)
    except NameSourceError:
        raise
    except Exception as cause:  # whatever a reader says of a damaged file
        raise NameSourceError("error-names-unreadable", file=file_name, cause=cause) from cause
    return table


def _read_parquet(path: Path, file_name: str) -> pa.Table:
    rows = pyarrow.parquet.read_metadata(path).num_rows
    if rows > MOST_ROWS:
        raise NameSourceError("error-names-rows", file=file_name, found=rows, most=MOST_ROWS)
    return pyarrow.parquet.read_table(path)


def _read_text(path: Path, file_name: str) -> pa.Table:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NameSourceError("error-names-encoding", file=file_name)
    if "\0" in text:
        raise NameSourceError("error-names-unreadable", file=file_name, cause="NUL")
    header = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    columns = [name.strip().strip('"') for name in header.strip("\r\n").split(delimiter)]
    return pyarrow.csv.read_csv(
        pa.BufferReader(text.encode()),
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    )


def _read_workbook(path: Path, file_name: str) -> pa.Table:
    from python_calamine import CalamineWorkbook

    package = Package(path, file_name)
    for name in package.names:  # what it expands to is known before it is parsed
        package.read(name)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=True)
    header, *body = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return pa.table({name: [row[place] for row in body] for place, name in enumerate(header) if name})


def read_usages(tables: Iterable[tuple[pa.Table, Profile]]) -> SourceContent:
    """The usages of several tables of one source together; one that stands in two of them counts once."""
    usages: list[NameUsage] = []
    statements: list[SourceStatement] = []
    for number, (table, profile) in enumerate(tables, start=1):
        for row in _rows(table, profile, number):
            usage = _usage(row)
            usages.append(usage)
            statements += _statements(usage.usageID, row)
    return SourceContent(distinct_usages(usages), list(dict.fromkeys(statements)))


def _rows(table: pa.Table, profile: Profile, number: int) -> Iterable[Mapping[str, str | None]]:
    """The rows that name something, by field; a row without an id is known by its place."""
    present = {
        field: [column for column in columns if column in table.column_names]
        for field, columns in profile.columns.items()
    }
    empty = ", ".join(f"'{text.replace(chr(39), chr(39) * 2)}'" for text in ("", *profile.empty))
    chosen = ", ".join(
        f'coalesce({", ".join(_cell(column, empty) for column in columns)}) AS "{field}"'
        for field, columns in present.items()
        if columns
    )
    with duckdb.connect(":memory:", config=CONFIG) as connection:
        connection.register("source", table)
        result = connection.execute(
            f"SELECT {chosen} FROM source" if present.get("usageID")
            else f"SELECT '{number}-' || row_number() OVER () AS \"usageID\", {chosen} FROM source"
        )  # fmt: skip
        fields = [column[0] for column in result.description]
        while rows := result.fetchmany(50_000):
            for row in rows:
                found = dict(zip(fields, row, strict=True))
                if found.get("scientificName") and found.get("usageID"):
                    yield found


def _cell(column: str, empty: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    text = f"left(trim({quoted}::VARCHAR), {LONGEST_CELL})"
    return f"CASE WHEN {text} NOT IN ({empty}) THEN {text} END"


def _usage(row: Mapping[str, str | None]) -> NameUsage:
    plain = {ATTRIBUTE.get(field, field): row.get(field) for field in PLAIN}
    if not row.get("acceptedID") and not row.get("acceptedName") and _is_synonym(row.get("taxonomicStatus")):
        plain["acceptedName"] = "?"  # a synonym of nothing that is told: it leads nowhere
    if rank := row.get("taxonRank"):
        plain["taxonRank"] = rank.lower()
    return NameUsage(
        **plain,  # type: ignore[arg-type]
        vernacularNamesZh=tuple(split_names(row.get("vernacularNamesZh"))),
        vernacularNamesEn=tuple(split_names(row.get("vernacularNamesEn"))),
    )


def _is_synonym(status: str | None) -> bool:
    return any(word in (status or "").lower() for word in SYNONYM)


def _statements(usage_id: str, row: Mapping[str, str | None]) -> Sequence[SourceStatement]:
    place = row.get("countryCode") or "*"
    said = [
        SourceStatement(usage_id, question, answer, place)
        for question in ("establishmentMeans", "degreeOfEstablishment")
        if (answer := row.get(question))
    ]
    if text := row.get("distributionZh"):
        said += statements_of(usage_id, text)
    return said
