"""Profiles: named mappings a person confirmed once, kept in the home, shared as files, recognised by the headers.

A profile is a TOML file; a mapping file given with --mapping is one too. It holds header names, never positions.
What a mapping does to the columns of a table belongs to `columns`.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from store.home import Home
from surveys.columns import TERMS, Mapping
from surveys.errors import UnreadableFile
from surveys.files.sheet import Sheet
from surveys.headers import meaning_of, normalised, tidy
from surveys.layout.cells import cells_of
from surveys.layout.tables import HEADER_WITHIN_ROWS
from surveys.protocols.recognition import asked_protocol
from surveys.terms import near_terms, terms
from surveys.values.reference_systems import datum_of

SUFFIX = ".toml"
LARGEST_IN_BYTES = 256 * 1024
MOST_ENTRIES = 500
LONGEST_TEXT = 500
NAME = re.compile(r"^[^\W_](?:[\w .()（）-]{0,58}[\w)）])?$")
RESERVED_BY_WINDOWS = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$", re.IGNORECASE)
TABLES = ("columns", "constants")
TEXTS = ("title", "createdBy", "createdAt", "protocol", "datum")


@dataclass(frozen=True)
class Profile:
    """What is known about all files of one kind: header to term, and what holds for every row of them."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    title: str = ""
    createdBy: str = ""
    createdAt: str = ""
    protocol: str = ""
    datum: str = ""

    @property
    def mapping(self) -> Mapping:
        constants = ({"verbatimSRS": self.datum} if self.datum else {}) | self.constants
        return Mapping(self.columns, constants, profile=self.name, protocol=self.protocol or None)

    def as_toml(self) -> str:
        heads = [f"{key} = {_quoted(getattr(self, key))}" for key in TEXTS if getattr(self, key)]
        for table in TABLES:
            entries = getattr(self, table)
            heads += [
                "",
                f"[{table}]",
                *(f"{_quoted(key)} = {_quoted(value)}" for key, value in entries.items()),
            ]
        return "\n".join(heads) + "\n"


def read_profile(path: Path, name: str | None = None) -> Profile:
    """Read a profile or mapping file; UnreadableFile names what is wrong in it."""
    document = _parsed(path)
    for key, value in document.items():
        if key not in (*TABLES, *TEXTS) or isinstance(value, dict) is not (key in TABLES):
            raise UnreadableFile("error-mapping-table", file=path.name, table=key[:LONGEST_TEXT])
    columns = {header: _checked_term(path, term) for header, term in _entries(path, document, "columns")}
    constants = {
        _checked_constant(path, term): _checked_text(path, term, value)
        for term, value in _entries(path, document, "constants")
    }
    _require_one_term_a_header(path, columns)
    texts = {key: _checked_text(path, key, document[key]) for key in TEXTS if key in document}
    if texts.get("datum") and datum_of(texts["datum"]) is None:
        raise UnreadableFile("error-profile-value", file=path.name, key="datum", value=texts["datum"])
    if texts.get("protocol"):
        texts["protocol"] = asked_protocol(texts["protocol"]).id
    return Profile(name or path.stem[:LONGEST_TEXT], columns, constants, **texts)


