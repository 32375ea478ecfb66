"""Presence: whether a term, or any of several, is filled in at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from quality.bdq.registry_data import registry_rows
from quality.bdq.responses import (
    Asked,
    BdqFunction,
    Response,
    Terms,
    compliant_if,
    external_prerequisites_not_met,
    is_empty,
    issue_if,
    value_of,
)

ISSUES = ("ISSUE_DATAGENERALIZATIONS_NOTEMPTY", "ISSUE_ESTABLISHMENTMEANS_NOTEMPTY")
HIGH_SEAS = "XZ"
ANNOTATION_SYSTEMS = ("W3C Web Annotation", "https://www.w3.org/annotation/")


def not_empty(given: tuple[str, ...]) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        return compliant_if(
            any(not is_empty(terms.get(term)) for term in given), f"any of {', '.join(given)}"
        )

    return test


def issue_not_empty(term: str) -> BdqFunction:
    def test(terms: Terms, asked: Asked) -> Response:
        return issue_if(not is_empty(terms.get(term)), f"{term} is bdqval:NotEmpty or not")

    return test


def country_not_empty(terms: Terms, asked: Asked) -> Response:
    """A record from the high seas belongs to no country."""
    has_country = not is_empty(terms.get("dwc:country"))
    return compliant_if(
        has_country or value_of(terms, "dwc:countryCode") == HIGH_SEAS, "dwc:country, or the high seas"
    )


def annotation_not_empty(terms: Terms, asked: Asked) -> Response:
    """Which annotations a record has is told by whoever asks; TDWG has not said yet how they are to be found."""
    if not asked.reaches(ANNOTATION_SYSTEMS, "annotationSystem"):
        return external_prerequisites_not_met(f"not available: {asked.parameter('annotationSystem')}")
    return issue_if(
        not is_empty(asked.parameter("annotationAlertIf")), "annotations told by bdqval:annotationAlertIf"
    )


@cache
def tests() -> Mapping[str, BdqFunction]:
    """Of the tests that end in NOTEMPTY the registry says which terms they ask for."""
    found: dict[str, BdqFunction] = {}
    for row in registry_rows():
        if row["label"].endswith("_NOTEMPTY") and row["type"] == "Validation":
            found[row["label"]] = not_empty(tuple(row["actedUpon"].split()))
        elif row["label"] in ISSUES:
            found[row["label"]] = issue_not_empty(row["actedUpon"])
    return found | {
        "VALIDATION_COUNTRY_NOTEMPTY": country_not_empty,
        "ISSUE_ANNOTATION_NOTEMPTY": annotation_not_empty,
    }
