"""Names: whether a record names a species, and one only."""

from __future__ import annotations

from typing import Any

from quality.record_tests.record_test import RecordTest


def _has_name(r: Any) -> Any:
    return r.verbatimScientificName.notnull() | r.verbatimVernacularName.notnull()


def _names(r: Any) -> Any:
    return r.verbatimScientificName.fill_null(r.verbatimVernacularName)


NAMES = (
    RecordTest(
        "VALIDATION_TAXON_NOTEMPTY", "error", "scientificName", lambda r, _: ~_has_name(r), _names,
        bdqLabel="VALIDATION_TAXON_NOTEMPTY", bdqGuid="06851339-843f-4a43-8422-4e61b9a00e75",
    ),
    RecordTest(
        "VALIDATION_SCIENTIFICNAME_FOUND", "error", "scientificName",
        lambda r, _: _has_name(r) & (r.matchType == "NONE"), _names, lambda r, _: r.matchedName,
        bdqLabel="VALIDATION_SCIENTIFICNAME_FOUND", bdqGuid="3f335517-f442-4b98-b149-1e87ff16de45",
    ),
    RecordTest(
        "VALIDATION_TAXON_UNAMBIGUOUS", "error", "scientificName", lambda r, _: r.matchType == "AMBIGUOUS",
        _names, lambda r, _: r.matchedName,
        bdqLabel="VALIDATION_TAXON_UNAMBIGUOUS", bdqGuid="4c09f127-737b-4686-82a0-7c8e30841590",
    ),
    RecordTest(
        "PARKWATCH_NAME_WAITS", "error", "scientificName", lambda r, _: r.waitsForPerson.fill_null(False), _names,
        lambda r, _: r.matchedName,
    ),
    RecordTest(
        "PARKWATCH_NAME_FUZZY", "warning", "scientificName",
        lambda r, _: (r.matchType == "FUZZY") & r.taxonID.notnull(), _names, lambda r, _: r.matchedName,
    ),
    RecordTest(
        "PARKWATCH_NAME_VARIANT", "info", "scientificName", lambda r, _: r.matchType == "VARIANT", _names,
        lambda r, _: r.matchedName,
    ),
    RecordTest(
        "PARKWATCH_NAME_HIGHERRANK", "info", "scientificName", lambda r, _: r.matchType == "HIGHERRANK", _names,
        lambda r, _: r.matchedName,
    ),
)  # fmt: skip
