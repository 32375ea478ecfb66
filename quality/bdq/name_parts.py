"""Name parts: the words and identifiers of a scientific name, compared with each other.

Whether a taxon of that name exists belongs to `taxonomy`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from quality.bdq.responses import (
    EMPTY_CHARACTERS,
    Asked,
    BdqFunction,
    Response,
    Terms,
    compliant_if,
    internal_prerequisites_not_met,
    value_of,
)

EPITHET = re.compile(r"[^\W\d_A-Z][^\W\d_A-Z]+(?:-[^\W\d_A-Z]+)*")
RANK_MARKS = {
    "subsp",
    "ssp",
    "var",
    "v",
    "subvar",
    "f",
    "fo",
    "forma",
    "form",
    "subf",
    "nothosubsp",
    "nothovar",
    "cv",
    "ab",
    "morph",
}
OF_AUTHORS = {
    "ex", "et", "in", "and", "de", "da", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "la", "le",
    "van", "von", "zu", "auct", "non", "nec", "sensu", "emend", "fil", "bis", "apud", "al", "cf", "aff", "sp",
    "spp",
}  # fmt: skip
LSID = re.compile(r"urn:lsid:[A-Za-z0-9.-]+:[A-Za-z0-9._-]+:[^\s:]+(:[^\s:]+)?", re.IGNORECASE)
URN = re.compile(r"urn:(?!urn:|lsid:)[A-Za-z0-9][A-Za-z0-9-]{1,30}:[^\s]+", re.IGNORECASE)
URI = re.compile(
    r"(https?|ftp)://[^\s/?#]+/[^\s?#]*[^\s/?#].*|(https?|ftp)://[^\s/?#]+/[^\s]*[?#=][^\s]+", re.IGNORECASE
)
SCOPED = re.compile(r"(?!https?:|ftp:|urn:)[A-Za-z][A-Za-z0-9+._-]*:[^\s:/][^\s]*", re.IGNORECASE)


def polynomial_consistent(terms: Terms, asked: Asked) -> Response:
    name = value_of(terms, "dwc:scientificName")
    given = [
        value_of(terms, f"dwc:{part}") for part in ("genericName", "specificEpithet", "infraspecificEpithet")
    ]
    if not name or not any(given):
        return internal_prerequisites_not_met("dwc:scientificName or all of its parts are bdqval:Empty")
    matching = zip(given, _polynomial(name), strict=True)
    return compliant_if(
        all(not part or part == word for part, word in matching), "the parts against the name"
    )


def _polynomial(name: str) -> tuple[str, str, str]:
    """Genus, specific epithet and the last one below the species as they stand in a name, empty where they do not."""
    words = re.sub(r"\([^)]*\)|[×?]|(?<=\s)[xX](?=\s)", " ", name.strip(EMPTY_CHARACTERS)).split()
    genus = words[0] if words else ""
    epithets: list[str] = []
    follows_mark = False
    for word in words[1:]:
        bare = word.rstrip(".,")
        if bare.casefold() in RANK_MARKS and (
            word.endswith(".") or bare.casefold() in ("ssp", "subsp", "var", "forma")
        ):
            follows_mark = True
        elif EPITHET.fullmatch(word) and word not in OF_AUTHORS and (follows_mark or len(epithets) < 2):
            epithets = [*epithets[:1], word]
            follows_mark = False
    return genus, epithets[0] if epithets else "", epithets[1] if len(epithets) > 1 else ""


def name_id_complete(terms: Terms, asked: Asked) -> Response:
    value = value_of(terms, "dwc:scientificNameID")
    if not value:
        return internal_prerequisites_not_met("dwc:scientificNameID is bdqval:Empty")
    is_complete = any(form.fullmatch(value) for form in (LSID, URN, SCOPED, URI))
    return compliant_if(is_complete, "an LSID, URN, scope:value, or IRI with a path")


TESTS: Mapping[str, BdqFunction] = {
    "VALIDATION_POLYNOMIAL_CONSISTENT": polynomial_consistent,
    "VALIDATION_SCIENTIFICNAMEID_COMPLETE": name_id_complete,
}
