"""Archives: which tables a GBIF file holds, what their columns mean, and which sources it asks to cite.

Known are the shapes GBIF gives out: SIMPLE_CSV and SPECIES_LIST (one text file, bare or in a zip), Parquet (one file,
or many of one folder), and Darwin Core Archives, where meta.xml says everything. Unpacking belongs to `unpacking`,
reading rows to `tables`, the texts of citation to `citations`.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gbif.citations import Citation, read_citations
from gbif.descriptors import Section, read_descriptor
from gbif.errors import GbifError
from gbif.tables import GbifTable, as_utf8
from gbif.unpacking import unpack_tar, unpack_zip

MAX_COLUMNS = 2_000
DWC = "http://rs.tdwg.org/dwc/terms/"
OCCURRENCE, EVENT = DWC + "Occurrence", DWC + "Event"
MULTIMEDIA = ("http://rs.gbif.org/terms/1.0/Multimedia", "http://rs.tdwg.org/ac/terms/Multimedia")
NAME_COLUMNS = {"scientificname", "species", "taxonkey"}
# What may lie beside the one table of an archive without meta.xml. GBIF's first downloads were of this kind.
BESIDE_THE_TABLE = {"citations.txt", "rights.txt", "metadata.xml", "eml.xml", "_success"}
BESIDE_OCCURRENCES = {"verbatim.txt", "multimedia.txt"}
PARQUET = b"PAR1"


@dataclass(frozen=True)
class GbifFile:
    """A GBIF file opened: the table of its rows, and those whose cells are joined to them by their keys."""

    rows: GbifTable
    events: GbifTable | None = None  # of sampling-event archives; rows then have the key of their event
    verbatim: GbifTable | None = None
    media: GbifTable | None = None
    is_species_list: bool = False
    citations: tuple[Citation, ...] = ()

    @property
    def tables(self) -> list[GbifTable]:
        return [table for table in (self.rows, self.events, self.verbatim, self.media) if table is not None]


@contextmanager
def open_gbif(path: Path, file_name: str) -> Iterator[GbifFile]:
    """Open a GBIF file; the data files exist only within the block. Raises GbifError, having changed nothing."""
    with tempfile.TemporaryDirectory(prefix="parkwatch-gbif-") as temporary:
        folder = Path(temporary)
        if path.stat().st_size == 0:
            raise GbifError("error-empty", file=file_name)
        if zipfile.is_zipfile(path):
            unpack_zip(path, file_name, folder)
            found = _from_folder(folder, file_name)
        elif file_name.lower().endswith((".tar.gz", ".tgz")):
            unpack_tar(path, file_name, folder)
            found = _from_folder(folder, file_name)
        elif file_name.lower().endswith(".zip"):
            raise GbifError("error-not-a-zip", file=file_name, cause="no central directory")
        elif _is_parquet(path):
            found = GbifFile(_parquet_table([path], file_name))
        else:
            found = _from_csv(path, file_name)
        _require_columns(found)
        yield found


def _from_folder(folder: Path, file_name: str) -> GbifFile:
    """An unpacked archive: what meta.xml says where there is one, else its one table."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    metas = sorted((path for path in files if path.name == "meta.xml"), key=lambda path: len(path.parts))
    if metas:
        return _from_meta(metas[0], file_name)
    parquet = [path for path in files if _is_parquet(path)]
    if parquet:
        return GbifFile(_parquet_table(parquet, file_name), citations=read_citations(folder))
    tables = [path for path in files if path.name.lower() not in BESIDE_THE_TABLE and path.suffix != ".xml"]
    names = {path.name for path in tables}
    if "occurrence.txt" in names and names <= BESIDE_OCCURRENCES | {"occurrence.txt"}:
        tables = [path for path in tables if path.name == "occurrence.txt"]
    if not tables:
        raise GbifError("error-no-data-file", file=file_name, member="")
    if len(tables) > 1:
        raise GbifError("error-which-table", file=file_name, members=", ".join(sorted(names)[:5]))
    return _from_csv(tables[0], f"{file_name}/{tables[0].name}", read_citations(folder))


def _from_csv(path: Path, file_name: str, citations: tuple[Citation, ...] = ()) -> GbifFile:
    """SIMPLE_CSV: tab-separated and unquoted as GBIF gives it, or comma-separated with quotes."""
    with path.open("rb") as file:
        first = file.readline(1 << 20)
    try:
        header = first.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as cause:
        raise GbifError("error-row-encoding", file=file_name, line=1, encoding="UTF-8") from cause
    if not header.strip():
        raise GbifError("error-empty", file=file_name)
    delimiter = "\t" if "\t" in header else ";" if header.count(";") > header.count(",") else ","
    quote = '"' if delimiter != "\t" or header.startswith('"') else ""  # GBIF's own files quote nothing
    cells = _cells(header, delimiter, quote, file_name)
    _refuse_too_many(len(cells), file_name)
    terms: dict[str, int] = {}
    for position, cell in enumerate(cells):
        terms.setdefault(cell.strip().strip('"').lower(), position)
    table = GbifTable((path,), file_name, terms, len(cells), delimiter=delimiter, quote=quote)
    return GbifFile(table, is_species_list=_is_species_list(terms), citations=citations)