def write_profile(profile: Profile, path: Path) -> None:
    """Write a profile as a file of its own, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(profile.as_toml(), encoding="utf-8")
    unfinished.replace(path)


def save_profile(home: Home, profile: Profile) -> Path:
    """Keep a profile in the home under its name, in place of one of the same name."""
    path = _place(home, profile.name)
    if not profile.columns and not profile.constants:
        raise UnreadableFile("error-profile-empty", name=profile.name)
    home.profiles.mkdir(parents=True, exist_ok=True)
    write_profile(profile, path)
    return path


def find_profile(home: Home, name_or_path: str) -> Profile:
    """The saved profile of a name, or the one in a file somebody shared."""
    path = Path(name_or_path)
    if path.suffix == SUFFIX and path.is_file():
        return read_profile(path)
    saved = _place(home, name_or_path)
    if not saved.is_file():
        names = ", ".join(sorted(path.stem for path in _files(home))) or "—"
        raise UnreadableFile("error-profile-missing", name=name_or_path, known=names)
    return read_profile(saved)


def saved_profiles(home: Home) -> tuple[list[Profile], list[UnreadableFile]]:
    """The profiles of a home by name, and what is wrong with those that cannot be read."""
    profiles, refused = [], []
    for path in sorted(_files(home)):
        try:
            profiles.append(read_profile(path))
        except UnreadableFile as cause:
            refused.append(cause)
    return profiles, refused


def recognised(profiles: Collection[Profile], sheets: Iterable[Sheet]) -> Profile | None:
    """The one profile whose headers all stand in a file and explain something there that would otherwise be open."""
    if not profiles:
        return None
    headers = {
        normalised(cell)
        for sheet in sheets
        for index in range(min(HEADER_WITHIN_ROWS + 1, sheet.lines.num_rows))
        for cell in cells_of(sheet, index)
        if tidy(cell)
    }
    fitting = [
        profile
        for profile in profiles
        if profile.columns
        and all(normalised(header) in headers for header in profile.columns)
        and any(_is_open(header) for header in profile.columns)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_open(header: str) -> bool:
    """Whether a header is unknown without a profile, or the values would have to decide what it means."""
    meaning = meaning_of(header)
    return meaning is None or bool(meaning.decidedBy)


def _files(home: Home) -> list[Path]:
    return [
        path for path in home.profiles.glob(f"*{SUFFIX}") if path.is_file() and not path.name.startswith(".")
    ]


def _place(home: Home, name: str) -> Path:
    if not NAME.match(name) or RESERVED_BY_WINDOWS.match(name):
        raise UnreadableFile("error-profile-name", name=name[:LONGEST_TEXT])
    return home.profiles / f"{name}{SUFFIX}"


def _parsed(path: Path) -> dict[str, Any]:
    if path.stat().st_size > LARGEST_IN_BYTES:
        raise UnreadableFile("error-profile-too-large", file=path.name, most=LARGEST_IN_BYTES // 1024)
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (
        ValueError,
        RecursionError,
    ) as cause:  # not TOML, not UTF-8, a number or nesting beyond all bounds
        raise UnreadableFile(
            "error-mapping-syntax", file=path.name, cause=str(cause)[:LONGEST_TEXT]
        ) from cause


def _entries(path: Path, document: dict[str, Any], table: str) -> list[tuple[str, Any]]:
    entries = list(document.get(table, {}).items())
    if len(entries) > MOST_ENTRIES:
        raise UnreadableFile("error-profile-entries", file=path.name, found=len(entries), most=MOST_ENTRIES)
    for key, _ in entries:
        _checked_text(path, table, key)
    return entries


def _checked_text(path: Path, key: str, value: object) -> str:
    """A single value as text; tables, lists, texts of any length and control characters are none."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float | date | time):
        raise UnreadableFile(
            "error-profile-value", file=path.name, key=key[:LONGEST_TEXT], value=type(value).__name__
        )
    written = str(value)
    if len(written) > LONGEST_TEXT or any(ord(sign) < 32 and sign not in "\t\n\r" for sign in written):
        raise UnreadableFile(
            "error-profile-value", file=path.name, key=key[:LONGEST_TEXT], value=f"{written[:40]!r}…"
        )
    return written


def _checked_term(path: Path, term: object) -> str:
    if isinstance(term, str) and term in terms():
        return term
    told = str(term)[:60]
    raise UnreadableFile("error-mapping-term", file=path.name, term=told, known=_near(told))


def _checked_constant(path: Path, term: str) -> str:
    if term in TERMS:
        return term
    near = [known for known in near_terms(term[:60]) if known in TERMS]
    raise UnreadableFile("error-mapping-term", file=path.name, term=term[:60], known=", ".join(near or TERMS))


def _near(text: str) -> str:
    return ", ".join(near_terms(text)) or ", ".join(TERMS)


def _require_one_term_a_header(path: Path, columns: dict[str, str]) -> None:
    said: dict[str, str] = {}
    for header, term in columns.items():
        if said.setdefault(normalised(header), term) != term:
            raise UnreadableFile("error-profile-contradiction", file=path.name, header=header)


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for DEL, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
