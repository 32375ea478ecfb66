"""Scientific names: the canonical form of a name as written, without authorship.

A small reader for what surveys and GBIF write most: binomials, infraspecific ranks, hybrids, open
nomenclature. Which taxon a name means belongs to `matching`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

RANK_MARKERS = {
    "subsp.": "subspecies",
    "ssp.": "subspecies",
    "var.": "variety",
    "f.": "form",
    "forma": "form",
}
OPEN_NOMENCLATURE = {"sp.", "sp", "spp.", "spp", "cf.", "aff.", "indet.", "indet"}
AUTHOR_PARTICLES = {
    "ex",
    "et",
    "in",
    "de",
    "von",
    "van",
    "auct",
    "auct.",
    "non",
    "sensu",
    "and",
    "f",
    "fil.",
    "bis",
}
GENUS = re.compile(r"^[A-Z][a-zà-ÿ]+(?:-[a-z]+)?$")
EPITHET = re.compile(r"^[a-zà-ÿ][a-zà-ÿ-]{2,}$")


@dataclass(frozen=True)
class ScientificName:
    """A name taken apart: canonical form, the binomial it belongs to, its rank; `isOpen` for sp., cf., aff."""

    canonicalName: str
    binomial: str | None
    rank: str
    isOpen: bool = False

    @property
    def genus(self) -> str:
        return self.canonicalName.split()[0]


def read_scientific_name(text: str) -> ScientificName | None:
    """Take a scientific name apart; None where the text does not begin like one."""
    words = unicodedata.normalize("NFKC", text).replace("×", " × ").replace("_", " ").split()
    words = [word for word in words if word not in ("×", "x", "X")]
    if not words:
        return None
    genus = words[0].capitalize() if words[0].isupper() else words[0]
    if not GENUS.match(genus):
        return None
    parts, rank, is_open = [genus], "genus", False
    marker = ""
    for word in words[1:]:
        if word.lower() in OPEN_NOMENCLATURE:
            is_open = True
            break
        if word in RANK_MARKERS and len(parts) >= 2:
            marker = word
            continue
        if word.lower().rstrip(".") in AUTHOR_PARTICLES or not EPITHET.match(word):
            if len(parts) == 1:
                break
            continue  # authorship between the species epithet and an infraspecific rank
        if len(parts) == 1:
            parts.append(word)
            rank = "species"
        elif marker or (len(parts) == 2 and word == words[2]):
            parts += [marker, word] if marker and marker != "subsp." and marker != "ssp." else [word]
            rank = RANK_MARKERS.get(marker, "subspecies")
            break
    binomial = " ".join(parts[:2]) if len(parts) >= 2 else None
    return ScientificName(" ".join(part for part in parts if part), binomial, rank, is_open)


def name_key(text: str) -> str:
    """The form in which names are compared: the canonical scientific name or the words as written, as loose key."""
    name = read_scientific_name(text)
    if name is not None and not name.isOpen:
        return loose_key(name.canonicalName)
    return loose_key(text)


def loose_key(text: str) -> str:
    """The form in which Chinese names and codes are compared: NFKC, no blanks, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()
