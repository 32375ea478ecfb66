"""Protocols: whether a visit says what its protocol asks for, and whether what was measured on a plant is plausible.

What is missing and what is wrong with a visit as a whole is found in `surveys.protocols` and `monitoring.visits`; it is
told once, at the first row of the visit.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import Any

import ibis

from quality.record_tests.record_test import Context, RecordTest, column

LAYERS = ("tree", "shrub", "herb", "vine", "moss")
DEGREES = (
    "native", "captive", "cultivated", "released", "failing", "casual", "reproducing", "established", "colonising",
    "invasive", "widespreadInvasive", "wild",
)  # fmt: skip
HEIGHT, CROWN = "plantHeightInMeters", "crownWidthInMeters"
DIAMETER, GIRTH = "diameterAtBreastHeightInCentimeters", "girthAtBreastHeightInCentimeters"
# No plant in the world exceeds the largest of these; the trees of a Chinese city stay far below.
LARGEST = {HEIGHT: 80.0, DIAMETER: 500.0, GIRTH: 1600.0, CROWN: 60.0}
TERM_OF = {
    HEIGHT: "plantHeight", DIAMETER: "diameterAtBreastHeight", GIRTH: "girthAtBreastHeight", CROWN: "crownWidth",
}  # fmt: skip
ABOUT_PI = (pi * 0.9, pi * 1.1)
BOUND_OR_RANGE = r"[-~～—至到><≥≤]"


def _measured(name: str) -> Callable[[Any], Any]:
    return lambda r: r.measurements[name]


def _written(name: str) -> Callable[[Any], Any]:
    return lambda r: r.verbatimMeasurements[TERM_OF[name]]


def _required(suffix: str, *terms: str) -> RecordTest:
    """A cell that the protocol requires and the row leaves empty; of several terms, one is enough."""
    return RecordTest(
        f"PARKWATCH_PROTOCOL_{suffix}", "warning",
        lambda r, _: ibis.cases(*((r.missingTerms.contains(term), term) for term in terms)),
        lambda r, _: ibis.or_(*(r.missingTerms.contains(term) for term in terms)).fill_null(False),
        lambda _: ibis.null("string"),
    )  # fmt: skip


def _fault(name: str) -> Callable[[Any, Context], Any]:
    return lambda r, _: r.visitFaults.contains(name).fill_null(False)


def _at_fault(name: str) -> Callable[[Any], Any]:
    return lambda r: r.visitFaults[name]


def _visit_test(suffix: str, fault: str, term: str | None = None) -> RecordTest:
    """A fault of the visit; where no term is given, the fault names its own."""
    return RecordTest(
        f"PARKWATCH_VISIT_{suffix}",
        "warning",
        term or (lambda r, _: r.visitFaults[f"{fault}-term"]),
        _fault(fault),
        _at_fault(fault),
    )


def _readable(suffix: str, name: str) -> RecordTest:
    return RecordTest(
        f"PARKWATCH_{suffix}_READABLE", "warning", TERM_OF[name],
        lambda r, _: _written(name)(r).notnull() & _measured(name)(r).isnull()
        & ~_written(name)(r).re_search(BOUND_OR_RANGE),
        _written(name),
    )  # fmt: skip


def _plausible(suffix: str, name: str) -> RecordTest:
    return RecordTest(
        f"PARKWATCH_{suffix}_PROBABLE", "warning", TERM_OF[name],
        lambda r, _: (_measured(name)(r) <= 0) | (_measured(name)(r) > LARGEST[name]), _written(name),
    )  # fmt: skip


def _ratio(r: Any) -> Any:
    return r.measurements[GIRTH] / r.measurements[DIAMETER].nullif(0)


def _diameter_of_girth(r: Any, _: Context) -> Any:
    return (r.measurements[GIRTH] / pi).round(1).cast("string")


def _is_cover(r: Any) -> Any:
    return r.organismQuantityType == "percent cover"


COUNTED = (
    "individualCount",
    "organismQuantity",
    "occurrenceStatus",
    "diameterAtBreastHeight",
    "girthAtBreastHeight",
)
PROTOCOLS = (
    _required("EVENTID", "eventID"),
    _required("EVENTTIME", "eventTime"),
    _required("LAYER", "vegetationLayer"),
    _required("QUANTITY", *COUNTED),
    _visit_test("EFFORT_REPORTED", "effort-missing", "samplingEffort"),
    _visit_test("EFFORT_READABLE", "effort-unread"),
    _visit_test("CONSISTENT", "contradiction"),
    _visit_test("IN_ONE_PLACE", "spread", "decimalLongitude"),
    _visit_test("TIME_ORDER", "time-order", "endTime"),
    _visit_test("DEPLOYMENT_ORDER", "deployment-order", "deploymentEnd"),
    _visit_test("COMPLETENESS_READABLE", "completeness-unread", "isTaxonomicScopeFullyReported"),
    _visit_test("COMPLETENESS_SCOPE", "completeness-scope", "targetTaxonomicScope"),
    _visit_test("COMPLETENESS_CASUAL", "completeness-casual", "isTaxonomicScopeFullyReported"),
    RecordTest(
        "PARKWATCH_ABSENCE_WAS_SEARCHED_FOR", "warning", "individualCount",
        lambda r, _: (r.protocol == "casual") & (r.occurrenceStatus == "notDetected"),
        column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_LAYER_KNOWN", "warning", "vegetationLayer", lambda r, _: r.vegetationLayer.notin(LAYERS),
        column("vegetationLayer"),
    ),
    RecordTest(
        "PARKWATCH_DEGREEOFESTABLISHMENT_KNOWN", "warning", "degreeOfEstablishment",
        lambda r, _: (r.source == "survey") & r.degreeOfEstablishment.notin(DEGREES), column("degreeOfEstablishment"),
    ),
    RecordTest(
        "PARKWATCH_COVER_INRANGE", "warning", "organismQuantity",
        lambda r, _: _is_cover(r) & ~r.organismQuantity.try_cast("float64").between(0, 100),
        lambda r: r.verbatimOrganismQuantity.fill_null(r.organismQuantity),
    ),
    RecordTest(
        "PARKWATCH_GIRTH_CONSISTENT", "warning", "diameterAtBreastHeight",
        lambda r, _: ~_ratio(r).between(*ABOUT_PI), _written(DIAMETER), _diameter_of_girth,
    ),
    _readable("HEIGHT", HEIGHT), _readable("DIAMETER", DIAMETER), _readable("GIRTH", GIRTH),
    _readable("CROWN", CROWN), _plausible("HEIGHT", HEIGHT), _plausible("DIAMETER", DIAMETER),
    _plausible("GIRTH", GIRTH), _plausible("CROWN", CROWN),
)  # fmt: skip
