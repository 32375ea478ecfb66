"""Intake: a file handed in is looked at whole, then archived; what cannot be used changes nothing.

What makes a file unusable is decided in `surveys` and `gbif`; loading happens in the assets.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from gbif.archives import PARQUET, pack_folder
from gbif.errors import GbifError
from gbif.loading import inspect_gbif
from store.archive import Receipt, find_receipt, hash_file, receipts, receive
from store.home import Home
from surveys.errors import UnreadableFile
from surveys.opening import open_survey
from surveys.profiles import saved_profiles
from surveys.replacement import find_replaced

TAR_SUFFIXES = (".tgz", ".gz")
GBIF_MEMBERS = ("meta.xml", "occurrence.txt")
GBIF_TABLES = (".csv", ".tsv", ".txt")
MEMBERS_LOOKED_AT = 200


def take_survey(
    home: Home,
    path: Path,
    *,
    received_from: str,
    origin: str,
    file_name: str | None = None,
    known_since: datetime | None = None,
    replaces: str | None = None,
    reading: Mapping[str, Any] | None = None,
) -> tuple[Receipt, bool]:
    """Archive a survey file that can be read; returns its receipt and whether it is new."""
    name = file_name or path.name
    survey = open_survey(path, name, reading, saved_profiles(home)[0])
    if survey.recognised:
        reading = survey.mapping.as_reading()
    if replaces is not None and find_receipt(home, replaces) is None:
        raise UnreadableFile("error-replaces-unknown", replaces=replaces)
    if replaces is None and (replaced := find_replaced(home, path, name, survey)):
        replaces = replaced.submissionId
    return receive(
        home, path, kind="survey", received_from=received_from, origin=origin, file_name=name,
        known_since=known_since, replaces=replaces, reading=reading,
    )  # fmt: skip


def take_gbif(
    home: Home,
    path: Path,
    *,
    received_from: str,
    origin: str,
    file_name: str | None = None,
    known_since: datetime | None = None,
    replaces: str | None = None,
    reading: Mapping[str, Any] | None = None,
) -> tuple[Receipt, bool]:
    """Archive a GBIF file (or folder of Parquet) that can be read; returns its receipt and whether it is new.

    It may replace an earlier snapshot of the same records; then it cannot have been known before that one.
    """
    if path.is_dir():
        with tempfile.TemporaryDirectory(prefix="parkwatch-folder-") as temporary:
            packed = Path(temporary) / f"{path.resolve().name}.zip"
            pack_folder(path, packed)
            return take_gbif(
                home, packed, received_from=received_from, origin=origin, file_name=file_name,
                known_since=known_since, replaces=replaces, reading=reading,
            )  # fmt: skip
    name = file_name or path.name
    former = find_receipt(home, replaces) if replaces else None
    if replaces and former is None:
        raise GbifError("error-replaces-unknown", replaces=replaces)
    later = [entry for entry in receipts(home, "gbif") if former and entry.replaces == replaces]
    if later and later[0].sha256 != hash_file(path):
        raise GbifError("error-replaced-already", replaces=replaces, by=later[0].submissionId)
    rows = inspect_gbif(path, name)
    if former and known_since and known_since < former.known_since:
        known_since = former.known_since
    announced = (reading or {}).get("announced", rows)
    if rows != announced:
        raise GbifError("error-api-incomplete", expected=announced, found=rows)
    return receive(
        home, path, kind="gbif", received_from=received_from, origin=origin, file_name=name,
        known_since=known_since, replaces=replaces, reading=reading,
    )  # fmt: skip


def looks_like_gbif(path: Path) -> bool:
    """Whether a file in the inbox is GBIF's: a table that begins with gbifID, or an archive of such or with meta.xml.

    A broken zip counts as GBIF's, and is refused there with its reason.
    """
    if path.suffix.lower() in TAR_SUFFIXES:
        return True
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return path.suffix.lower() in (".zip", ".parquet") or _begins_with_gbif_id(file)
    try:
        with zipfile.ZipFile(path) as archive:
            return any(_is_gbif_member(archive, member) for member in archive.infolist()[:MEMBERS_LOOKED_AT])
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError):
        return True


def _is_gbif_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if PurePosixPath(member.filename).name in GBIF_MEMBERS:
        return True
    if member.is_dir():
        return False
    with archive.open(member) as file:
        if member.filename.lower().endswith(GBIF_TABLES):
            return _begins_with_gbif_id(file)
        return file.read(len(PARQUET)) == PARQUET


def _begins_with_gbif_id(file: IO[bytes]) -> bool:
    return file.read(64).lstrip(b'\xef\xbb\xbf"').lower().startswith(b"gbifid")
