"""Column profiles: which columns of a table of names hold what, as TOML that anyone can write.

A shipped profile lies in `profiles/`; one of one's own is given by its path. Reading the tables belongs to `tables`.

    title_zh, title_en, citation, license   what is known of the source that such tables come from
    [recognised]  columns = […]             a table with all of these is read by this profile
    [columns]     usageID = "name_code"     a field of NameUsage: a column, or several of which the first that is filled
    empty = ["NaN"]                         texts that stand for nothing
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from species.errors import NameSourceError

FIELDS = (
    "usageID", "acceptedID", "acceptedName", "scientificName", "authorship", "taxonRank", "taxonomicStatus", "kingdom",
    "phylum", "class", "order", "family", "genus", "vernacularNamesZh", "vernacularNamesEn", "genusZh", "familyZh",
    "distributionZh", "establishmentMeans", "degreeOfEstablishment", "countryCode",
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """How to read the columns of a table of names. `columns`: field to the columns it is taken from, in order."""

    id: str
    columns: Mapping[str, Sequence[str]]
    recognised: Sequence[str] = ()
    empty: Sequence[str] = ()
    title_zh: str = ""
    title_en: str = ""
    citation: str = ""
    license: str = ""

    def fits(self, columns: Sequence[str]) -> bool:
        return bool(self.recognised) and set(self.recognised) <= set(columns)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def shipped_profiles() -> list[Profile]:
    """The profiles that come with Parkwatch, the most demanding first."""
    folder = resources.files("species.sources") / "profiles"
    found = [
        _profile(item.name.removesuffix(".toml"), tomllib.loads(item.read_text(encoding="utf-8")))
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    ]
    return sorted(found, key=lambda profile: (-len(profile.recognised), profile.id))


def named_profile(name: str) -> Profile:
    """A shipped profile by its id, or one of one's own by its path; NameSourceError says what is wrong with it."""
    shipped = {profile.id: profile for profile in shipped_profiles()}
    if name in shipped:
        return shipped[name]
    path = Path(name)
    if not path.is_file():
        raise NameSourceError("error-names-profile-missing", name=name, known=", ".join(sorted(shipped)))
    try:
        return _profile(path.stem, tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, AttributeError, KeyError) as cause:
        raise NameSourceError(
            "error-names-profile-broken", name=name, cause=cause, fields=", ".join(FIELDS)
        ) from cause


def recognised_profile(columns: Sequence[str], file_name: str) -> Profile:
    """The shipped profile that fits these columns; NameSourceError where none does."""
    for profile in shipped_profiles():
        if profile.fits(columns):
            return profile
    raise NameSourceError(
        "error-names-columns", file=file_name, columns=", ".join(columns),
        known=", ".join(profile.id for profile in shipped_profiles()),
    )  # fmt: skip


def stored_profile(document: Mapping[str, Any]) -> Profile:
    """A profile as a manifest keeps it."""
    return Profile(**document)


def _profile(name: str, document: Mapping[str, Any]) -> Profile:
    columns = {
        key: [value] if isinstance(value, str) else [str(each) for each in value]
        for key, value in document["columns"].items()
    }
    unknown = set(columns) - set(FIELDS)
    if unknown or "scientificName" not in columns:
        raise KeyError(", ".join(sorted(unknown)) or "scientificName")
    return Profile(
        id=name,
        columns=columns,
        recognised=list(document.get("recognised", {}).get("columns", ())),
        empty=list(document.get("empty", ())),
        **{key: str(document.get(key, "")) for key in ("title_zh", "title_en", "citation", "license")},
    )
