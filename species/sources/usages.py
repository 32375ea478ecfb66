"""Name usages: one name as one source uses it, the form that every kind of source is read into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class NameUsage:
    """One name in one source: accepted itself, or a synonym of another usage (by id) or name.

    `scientificName` may carry its authorship; `authorship` is given where the source keeps it apart.
    """

    usageID: str
    scientificName: str
    acceptedID: str | None = None
    acceptedName: str | None = None
    authorship: str | None = None
    taxonRank: str | None = None
    kingdom: str | None = None
    phylum: str | None = None
    classis: str | None = None
    order: str | None = None
    family: str | None = None
    genus: str | None = None
    vernacularNamesZh: tuple[str, ...] = ()
    vernacularNamesEn: tuple[str, ...] = ()
    genusZh: str | None = None
    familyZh: str | None = None

    @property
    def is_accepted(self) -> bool:
        return (self.acceptedID is None or self.acceptedID == self.usageID) and not self.acceptedName

    def completed_by(self, other: NameUsage) -> NameUsage:
        """This usage, with what it leaves open as another row of it says."""
        return NameUsage(
            **{name: getattr(self, name) or getattr(other, name) for name in NameUsage.__slots__}
        )


@dataclass(frozen=True, slots=True)
class SourceStatement:
    """What a source says of a usage at a place. `place` is a country or province code (CN, CN-SX) or * for unstated."""

    usageID: str
    question: str
    answer: str
    place: str = "*"
    verbatim: str | None = None


@dataclass(frozen=True)
class SourceContent:
    """Everything read from the files of one source, and what they say of themselves."""

    usages: Sequence[NameUsage]
    statements: Sequence[SourceStatement] = ()
    vernacularNames: dict[str, list[tuple[str, str]]] = field(
        default_factory=dict
    )  # usageID: (language, name)
    citation: str | None = None
    license: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class NameSource:
    """A source of names as it is listed and cited."""

    sourceID: str
    kind: str
    version: str
    titleZh: str
    titleEn: str
    citation: str
    license: str


def distinct_usages(usages: Iterable[NameUsage]) -> list[NameUsage]:
    """Rows of one usage as one, in whatever order; another name under the same id is a usage of its own."""
    by_name: dict[tuple[str, str], list[NameUsage]] = defaultdict(list)
    for usage in usages:
        by_name[usage.usageID, usage.scientificName].append(usage)
    found: dict[str, NameUsage] = {}
    for (usage_id, name), rows in sorted(by_name.items()):
        first, *others = sorted(rows, key=repr) if len(rows) > 1 else rows
        for other in others:
            first = first.completed_by(other)
        if usage_id in found:
            usage_id = f"{usage_id}~{name}"
            first = replace(first, usageID=usage_id)
        found[usage_id] = first
    return list(found.values())
