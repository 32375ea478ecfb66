"""Unpacking: an archive's members into a folder of ours, and nothing that could do harm with them.

What the members are belongs to `archives`.
"""

from __future__ import annotations

import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from gbif.errors import GbifError
from store.disk import tell_full_disk

MAX_MEMBERS = 100_000
MAX_UNPACKED_IN_BYTES = 50 << 30
MAX_RATIO = 250
SMALL_IN_BYTES = 1 << 20  # below this no ratio is suspicious
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
BROKEN_TAR = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


def unpack_zip(path: Path, file_name: str, folder: Path) -> None:
    """Unpack a zip; raises GbifError where it is broken or not safe."""
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
        tell_full_disk(cause, folder, sum(member.file_size for member in members))
        raise GbifError("error-not-a-zip", file=file_name, cause=cause) from cause


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


def unpack_tar(path: Path, file_name: str, folder: Path) -> None:
    """Unpack a tar.gz; raises GbifError where it is broken or not safe."""
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
        tell_full_disk(cause, folder, unpacked)
        raise GbifError("error-not-a-zip", file=file_name, cause=cause) from cause


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