def _from_meta(meta: Path, file_name: str) -> GbifFile:
    core, extensions = read_descriptor(meta, file_name)
    citations = read_citations(meta.parent)

    def first(*kinds: str) -> GbifTable | None:
        found = next((section for section in extensions if section.rowType in kinds), None)
        return None if found is None else _table(meta.parent, found, file_name)

    if core.rowType == OCCURRENCE:
        rows = _table(meta.parent, core, file_name)
        return GbifFile(rows, verbatim=first(OCCURRENCE), media=first(*MULTIMEDIA), citations=citations)
    occurrences = first(OCCURRENCE)
    if core.rowType != EVENT or occurrences is None:
        raise GbifError("error-core", file=file_name, found=core.rowType.rsplit("/", 1)[-1])
    return GbifFile(occurrences, events=_table(meta.parent, core, file_name), citations=citations)


def _table(folder: Path, section: Section, file_name: str) -> GbifTable:
    """One table as meta.xml describes it."""
    path = _data_file(folder, section, file_name)
    terms: dict[str, int] = {}
    defaults: dict[str, str] = {}
    for entry in section.fields:
        term = entry.term.rsplit("/", 1)[-1].lower()
        if entry.index is not None:
            terms.setdefault(term, entry.index)
        if entry.default is not None:
            defaults[term] = entry.default
    if (
        section.key is not None
        and section.rowType == OCCURRENCE
        and not {"gbifid", "occurrenceid"} & set(terms)
    ):
        terms["occurrenceid"] = section.key
    highest = max([section.key or 0, *terms.values()])
    _refuse_too_many(highest + 1, file_name)
    name = f"{file_name}/{section.locations[0]}"
    encoding = as_utf8(path, section.encoding, section.lineBreak, name)
    return GbifTable(
        paths=(path,), file_name=name, terms=terms, width=max(_width(path, section, name), highest + 1),
        defaults=defaults, key=section.key, delimiter=section.delimiter, quote=section.quote,
        header_lines=section.headerLines, encoding=encoding,
    )  # fmt: skip


def _data_file(folder: Path, section: Section, file_name: str) -> Path:
    """The file of a table; several that make one up are put together, the header of the first kept."""
    paths = []
    for location in section.locations:
        path = (folder / location).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise GbifError("error-no-data-file", file=file_name, member=location)
        paths.append(path)
    if len(paths) == 1:
        return paths[0]
    whole = paths[0].with_name(paths[0].name + ".whole")
    with whole.open("wb") as target:
        for number, path in enumerate(paths):
            with path.open("rb") as source:
                for _ in range(section.headerLines if number else 0):
                    source.readline()
                shutil.copyfileobj(source, target, 1 << 20)
                if source.tell() and not _ends_line(path):
                    target.write(b"\n")
    return whole


def _ends_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) in b"\r\n"


def _width(path: Path, section: Section, file_name: str) -> int:
    """The number of cells of the first line, which may be more than meta.xml names."""
    encoding = "latin-1" if section.encoding.lower() in ("latin-1", "iso-8859-1") else "utf-8"
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        line = file.readline(1 << 20)
    return len(_cells(line, section.delimiter, section.quote, file_name))


def _cells(line: str, delimiter: str, quote: str, file_name: str) -> list[str]:
    if not quote or len(delimiter) > 1:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote), [""])
    except csv.Error as cause:
        raise GbifError("error-row", file=file_name, line=1, cause=cause) from cause


def _parquet_table(paths: list[Path], file_name: str) -> GbifTable:
    """Parquet files of one folder: the parts of one table."""
    try:
        with duckdb.connect(":memory:") as connection:
            described = connection.execute(
                "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet($files))",
                {"files": [str(path) for path in paths]},
            ).fetchall()
    except duckdb.Error as cause:
        raise GbifError("error-parquet", file=file_name, cause=str(cause).split("\n", 1)[0][:200]) from cause
    _refuse_too_many(len(described), file_name)
    terms: dict[str, int] = {}
    for position, (name,) in enumerate(described):
        terms.setdefault(name.lower().replace("_", ""), position)
    return GbifTable(tuple(paths), file_name, terms, len(described), header_lines=0, is_parquet=True)


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == PARQUET


def _is_species_list(terms: dict[str, int]) -> bool:
    return "numberofoccurrences" in terms and not {"gbifid", "occurrenceid"} & set(terms)


def _refuse_too_many(columns: int, file_name: str) -> None:
    """A column number in meta.xml costs its writer nothing, and us memory."""
    if columns > MAX_COLUMNS:
        raise GbifError("error-too-many-columns", file=file_name, line=1, found=columns, most=MAX_COLUMNS)


def pack_folder(folder: Path, target: Path) -> None:
    """Put a folder of files (a Parquet snapshot) into one file; the same files give the same bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix())
            with path.open("rb") as source, archive.open(member, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed, 1 << 20)


def _require_columns(found: GbifFile) -> None:
    known = {*found.rows.terms, *found.rows.defaults}
    if not known & {"gbifid", "occurrenceid"} and not found.is_species_list:
        raise GbifError("error-columns", file=found.rows.file_name, line=1, missing="gbifID")
    if not known & NAME_COLUMNS:
        raise GbifError("error-columns", file=found.rows.file_name, line=1, missing="scientificName")
