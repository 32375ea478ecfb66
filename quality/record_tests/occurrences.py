"""Occurrences: what was counted, whether it was there at all, and what kind of evidence it is."""

from __future__ import annotations

from typing import Any

from quality.record_tests.record_test import Context, RecordTest, column

# Darwin Core's controlled values: https://dwc.tdwg.org/terms/#dwc:basisOfRecord
BASES_OF_RECORD = (
    "PreservedSpecimen", "FossilSpecimen", "LivingSpecimen", "MaterialSample", "HumanObservation",
    "MachineObservation", "Observation", "MaterialCitation", "Occurrence", "Event", "MaterialEntity",
)  # fmt: skip

# https://dwc.tdwg.org/em/, as of 2026-05-26
ESTABLISHMENT_MEANS = (
    "native", "nativeReintroduced", "nativeEndemic", "introduced", "introducedAssistedColonisation", "vagrant",
    "uncertain",
)  # fmt: skip
IN_WORDS = "abundance in words"  # as surveys keep 若干, a few


def _as_counted(r: Any, _: Context) -> Any:
    """individualCount where there is one, else the quantity with its unit."""
    return r.individualCount.cast("string").fill_null(
        r.organismQuantity + " (" + r.organismQuantityType + ")"
    )


OCCURRENCE = (
    RecordTest(
        "VALIDATION_OCCURRENCESTATUS_STANDARD", "error", "occurrenceStatus",
        lambda r, _: r.occurrenceStatus.notin(["detected", "notDetected"]), column("occurrenceStatus"),
        bdqLabel="VALIDATION_OCCURRENCESTATUS_STANDARD", bdqGuid="7af25f1e-a4e2-4ff4-b161-d1f25a5c3e47",
    ),
    RecordTest(
        "VALIDATION_ESTABLISHMENTMEANS_STANDARD", "warning", "establishmentMeans",
        lambda r, _: (r.source == "survey") & r.establishmentMeans.notin(ESTABLISHMENT_MEANS),
        column("establishmentMeans"),
        bdqLabel="VALIDATION_ESTABLISHMENTMEANS_STANDARD", bdqGuid="4eb48fdf-7299-4d63-9d08-246902e2857f",
    ),
    RecordTest(
        "VALIDATION_BASISOFRECORD_STANDARD", "warning", "basisOfRecord",
        lambda r, _: r.basisOfRecord.notin(BASES_OF_RECORD), column("basisOfRecord"),
        bdqLabel="VALIDATION_BASISOFRECORD_STANDARD", bdqGuid="42408a00-bf71-4892-a399-4325e2bc1fb8",
    ),
    RecordTest(
        "PARKWATCH_BASISOFRECORD_LIVING", "error", "basisOfRecord",
        lambda r, _: r.basisOfRecord == "FossilSpecimen", column("basisOfRecord"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_READABLE", "warning", "individualCount",
        lambda r, _: r.countNote == "unread",
        column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_INTERPRETED", "info", "individualCount",
        lambda r, _: (r.source == "survey") & r.verbatimIndividualCount.notnull()
        & r.verbatimOrganismQuantity.isnull() & r.organismQuantityType.notin(["verbatim", IN_WORDS]),
        column("verbatimIndividualCount"), _as_counted,
    ),
    RecordTest(
        "PARKWATCH_COUNT_INWORDS", "info", "individualCount",
        lambda r, _: (r.source == "survey") & r.verbatimIndividualCount.notnull()
        & r.verbatimOrganismQuantity.isnull() & (r.organismQuantityType == IN_WORDS),
        column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_QUANTITY_READABLE", "warning", "organismQuantity",
        lambda r, _: (r.organismQuantityType == "verbatim") & r.verbatimOrganismQuantity.notnull(),
        column("verbatimOrganismQuantity"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_NOTNEGATIVE", "error", "individualCount", lambda r, _: r.individualCount < 0,
        column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_COUNT_PROBABLE", "warning", "individualCount",
        lambda r, context: r.individualCount > context.thresholds.improbableCount,
        column("verbatimIndividualCount"),
    ),
    RecordTest(
        "PARKWATCH_STATUS_COUNT_CONSISTENT", "warning", "individualCount",
        lambda r, _: ((r.occurrenceStatus == "detected") & (r.individualCount == 0))
        | ((r.occurrenceStatus == "notDetected") & (r.individualCount > 0)),
        column("verbatimIndividualCount"),
    ),
    RecordTest(
        "ISSUE_DATAGENERALIZATIONS_NOTEMPTY", "info", "dataGeneralizations",
        lambda r, _: r.dataGeneralizations.notnull(), column("dataGeneralizations"),
        bdqLabel="ISSUE_DATAGENERALIZATIONS_NOTEMPTY", bdqGuid="13d5a10e-188e-40fd-a22c-dbaa87b91df2",
    ),
)  # fmt: skip
