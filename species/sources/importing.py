"""Importing: files of names taken into the archive, version by version, and read from there again.

    archive/names/griis-china/20261125T090000.000000Z-1a2b3c4d.json   one manifest a version; the bytes lie in content/

A manifest holds everything needed to read the files again as they were read then, the column profile among it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from species.errors import NameSourceError
from species.sources.coldp import is_coldp, read_coldp
from species.sources.darwin_core import read_darwin_core
from species.sources.packages import Package
from species.sources.profiles import Profile, named_profile, recognised_profile, stored_profile
from species.sources.tables import ZIP_MAGIC, read_table, read_usages
from species.sources.usages import NameSource, SourceContent, distinct_usages
from store.archive import content_path, hash_file, receive, write_once
from store.home import Home

KIND = "names"
SOURCE_ID = re.compile(r"^[a-z0-9][a-z0-9-]{1,40}$")
UNSTATED = "not stated"


@dataclass(frozen=True)
class StoredFile:
    """One file of a version. A table has the profile it is read by."""

    sha256: str
    fileName: str
    profile: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class StoredSource:
    """One version of a source in the archive. `stamp` changes with bytes, profile and what is said of the source."""

    source: NameSource
    files: Sequence[StoredFile]
    importedAt: str
    usages: int

    @property
    def stamp(self) -> str:
        document = [asdict(self.source), [asdict(file) for file in self.files]]
        return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def import_names(
    home: Home,
    files: Sequence[Path],
    source_id: str,
    *,
    taken_ids: Sequence[str] = (),
    profile: str | None = None,
    **said: str | None,
) -> tuple[StoredSource, bool]:
    """Take files of names in as a new version of a source; returns it and whether it is new.

    `said`: title_zh, title_en, version, citation, license where the giver states them; what the files say of
    themselves counts otherwise. Nothing is kept where any file cannot be read.
    """
    if not SOURCE_ID.match(source_id) or source_id in taken_ids:
        raise NameSourceError("error-names-source-id", source=source_id)
    contents = [_read(path, path.name, named_profile(profile) if profile else None) for path in files]
    usages = sum(len(content.usages) for content, _ in contents)
    if not usages:
        raise NameSourceError("error-names-empty", file=", ".join(path.name for path in files))
    stored = [
        StoredFile(hash_file(path), path.name, used.as_dict() if used else None)
        for path, (_, used) in zip(files, contents, strict=True)
    ]
    now = datetime.now(UTC)
    new = StoredSource(_describe(source_id, contents, said, now), stored, now.isoformat(), usages)
    before = versions_of(home, source_id)
    if before and _same(before[-1], new, said.get("version")):
        return before[-1], False
    for path in files:
        receive(home, path, kind=KIND, received_from="", origin="names import")
    document = json.dumps(asdict(new), ensure_ascii=False, indent=1).encode()
    write_once(_folder(home, source_id) / f"{now:%Y%m%dT%H%M%S.%fZ}-{new.stamp[:8]}.json", document)
    return new, True


def versions_of(home: Home, source_id: str) -> list[StoredSource]:
    """All versions of a source, oldest first."""
    return [_stored(path) for path in sorted(_folder(home, source_id).glob("*.json"))]


def stored_sources(home: Home, versions: Mapping[str, str] | None = None) -> list[StoredSource]:
    """The newest version of each source, or the one asked for, in order of first import."""
    folder = home.archive / "names"
    sources = [versions_of(home, each.name) for each in folder.iterdir()] if folder.is_dir() else []
    sources = sorted((each for each in sources if each), key=lambda each: each[0].importedAt)
    return [_chosen(each, (versions or {}).get(each[0].source.sourceID)) for each in sources]


def read_stored(home: Home, stored: StoredSource) -> SourceContent:
    """Everything in the files of a stored version."""
    contents = [
        _read(
            content_path(home, file.sha256),
            file.fileName,
            stored_profile(file.profile) if file.profile else None,
        )
        for file in stored.files
    ]
    return _merged(contents)


def _chosen(versions: Sequence[StoredSource], version: str | None) -> StoredSource:
    if version is None:
        return versions[-1]
    for each in reversed(versions):
        if version in (each.source.version, each.stamp[:8]):
            return each
    known = ", ".join(each.source.version for each in versions)
    source = versions[0].source.sourceID
    raise NameSourceError("error-names-version", source=source, version=version, known=known)


def _folder(home: Home, source_id: str) -> Path:
    return home.archive / "names" / source_id


def _stored(path: Path) -> StoredSource:
    document = json.loads(path.read_text(encoding="utf-8"))
    files = [StoredFile(**file) for file in document.pop("files")]
    return StoredSource(source=NameSource(**document.pop("source")), files=files, **document)


def _same(before: StoredSource, new: StoredSource, version: str | None) -> bool:
    """Whether this is the same once more; a version that nobody states is the day, and no difference."""
    same_files = list(before.files) == list(new.files)
    described = {**asdict(new.source), "version": version or before.source.version}
    return same_files and described == asdict(before.source)


def _read(path: Path, file_name: str, profile: Profile | None) -> tuple[SourceContent, Profile | None]:
    """The content of one file, and the profile a table was read by."""
    with path.open("rb") as file:
        is_zip = file.read(4) == ZIP_MAGIC
    if is_zip:
        package = Package(path, file_name)
        if package.find("meta.xml"):
            return read_darwin_core(path, file_name), None
        if is_coldp(package.names):
            return read_coldp(path, file_name), None
        if not package.find("workbook.xml"):
            raise package.broken("neither Darwin Core (meta.xml) nor ColDP (NameUsage) nor XLSX")
    table = read_table(path, file_name)
    chosen = profile or recognised_profile(table.column_names, file_name)
    return read_usages([(table, chosen)]), chosen


def _merged(contents: Sequence[tuple[SourceContent, Profile | None]]) -> SourceContent:
    """Several files of one source as one; a usage that stands in two of them counts once."""
    if len(contents) == 1:
        return contents[0][0]
    usages = distinct_usages(usage for content, _ in contents for usage in content.usages)
    vernacular: dict[str, list[tuple[str, str]]] = {}
    for content, _ in contents:
        for usage_id, names in content.vernacularNames.items():
            vernacular.setdefault(usage_id, []).extend(names)
    return SourceContent(usages, [said for content, _ in contents for said in content.statements], vernacular)


def _describe(
    source_id: str,
    contents: Sequence[tuple[SourceContent, Profile | None]],
    said: Mapping[str, str | None],
    now: datetime,
) -> NameSource:
    """What is known of a source: as the giver says, as its files say, as the profile of such tables says."""
    content = next((each for each, _ in contents if each.title or each.citation), contents[0][0])
    profile = next((each for _, each in contents if each), None)
    title = content.title
    return NameSource(
        sourceID=source_id,
        kind="checklist",
        version=said.get("version") or f"{now:%Y-%m-%d}",
        titleZh=said.get("title_zh") or title or (profile.title_zh if profile else "") or source_id,
        titleEn=said.get("title_en") or title or (profile.title_en if profile else "") or source_id,
        citation=said.get("citation")
        or content.citation
        or (profile.citation if profile else "")
        or UNSTATED,
        license=said.get("license") or content.license or (profile.license if profile else "") or UNSTATED,
    )
