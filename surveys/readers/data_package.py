"""Data package: what a `datapackage.json` says of the files beside it. Nothing it points to is fetched or opened.

Reading the tables themselves belongs to the reader of their kind.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from surveys.errors import UnreadableFile
from surveys.files.sheet import Sheet

LONGEST_SHOWN = 120
# The tables a Camtrap DP cannot be read without.
REQUIRED = ("deployments", "observations")


@dataclass(frozen=True)
class DataPackage:
    """What a package says of itself: its id, title and licence for data, and by table name the paths of its files."""

    id: str
    title: str
    license: str
    paths: dict[str, tuple[str, ...]]

    def require_members(self, names: Collection[str], file_name: str) -> None:
        """Refuse a package whose observations or deployments are not among the files that were handed in."""
        for table in REQUIRED:
            for path in self.paths.get(table, ()):
                _refuse_elsewhere(path, file_name)
                if not any(_is_same(path, name) for name in names):
                    raise UnreadableFile("error-package-member", file=file_name, member=path[:LONGEST_SHOWN])


def is_descriptor(sheet: Sheet) -> bool:
    """Whether the sheet is the text of a JSON document rather than a table."""
    return any(text.strip() for text in sheet.lines["text"].slice(0, 1).to_pylist()) and (
        sheet.lines["text"][0].as_py().lstrip().startswith("{")
    )


def read_package(sheet: Sheet, file_name: str) -> DataPackage | None:
    """The package a JSON document describes, None where it describes none; UnreadableFile where it is no JSON."""
    try:
        document = json.loads("\n".join(sheet.lines["text"].to_pylist()))
    except (ValueError, RecursionError) as cause:
        raise UnreadableFile(
            "error-package-broken", file=file_name, member=sheet.name or file_name
        ) from cause
    resources = document.get("resources") if isinstance(document, dict) else None
    if not isinstance(resources, list):
        return None
    return DataPackage(
        id=_text(document.get("id")) or _text(document.get("name")),
        title=_text(document.get("title")),
        license=_license(document.get("licenses")),
        paths={
            _text(resource.get("name")): _paths(resource.get("path"))
            for resource in resources
            if isinstance(resource, dict)
        },
    )


def _license(licenses: Any) -> str:
    """The licence for the data; that for the pictures is another one."""
    for entry in licenses if isinstance(licenses, list) else []:
        if isinstance(entry, dict) and entry.get("scope") in (None, "data"):
            return _text(entry.get("name")) or _text(entry.get("path"))
    return ""


def _paths(path: Any) -> tuple[str, ...]:
    several = path if isinstance(path, list) else [path]
    return tuple(_text(each) for each in several if _text(each))


def _text(value: Any) -> str:
    return value.strip()[:500] if isinstance(value, str) else ""


def _refuse_elsewhere(path: str, file_name: str) -> None:
    """A path that leads out of the package, or to the network, is followed nowhere."""
    parts = PurePosixPath(path.replace("\\", "/"))
    if "://" in path or parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
        raise UnreadableFile("error-package-elsewhere", file=file_name, member=path[:LONGEST_SHOWN])


def _is_same(path: str, member: str) -> bool:
    """Whether a member of the zip is the file meant: the package may lie in a folder of it."""
    wanted, found = PurePosixPath(path.replace("\\", "/")), PurePosixPath(member.replace("\\", "/"))
    return found.parts[-len(wanted.parts) :] == wanted.parts
