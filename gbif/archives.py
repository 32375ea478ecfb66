"""Archives: a GBIF file taken apart safely, down to one plain data file and the sources to be cited.

Two shapes are known: SIMPLE_CSV (a tab-separated file, bare or in a zip) and the Darwin Core Archive (meta.xml says
where everything is). Loading the data file belongs to `loading`, the texts of citation to `citations`.
"""

from __future__ import annotations

import errno
import lzma
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring as checked_xml
from dwca.descriptors import ArchiveDescriptor

from gbif.citations import Citation, read_citations
from gbif.errors import GbifError
from store.errors import DiskFull

MAX_MEMBERS = 100_000
MAX_COLUMNS = 2_000
MAX_UNPACKED_IN_BYTES = 50 << 30
MAX_RATIO = 250
SMALL_IN_BYTES = 1 << 20  # below this no ratio is suspicious
MAX_DOCUMENT_IN_BYTES = 20 << 20
OCCURRENCE = "http://rs.tdwg.org/dwc/terms/Occurrence"
DATA_SUFFIXES = (".csv", ".tsv", ".txt")
NAME_COLUMNS = {"scientificname", "species", "taxonkey"}
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
BROKEN_TAR = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


@dataclass(frozen=True)
class GbifFile:
    """One data file on disk and how to read it; column names are lower case, '' where a column has none."""

    path: Path
    file_name: str
    columns: tuple[str, ...]
    delimiter: str
    quote: str
    header_lines: int
    encoding: str = "utf-8"
    defaults: dict[str, str] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()


@contextmanager
def open_gbif(path: Path, file_name: str) -> Iterator[GbifFile]:
    """Open a GBIF file; the data file exists only within the block. Raises GbifError, having changed nothing."""
    with tempfile.TemporaryDirectory(prefix="parkwatch-gbif-") as folder:
        if path.stat().st_size == 0:
            raise GbifError("error-empty", file=file_name)
        if zipfile.is_zipfile(path):
            found = _from_zip(path, file_name, Path(folder))
        elif file_name.lower().endswith((".tar.gz", ".tgz")):
            found = _from_tar(path, file_name, Path(folder))
        elif file_name.lower().endswith(".zip"):
            raise GbifError("error-not-a-zip", file=file_name, cause="no central directory")
        else:
            found = _from_csv(path, file_name)
        _require_columns(found)
        yield found


def _from_zip(path: Path, file_name: str, folder: Path) -> GbifFile:
    members: list[zipfile.ZipInfo] = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_unsafe(members, file_name)
            for member in members:
                target = folder / member.filename
                if member.is_dir() or member.filename.startswith("__MACOSX/"):
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source:
                    _unpack(source, target)
    except BROKEN_ZIP as cause:
        _tell_full_disk(cause, folder, sum(member.file_size for member in members))
        raise GbifError("error-not-a-zip", file=file_name, cause=cause) from cause
    return _from_folder(folder, file_name)


def _refuse_unsafe(members: list[zipfile.ZipInfo], file_name: str) -> None:
    def refuse(member: str, cause: str) -> GbifError:
        return GbifError("error-unsafe-archive", file=file_name, member=member, cause=cause)

    if len(members) > MAX_MEMBERS:
        raise refuse(f"{len(members)} members", f"more than {MAX_MEMBERS}")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_IN_BYTES:
        raise refuse("the whole", f"more than {MAX_UNPACKED_IN_BYTES >> 30} GB unpacked")
    if _is_bomb(unpacked, sum(member.compress_size for member in members)):
        raise refuse("the whole", f"it unpacks to more than {MAX_RATIO} times its size")
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.filename:
            raise refuse(member.filename, "its path leads out of the archive")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise refuse(member.filename, "it is a link")
        if member.flag_bits & 1:
            raise refuse(member.filename, "it is encrypted")
        if _is_bomb(member.file_size, member.compress_size):
            raise refuse(member.filename, f"it unpacks to more than {MAX_RATIO} times its size")


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > max(SMALL_IN_BYTES, MAX_RATIO * packed)


def _tell_full_disk(cause: BaseException, folder: Path, needed_in_bytes: int) -> None:
    """A full disk is no fault of the archive."""
    if getattr(cause, "errno", None) == errno.ENOSPC:
        free = shutil.disk_usage(folder).free >> 20
        raise DiskFull("error-disk-full", path=folder, needed=needed_in_bytes >> 20, free=free) from cause


def _from_tar(path: Path, file_name: str, folder: Path) -> GbifFile:
    unpacked = 0
    try:
        with tarfile.open(path) as archive:
            for number, member in enumerate(archive, start=1):
                unpacked += member.size
                _refuse_unsafe_member(member, number, unpacked, path, file_name)
                archive.extract(member, folder, filter="data")
    except tarfile.FilterError as cause:
        raise GbifError(
            "error-unsafe-archive", file=file_name, member=cause.tarinfo.name, cause=cause
        ) from cause
    except BROKEN_TAR as cause:
        _tell_full_disk(cause, folder, unpacked)
        raise GbifError("error-not-a-zip", file=file_name, cause=cause) from cause
    return _from_folder(folder, file_name)


