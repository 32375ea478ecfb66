"""Vocabularies: whether a value is a word of a controlled vocabulary, and which word it means.

The words are data (vocabularies.toml); countries belong to `countries`, datums to `datums`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz.distance import Levenshtein

from quality.bdq.responses import (
    EMPTY_CHARACTERS,
    Asked,
    BdqFunction,
    Response,
    Terms,
    amended,
    compliant_if,
    external_prerequisites_not_met,
    filled_in,
    internal_prerequisites_not_met,
    is_empty,
    not_amended,
    value_of,
)

SHORTEST_ABBREVIATION = 3
SHORTEST_WITH_A_SLIP = 4
WORDS = re.compile(r"[A-Z]?[^\W_A-Z]+|[A-Z]+(?![^\W_A-Z])|\d+")
LICENSE_LANGUAGES = (
    "id|eu|da|de|en|es|fr|fy|hr|it|lv|lt|mi|ni|no|pl|pt|ro|si|fi|sv|tr|cs|el|ru|uk|ar|jp|zh-hans|zh-hant|ko"
)
LICENSE = re.compile(
    r"https?://creativecommons\.org/(licenses/(by|by-sa|by-nc|by-nc-sa|by-nd|by-nc-nd)/4\.0|publicdomain/zero/1\.0)/"
    rf"((deed|legalcode)(\.({LICENSE_LANGUAGES}))?)?"
)
LICENSE_AUTHORITIES = (
    "Creative Commons 4.0 Licenses or CC0",
    "Creative Commons",
    "https://creativecommons.org/",
)
# CC0 has one version; of the others 4.0 must be said, since older ones are other licences.
LICENSE_WRITTEN = re.compile(
    r"(?:cc|creative ?commons|https? creativecommons org licenses)?(?P<zero>0| zero)(?: ?1 0)?|"
    r"(?:cc |creative ?commons |(?:https? )?(?:www )?creativecommons org licenses )?"
    r"(?P<kind>by(?: nc)?(?: sa| nd)?)(?: 4 0| v4 0| 4)(?: legalcode| deed)?(?: international)?(?: license)?|"
    r"(?:https? )?(?:www )?creativecommons org publicdomain (?P<url>zero)(?: 1 0)?(?: legalcode| deed)?"
)


@dataclass(frozen=True)
class Vocabulary:
    """A controlled vocabulary: its values, the labels of each, and by which names its authority may be asked for."""

    term: str
    source: str
    authorities: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    namespace: str = ""

    def meant_by(self, text: str) -> str | None:
        """The one value that a text means: by value, label, IRI, abbreviation or with one slip; None if not one."""
        if text in self.values:
            return text
        if self.namespace and text.startswith((self.namespace, self.namespace.replace("http:", "https:", 1))):
            text = text.rsplit("/", 1)[1]
        for meant in (self._named(text), self._abbreviated(text), self._with_a_slip(text)):
            if meant:
                return meant.pop() if len(meant) == 1 else None
        return None

    def _named(self, text: str) -> set[str]:
        bare = _key(text)
        exact = {value for value in self.values if bare and _key(value) == bare}
        by_symbol = {value for value, labels in self.values.items() if text in labels}
        labelled = {value for value, labels in self.values.items() if bare and bare in map(_key, labels)}
        return exact or by_symbol or labelled

    def _abbreviated(self, text: str) -> set[str]:
        """Each word may be cut short: human obs., capt., vag."""
        words = _words(text)
        if not words or any(len(word) < SHORTEST_ABBREVIATION for word in words):
            return set()
        return {
            value
            for value, labels in self.values.items()
            if any(
                len(full) == len(words)
                and all(long.startswith(short) for long, short in zip(full, words, strict=True))
                for full in map(_words, (value, *labels))
            )
        }

    def _with_a_slip(self, text: str) -> set[str]:
        bare = _key(text)
        if len(bare) < SHORTEST_WITH_A_SLIP:
            return set()
        return {
            value for value in self.values if Levenshtein.distance(bare, _key(value), score_cutoff=1) <= 1
        }


@cache
def vocabularies() -> Mapping[str, Vocabulary]:
    """By the term they are of, the vocabularies of vocabularies.toml."""
    text = resources.files("quality.bdq").joinpath("vocabularies.toml").read_text(encoding="utf-8")
    found = {}
    for entry in tomllib.loads(text).values():
        values = {value: tuple(labels) for value, labels in entry["values"].items()}
        found[entry["term"]] = Vocabulary(
            entry["term"], entry["source"], tuple(entry["authorities"]), values, entry.get("namespace", "")
        )
    return found


def standard(term: str) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        vocabulary = vocabularies()[term]
        if not asked.reaches(vocabulary.authorities):
            return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
        value = value_of(terms, term)
        if not value:
            return internal_prerequisites_not_met(f"{term} is bdqval:Empty")
        return compliant_if(value in vocabulary.values, f"{term} in: {vocabulary.source}")

    return test


def standardized(term: str) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        vocabulary = vocabularies()[term]
        if not asked.reaches(vocabulary.authorities):
            return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
        value = value_of(terms, term)
        if not value:
            return internal_prerequisites_not_met(f"{term} is bdqval:Empty")
        meant = vocabulary.meant_by(value.strip(EMPTY_CHARACTERS))
        return _amended_to(term, value, meant)

    return test


def type_status_standard(terms: Terms, asked: Asked) -> Response:
    return _type_status(terms, asked, amend=False)


def type_status_standardized(terms: Terms, asked: Asked) -> Response:
    return _type_status(terms, asked, amend=True)


def _type_status(terms: Terms, asked: Asked, *, amend: bool) -> Response:
    """Of dwc:typeStatus the first word of each part between | counts: holotype of Pinus abies | holotype of …"""
    vocabulary = vocabularies()["dwc:typeStatus"]
    if not asked.reaches(vocabulary.authorities):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, "dwc:typeStatus")
    if not value:
        return internal_prerequisites_not_met("dwc:typeStatus is bdqval:Empty")
    if not amend:
        is_padded = value != value.strip(EMPTY_CHARACTERS)
        firsts = [(part.split() or [""])[0] for part in value.split("|")]
        return compliant_if(
            not is_padded and all(first in vocabulary.values for first in firsts), vocabulary.source
        )
    meant = [_first_word_meant(vocabulary, part) for part in value.strip(EMPTY_CHARACTERS).split("|")]
    return _amended_to("dwc:typeStatus", value, None if None in meant else "|".join(filter(None, meant)))


def _first_word_meant(vocabulary: Vocabulary, part: str) -> str | None:
    whole = vocabulary.meant_by(part.strip())
    if whole:
        return part.replace(part.strip(), whole)
    first, _, rest = part.strip().partition(" ")
    meant = vocabulary.meant_by(first.rstrip(":;,"))
    return meant and part.replace(part.strip(), f"{meant} {rest}".strip())


def license_standard(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(LICENSE_AUTHORITIES):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, "dcterms:license")
    if not value:
        return internal_prerequisites_not_met("dcterms:license is bdqval:Empty")
    return compliant_if(bool(LICENSE.fullmatch(value)), "IRIs of Creative Commons 4.0 licences and CC0 1.0")


def license_standardized(terms: Terms, asked: Asked) -> Response:
    if not asked.reaches(LICENSE_AUTHORITIES):
        return external_prerequisites_not_met(f"not available: {asked.parameter('sourceAuthority')}")
    value = value_of(terms, "dcterms:license")
    if not value or LICENSE.fullmatch(value):
        return not_amended("dcterms:license is bdqval:Empty or a standard IRI already")
    text = value.strip(EMPTY_CHARACTERS)
    if LICENSE.fullmatch(text):
        return _amended_to("dcterms:license", value, text)
    written = LICENSE_WRITTEN.fullmatch(
        " ".join(re.findall(r"[a-z]+|\d+", text.casefold())).replace("cc 0", "cc0")
    )
    if written is None:
        return not_amended("dcterms:license is ambiguous or none of these licences")
    kind = written["kind"]
    path = f"licenses/{kind.replace(' ', '-')}/4.0" if kind else "publicdomain/zero/1.0"
    return _amended_to("dcterms:license", value, f"https://creativecommons.org/{path}/legalcode")


def occurrence_status_assumed(terms: Terms, asked: Asked) -> Response:
    if not is_empty(terms.get("dwc:occurrenceStatus")):
        return internal_prerequisites_not_met("dwc:occurrenceStatus is bdqval:NotEmpty")
    if not is_empty(terms.get("dwc:individualCount")) or not is_empty(terms.get("dwc:organismQuantity")):
        return not_amended("a count or quantity is given")
    return filled_in(
        {"dwc:occurrenceStatus": asked.parameter("defaultOccurrenceStatus")}, "the default value"
    )


def _amended_to(term: str, value: str, meant: str | None) -> Response:
    if meant is None or meant == value:
        return not_amended(f"{term} is standard already, or ambiguous")
    return amended({term: meant}, f"{term} means {meant}")


def _key(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORDS.findall(text)]


def _both(name: str, term: str) -> dict[str, BdqFunction]:
    return {
        f"VALIDATION_{name}_STANDARD": standard(term),
        f"AMENDMENT_{name}_STANDARDIZED": standardized(term),
    }


TESTS: Mapping[str, BdqFunction] = {
    **_both("DCTYPE", "dc:type"),
    **_both("BASISOFRECORD", "dwc:basisOfRecord"),
    **_both("OCCURRENCESTATUS", "dwc:occurrenceStatus"),
    **_both("ESTABLISHMENTMEANS", "dwc:establishmentMeans"),
    **_both("DEGREEOFESTABLISHMENT", "dwc:degreeOfEstablishment"),
    **_both("PATHWAY", "dwc:pathway"),
    **_both("SEX", "dwc:sex"),
    **_both("TAXONRANK", "dwc:taxonRank"),
    "VALIDATION_TYPESTATUS_STANDARD": type_status_standard,
    "AMENDMENT_TYPESTATUS_STANDARDIZED": type_status_standardized,
    "VALIDATION_LICENSE_STANDARD": license_standard,
    "AMENDMENT_LICENSE_STANDARDIZED": license_standardized,
    "AMENDMENT_OCCURRENCESTATUS_ASSUMEDDEFAULT": occurrence_status_assumed,
}