def _refuse_unsafe_member(
    member: tarfile.TarInfo, number: int, unpacked: int, path: Path, file_name: str
) -> None:
    if number > MAX_MEMBERS:
        reason = f"more than {MAX_MEMBERS} members"
    elif unpacked > MAX_UNPACKED_IN_BYTES or _is_bomb(unpacked, path.stat().st_size):
        reason = f"it unpacks to more than {MAX_RATIO} times its size"
    elif not (member.isfile() or member.isdir()):
        reason = "it is a link"
    else:
        return
    raise GbifError("error-unsafe-archive", file=file_name, member=member.name, cause=reason)


def _unpack(source: IO[bytes], target: Path) -> None:
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


def _from_folder(folder: Path, file_name: str) -> GbifFile:
    """An unpacked archive: a Darwin Core Archive where there is a meta.xml, else the one text file."""
    meta = next(iter(sorted(folder.rglob("meta.xml"))), None)
    if meta is not None:
        return _from_meta(meta, file_name)
    texts = sorted(
        path for path in folder.rglob("*")
        if path.suffix.lower() in DATA_SUFFIXES and path.name not in ("citations.txt", "rights.txt")
    )  # fmt: skip
    names = [path.name for path in texts]
    if "occurrence.txt" in names:  # old GBIF downloads came without a meta.xml
        texts = [texts[names.index("occurrence.txt")]]
    if len(texts) != 1:
        raise GbifError("error-no-data-file", file=file_name, member="")
    return _from_csv(texts[0], file_name, read_citations(folder))


def _from_csv(path: Path, file_name: str, citations: tuple[Citation, ...] = ()) -> GbifFile:
    """SIMPLE_CSV: tab-separated and unquoted as GBIF gives it, or comma-separated with quotes."""
    with path.open("rb") as file:
        first = file.readline(1 << 20)
    try:
        header = first.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as cause:
        raise GbifError("error-row-encoding", file=file_name, line=1) from cause
    if not header.strip():
        raise GbifError("error-empty", file=file_name)
    delimiter = "\t" if "\t" in header else ";" if header.count(";") > header.count(",") else ","
    columns = tuple(cell.strip().strip('"').lower() for cell in header.split(delimiter))
    _refuse_too_many(len(columns), file_name)
    quote = '"' if delimiter != "\t" or header.startswith('"') else ""  # GBIF's own files quote nothing
    return GbifFile(path, file_name, columns, delimiter, quote, 1, citations=citations)


def _from_meta(meta: Path, file_name: str) -> GbifFile:
    if meta.stat().st_size > MAX_DOCUMENT_IN_BYTES:
        raise GbifError("error-meta", file=file_name, cause="larger than 20 MB")
    try:
        checked_xml(meta.read_bytes())
        core = ArchiveDescriptor(meta.read_text(encoding="utf-8-sig")).core
        location, fields, header_lines = core.file_location, core.fields, core.lines_to_ignore
        if header_lines < 0:
            raise ValueError(f"ignoreHeaderLines={header_lines}")
    except (
        DefusedXmlException,
        SyntaxError,
        ValueError,
        KeyError,
        AttributeError,
        TypeError,
        IndexError,
    ) as cause:
        raise GbifError("error-meta", file=file_name, cause=cause) from cause
    if core.type != OCCURRENCE:
        raise GbifError("error-core", file=file_name, found=core.type.rsplit("/", 1)[-1])
    data = (meta.parent / location).resolve()
    if not data.is_relative_to(meta.parent.resolve()) or not data.is_file():
        raise GbifError("error-no-data-file", file=file_name, member=location)
    highest = max([core.id_index or 0, *(entry["index"] or 0 for entry in fields)])
    _refuse_too_many(highest + 1, file_name)
    columns, defaults = _columns_of(fields, core.id_index, _width(data, core.fields_terminated_by))
    return GbifFile(
        path=data,
        file_name=file_name,
        columns=columns,
        delimiter=core.fields_terminated_by,
        quote=core.fields_enclosed_by or "",
        header_lines=header_lines,
        encoding=core.file_encoding,
        defaults=defaults,
        citations=read_citations(meta.parent),
    )


def _columns_of(
    fields: list[dict[str, object]], id_index: int | None, width: int
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Column names by position, and the values of terms that have no column or none in a row."""
    named: dict[int, str] = {}
    defaults: dict[str, str] = {}
    for entry in fields:
        term = str(entry["term"]).rsplit("/", 1)[-1].lower()
        if isinstance(entry["index"], int):
            named.setdefault(entry["index"], term)
        if entry["default"] is not None:
            defaults[term] = str(entry["default"])
    if id_index is not None and "gbifid" not in named.values():
        named[id_index] = "gbifid" if named.get(id_index) is None else named[id_index]
    return tuple(
        named.get(position, "") for position in range(max(width, *named, 0) if named else width)
    ), defaults


def _width(data: Path, delimiter: str) -> int:
    with data.open("rb") as file:
        return file.readline(1 << 20).decode("utf-8", errors="replace").count(delimiter) + 1


def _refuse_too_many(columns: int, file_name: str) -> None:
    """A column number in meta.xml costs its writer nothing, and us memory."""
    if columns > MAX_COLUMNS:
        raise GbifError("error-too-many-columns", file=file_name, line=1, found=columns, most=MAX_COLUMNS)


def _require_columns(found: GbifFile) -> None:
    known = set(found.columns) | set(found.defaults)
    if not known & {"gbifid", "occurrenceid"}:
        raise GbifError("error-columns", file=found.file_name, line=1, missing="gbifID")
    if not known & NAME_COLUMNS:
        raise GbifError("error-columns", file=found.file_name, line=1, missing="scientificName")
